"""The desk of finance: what people see of bills, differences and quarantined money, and what they
do about them. What moves money needs two persons where the shop has two who may do it.
"""
