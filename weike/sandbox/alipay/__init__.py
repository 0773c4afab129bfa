"""A simulation of Alipay's open gateway: trades, cashier, notifications, refunds.

Like the rest of the sandbox it is no payment service and says so on its pages, imports nothing of
Weike, and was written from the protocol's description and not from Weike's client.
"""
