"""The demo shop 橙心小店: its goods, its people and its pictures, as data and drawings.

Everything here is invented for demonstration. `catalogue` and `people` read package
data; `art.gallery` draws. Opening the shop with the product's own deeds is done elsewhere.
"""
