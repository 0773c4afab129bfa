"""Reconciliation: the channel's bill beside our states and the ledger, every day.

A difference of one fen or one line is found, named and kept until it is repaired or explained;
the same bill compared again gives the same list. The prose is docs/algorithms/reconciliation.md.
"""
