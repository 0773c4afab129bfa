"""Carts: what a buyer means to buy, kept until an order takes it."""
