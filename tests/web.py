"""A web of a few routes for a test: the real edge, spoken to without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import httpx

from weike.entry.contexts import contexts
from weike.kernel import Clock, Database, TenantId, utc_now
from weike.kernel.edge import Caller, CallerKind
from weike.kernel.edge.application import Edge, build_web
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import KeptReads
from weike.kernel.texts import load_texts


class OpenDoors:
    """One shop named `test`; a token is `m_<member id>`, or `s_<staff id>` with every permission
    that is listed behind it: `s_<id> orders.read orders.ship`."""

    def __init__(self, tenant_id: TenantId) -> None:
        self._tenant_id = tenant_id

    async def shop(self, *, slug: str | None, host: str) -> TenantId | None:
        return self._tenant_id if slug in (None, "test") else None

    async def member(self, token: str) -> Caller | None:
        if not token.startswith("m_"):
            return None
        return Caller(CallerKind.MEMBER, self._tenant_id, UUID(token[2:]))

    async def staff(self, token: str) -> Caller | None:
        if not token.startswith("s_"):
            return None
        staff_id, *permissions = token[2:].split()
        return Caller(
            CallerKind.STAFF,
            self._tenant_id,
            UUID(staff_id),
            permissions=frozenset(permissions),
        )


def web_client(
    routes: Sequence[Any],
    database: Database,
    doors: Any,
    *,
    dependencies: Mapping[str, object] | None = None,
    clock: Clock = utc_now,
) -> httpx.AsyncClient:
    """Use as an async context. Give `OpenDoors(tenant_id)` where who calls is not the question."""
    web = build_web(
        routes,
        Edge(
            doors=doors,
            database=database,
            clock=clock,
            texts=load_texts(contexts()),
            reads=KeptReads(),
            metrics=Metrics(),
            metrics_token="for machines",
            rate_factor=1000,
        ),
        dependencies=dependencies or {},
    )
    transport: Any = httpx.ASGITransport(app=web.application)
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test")
