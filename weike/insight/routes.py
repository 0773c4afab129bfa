"""HTTP of insight. Given by name: `todos`, `guide_steps` (wired by entry), `words`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from litestar import get
from litestar.handlers import HTTPRouteHandler

from weike.insight.dashboard import ToDoCount, dashboard
from weike.insight.guide import Guide, StepDone, guide
from weike.insight.model import Dashboard
from weike.kernel import Database
from weike.kernel.edge import Caller, staff
from weike.kernel.words import Words


@get("/api/console/dashboard", opt=staff("dashboard.read"), operation_id="show_dashboard")
async def show_dashboard(
    caller: Caller,
    database: Database,
    todos: Mapping[str, ToDoCount],
    words: Words,
    now: datetime,
    days: Literal[7, 14, 30] = 14,
) -> Dashboard:
    return await database.run(
        caller.tenant_id,
        lambda tx: dashboard(tx, days=days, todos=todos, words=words, now=now),
    )


@get("/api/console/guide", opt=staff("dashboard.read"), operation_id="show_guide")
async def show_guide(
    caller: Caller, database: Database, guide_steps: Mapping[str, StepDone]
) -> Guide:
    return await database.run(caller.tenant_id, lambda tx: guide(tx, guide_steps))


ROUTES: tuple[HTTPRouteHandler, ...] = (show_dashboard, show_guide)
