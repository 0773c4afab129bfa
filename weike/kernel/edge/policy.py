"""Policies: every route says who may call it, as its `opt`. A route without one cannot start.

@get("/api/shop/products", opt=cached(SHOP))
@get("/api/console/orders", opt=staff("orders.read"))
@post("/api/console/sign-in", opt=limited(ANYONE, per_minute=20))
@post("/api/shop/orders", opt=hot(MEMBER))

Bodies are held to one megabyte; an upload says `request_max_body_size=…` on its route.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """`shop`: anybody in a known shop. `hook`: the route itself verifies a signature."""

    who: Literal["anyone", "shop", "member", "staff", "hook"]
    permission: str | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls from one address, spread evenly, `burst` of them at once."""

    per_minute: int
    burst: int


def _opt(policy: Policy) -> dict[str, Any]:
    return {"policy": policy}


ANYONE = _opt(Policy("anyone"))
SHOP = _opt(Policy("shop"))
MEMBER = _opt(Policy("member"))
HOOK = _opt(Policy("hook"))


def staff(permission: str) -> dict[str, Any]:
    """Staff of the merchant whose roles grant `permission` ("orders.ship")."""
    return _opt(Policy("staff", permission))


def cached(opt: dict[str, Any], *, seconds: float = 2.0) -> dict[str, Any]:
    """A read that looks the same to everybody in the shop, kept in the process for a moment.

    It must not depend on who is calling. `tx.public_changed()` in a deed forgets what this process
    keeps of the tenant; other processes notice after `seconds` at the latest.
    """
    return {**opt, "cached_seconds": seconds}


def limited(opt: dict[str, Any], *, per_minute: int, burst: int | None = None) -> dict[str, Any]:
    """Counted per address in this process; refused with TooMany."""
    return {**opt, "rate": Rate(per_minute, burst or per_minute)}


def hot(opt: dict[str, Any]) -> dict[str, Any]:
    """A write that thousands ask for in one second: see `kernel/edge/hot_routes.py`.

    It takes a JSON body and what the edge and the wiring give, answers with a struct, and has no
    query; its path may name uuids. A route that does not keep to that cannot start.
    """
    return {**opt, "hot": True}


def policy_of(opt: dict[str, Any]) -> Policy | None:
    policy = opt.get("policy")
    return policy if isinstance(policy, Policy) else None
