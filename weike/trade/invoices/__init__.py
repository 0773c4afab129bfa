"""Invoices: asked for by buyers, issued by the merchant wherever she issues them, kept here.

Nothing here speaks to a tax system; a number and a file come from the one the merchant uses.
"""
