"""A simulation of WeChat Pay, Alipay, WeChat sign-in and an SMS inbox, for trying Weike.

It is no payment service: no money moves, no WeChat account exists here, no text message is
sent, and every page says so. It speaks the protocols faithfully, so that a shop which works
against it works against the real ones after a change of settings: it verifies signatures byte
by byte, signs what it says, keeps the vendor's rules of orders and refunds, and can be told to
delay, drop, duplicate, reorder, refuse, forge, or cut after executing (`/_ctl`).

It imports nothing of Weike: the same mistake cannot be made on both sides by one line.
"""

from weike.sandbox.alipay_keys import ALIPAY_CREDENTIALS_FILE, AlipayCredentials, AlipayMerchant
from weike.sandbox.app import create_sandbox
from weike.sandbox.keys import CREDENTIALS_FILE, Credentials, MerchantCredentials
from weike.sandbox.serve import DEFAULT_PORT, serve_sandbox

__all__ = [
    "ALIPAY_CREDENTIALS_FILE",
    "CREDENTIALS_FILE",
    "DEFAULT_PORT",
    "AlipayCredentials",
    "AlipayMerchant",
    "Credentials",
    "MerchantCredentials",
    "create_sandbox",
    "serve_sandbox",
]
