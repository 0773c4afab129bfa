"""Is it alive, is it ready, how is it doing: three addresses for machines."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping

from litestar import Request, Response, get
from litestar.datastructures import State

from weike.kernel.database import Database
from weike.kernel.edge.asked import asked_of
from weike.kernel.edge.metrics import CONTENT_TYPE, Metrics
from weike.kernel.edge.policy import ANYONE
from weike.kernel.errors import NotFound, Unavailable

Figures = Callable[[], Awaitable[Mapping[str, float]]]
_LOOPBACK = ("127.0.0.1", "::1", "")


@get(
    "/healthz", opt=ANYONE, operation_id="health", include_in_schema=False, media_type="text/plain"
)
async def health() -> str:
    """The process answers."""
    return "ok\n"


@get("/readyz", opt=ANYONE, operation_id="ready", include_in_schema=False, media_type="text/plain")
async def ready(database: Database) -> str:
    """The process can work. Refuses with Unavailable."""
    try:
        await asyncio.wait_for(database.ping(), timeout=2)
    except Exception as error:
        raise Unavailable(retry_after=1) from error
    return "ready\n"


@get("/metrics", opt=ANYONE, operation_id="metrics", include_in_schema=False)
async def metrics(
    request: Request[None, None, State],
    metrics: Metrics,
    metrics_token: str,
    figures: Figures | None,
) -> Response[bytes]:
    """For this machine itself, or with the token of the vault (`metrics.token`)."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    from_here = (
        asked_of(request.scope).address in _LOOPBACK  # type: ignore[arg-type] # Litestar's own type.
        and "x-forwarded-for" not in request.headers
    )
    if not from_here and not secrets.compare_digest(given.encode(), metrics_token.encode()):
        raise NotFound()
    asked = await figures() if figures is not None else None
    return Response(metrics.show(asked), media_type=CONTENT_TYPE)


ROUTES = (health, ready, metrics)
