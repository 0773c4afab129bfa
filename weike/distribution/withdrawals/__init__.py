"""Commissions on their way to promoters: asked for, approved, paid, with the tax withheld.

A withdrawal that is not paid gives everything back: the commission, the income and the tax of the
person's year. Tax in prose: docs/algorithms/tax.md; states: docs/algorithms/withdrawal.md.
"""
