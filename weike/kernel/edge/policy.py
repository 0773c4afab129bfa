"""Policies: every route says who may call it, as its `opt`. A route without one cannot start.

@get("/api/shop/products", opt=SHOP)
@get("/api/console/orders", opt=staff("orders.read"))
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """`shop`: anybody in a known shop. `hook`: the route itself verifies a signature."""

    who: Literal["anyone", "shop", "member", "staff", "hook"]
    permission: str | None = None


def _opt(policy: Policy) -> dict[str, Any]:
    return {"policy": policy}


ANYONE = _opt(Policy("anyone"))
SHOP = _opt(Policy("shop"))
MEMBER = _opt(Policy("member"))
HOOK = _opt(Policy("hook"))


def staff(permission: str) -> dict[str, Any]:
    """Staff of the merchant whose roles grant `permission` ("orders.ship")."""
    return _opt(Policy("staff", permission))


def policy_of(opt: dict[str, Any]) -> Policy | None:
    policy = opt.get("policy")
    return policy if isinstance(policy, Policy) else None
