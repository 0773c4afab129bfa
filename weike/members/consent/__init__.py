"""Consents: what members agreed to, in which words, since when; a ledger that only grows."""
