"""Quarantine: money that came in and fits no order as it is. Booked at once, shown on a desk, and
either given back to whoever paid it or accepted as the payment of its order.

The prose is the last part of docs/algorithms/reconciliation.md.
"""
