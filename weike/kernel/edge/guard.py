"""The guard: lets a call in by the policy of its route, and remembers who is calling.

A token belongs to one shop. Where a call names another shop as well, its token counts for nothing.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from weike.kernel.edge.asked import Asked, asked_of
from weike.kernel.edge.caller import Caller, CallerKind
from weike.kernel.edge.doors import Doors
from weike.kernel.edge.limits import Buckets
from weike.kernel.edge.policy import Policy, Rate, policy_of
from weike.kernel.errors import Forbidden, NotFound, Unauthorized
from weike.kernel.ids import TenantId

SHOPS_KEPT_SECONDS = 30
"""How long a shop's name may still lead to the shop after it was given away."""
_SHOPS_KEPT = 10_000


class NoShop(NotFound):
    """No shop has this name or answers on this host."""

    code = "kernel.no_shop"


class RouteWithoutPolicy(Exception):
    """A route does not say who may call it, so the application refuses to start."""


class Guard:
    """Called by Litestar before every handler, and by hot routes instead of it."""

    def __init__(self, doors: Doors, buckets: Buckets) -> None:
        self._doors = doors
        self._buckets = buckets
        self._shops: dict[tuple[str | None, str], tuple[float, TenantId]] = {}

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Refuses with what `admit` refuses with."""
        policy = policy_of(handler.opt)
        if policy is None:
            raise RouteWithoutPolicy(str(handler))
        scope: Any = connection.scope
        scope["caller"] = await self.admit(
            asked_of(scope), policy, handler.opt.get("rate"), path=scope["path_template"]
        )

    async def admit(
        self, asked: Asked, policy: Policy, rate: Rate | None, *, path: str
    ) -> Caller | None:
        """Who is calling. Refuses with Unauthorized, Forbidden, NoShop or TooMany."""
        if rate is not None:
            self._buckets.take((path, asked.address), rate)
        caller = await self._caller(asked, policy)
        if policy.permission is not None and (
            caller is None or policy.permission not in caller.permissions
        ):
            raise Forbidden()
        return caller

    async def _caller(self, asked: Asked, policy: Policy) -> Caller | None:
        if policy.who in ("anyone", "hook"):
            return None
        token = _bearer(asked.authorization)
        if policy.who == "staff":
            caller = await self._doors.staff(token) if token else None
            if caller is None:
                raise Unauthorized()
            return caller
        slug, host = asked.shop, asked.host
        member = await self._doors.member(token) if token else None
        if member is not None and slug is None:
            return member
        tenant_id = await self._shop(slug, host)
        if member is not None and member.tenant_id == tenant_id:
            return member
        if policy.who == "member":
            raise Unauthorized()
        if tenant_id is None:
            raise NoShop()
        return Caller(CallerKind.VISITOR, tenant_id)

    async def _shop(self, slug: str | None, host: str) -> TenantId | None:
        key, clock = (slug, "" if slug else host), time.monotonic()
        known = self._shops.get(key)
        if known is not None and known[0] > clock:
            return known[1]
        tenant_id = await self._doors.shop(slug=slug, host=host)
        if tenant_id is not None:
            if len(self._shops) >= _SHOPS_KEPT:
                self._shops.clear()
            self._shops[key] = (clock + SHOPS_KEPT_SECONDS, tenant_id)
        return tenant_id


def _bearer(header: str) -> str | None:
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and 0 < len(token) < 512 else None


def known(caller: Caller | None) -> Caller:
    """Who is calling. Refuses with Unauthorized where a route lets anyone in."""
    if caller is None:
        raise Unauthorized()
    return caller


def refuse_routes_without_policy(handlers: Sequence[BaseRouteHandler]) -> None:
    """Refuses with RouteWithoutPolicy, naming all of them."""
    missing = sorted(str(handler) for handler in handlers if policy_of(handler.opt) is None)
    if missing:
        raise RouteWithoutPolicy(", ".join(missing))
