"""Running the simulation as a process of its own, for `weike sandbox` and `python -m`."""

from collections.abc import Callable
from pathlib import Path

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server

from weike.sandbox.app import create_sandbox

DEFAULT_PORT = 8087


async def serve_sandbox(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    public_url: str | None = None,
    on_server: Callable[[Server], None] = lambda _server: None,
) -> None:
    """Returns when stopped. `on_server` receives the server, whose `stop()` ends this."""
    async with httpx.AsyncClient() as http:
        app = create_sandbox(folder, http=http, public_url=public_url)
        server = Server(app, address=host, port=port, interface=Interfaces.ASGI, log_enabled=False)
        on_server(server)
        await server.serve()
