"""To whom a customer belongs: beginnings, renewals, take-overs and ends, each with its reason.

Rules in prose: docs/algorithms/binding.md.
"""
