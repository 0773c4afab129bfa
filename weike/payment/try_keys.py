"""Prove a merchant's keys: ask the provider about a payment that cannot exist."""

from __future__ import annotations

from weike.payment.outcome import Ok, Refused
from weike.payment.ports import Gateway

_NEVER_ASKED = "weike-connection-test"


async def try_keys(gateway: Gateway) -> tuple[bool, str, str]:
    """Whether the keys work, the provider's code and its message: a signed "no" proves them."""
    asked = await gateway.query(_NEVER_ASKED)
    match asked:
        case Ok():
            return True, "OK", ""
        case Refused(code, message):
            return gateway.meaning(asked) == "absent", code, message
        case _:
            return False, "UNKNOWN", asked.reason
