"""What a request tells about its sender, as dependencies of routes: `ip` and `agent`."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.di import Provide


def client_ip(request: Request[Any, Any, Any]) -> str:
    """The peer's address; behind a proxy the server in front of the app has put it right."""
    return request.client.host if request.client else "unknown"


def agent_of(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("user-agent", "")[:200]


SENDER = {
    "ip": Provide(client_ip, sync_to_thread=False),
    "agent": Provide(agent_of, sync_to_thread=False),
}
"""`dependencies=SENDER` on a route that wants to know."""
