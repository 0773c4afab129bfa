"""The audit log, to read and to check."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from weike.kernel import PAGE_LIMIT, Database, Page
from weike.kernel.edge import Caller, staff
from weike.tenancy.audit import AuditRecord, Verdict, audit_page, verify_audit


@get("/api/console/audit", opt=staff("audit.read"), operation_id="list_audit", tags=["console"])
async def list_audit(
    caller: Caller,
    database: Database,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[AuditRecord]:
    """Newest first."""
    return await database.run(
        caller.tenant_id, lambda tx: audit_page(tx, cursor=cursor, limit=limit)
    )


@get(
    "/api/console/audit/verify",
    opt=staff("audit.read"),
    operation_id="verify_audit",
    tags=["console"],
)
async def verify_audit_route(caller: Caller, database: Database) -> Verdict:
    """Walks the whole chain."""
    return await database.run(caller.tenant_id, verify_audit)


AUDIT_ROUTES: tuple[HTTPRouteHandler, ...] = (list_audit, verify_audit_route)
