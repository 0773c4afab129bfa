"""Hot routes: the same guard, the same function, the same answers, without the framework between.

A route marked `hot(...)` is declared like any other, and this layer in front of the router calls
its function by itself when the request is plain: a JSON body of known length that decodes, no
query. Everything else (a wrong body, a foreign host header, a keyed answer) goes on to the router,
which answers it as it always did; so there is one meaning, and only the cost differs
(docs/decisions/0007-hot-routes-skip-the-framework.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints
from uuid import UUID

import msgspec
from litestar import Litestar
from litestar._asgi.utils import is_valid_host
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.serialization import encode_json

from weike.kernel.edge.asked import Asked, asked_of
from weike.kernel.edge.guard import Guard
from weike.kernel.edge.policy import Policy, Rate, policy_of
from weike.kernel.edge.problems import MEDIA_TYPE, refusal_of, tell
from weike.kernel.edge.shell import Application, Message, Receive, Scope, Send
from weike.kernel.texts import Texts

Giver = Callable[[Asked, Any], object]
"""What a handler asks for by name, from the request and who is calling (a Caller or None)."""

_JSON = (b"content-type", b"application/json")
_UUID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"


class UnfitForHot(Exception):
    """A route marked hot asks for something that only the framework can give it."""


@dataclass(frozen=True, slots=True)
class HotRoute:
    """One route, taken apart once: what its function wants and where that comes from."""

    function: Callable[..., Any]
    policy: Policy
    rate: Rate | None
    path: str
    status: int
    body_type: Any
    body_limit: int
    wants_database: bool
    fixed: Mapping[str, object]
    given: Sequence[tuple[str, Giver]]
    path_names: Sequence[str]


class HotRoutes:
    """Stands between the shell and the router."""

    def __init__(
        self,
        router: Litestar,
        guard: Guard,
        texts: Texts,
        *,
        givers: Mapping[str, Giver],
        fixed: Mapping[str, object],
    ) -> None:
        """Refuses with UnfitForHot."""
        self._router: Application = router  # type: ignore[assignment] # Stricter scope types.
        self._guard = guard
        self._texts = texts
        self._exact: dict[tuple[str, str], HotRoute] = {}
        self._patterns: list[tuple[str, re.Pattern[str], HotRoute]] = []
        routes = [route for route in router.routes if isinstance(route, HTTPRoute)]
        for path, handler in [(route, h) for route in routes for h in route.route_handlers]:
            if handler.opt.get("hot"):
                self._add(path, handler, givers, fixed)

    def _add(
        self,
        path: HTTPRoute,
        handler: HTTPRouteHandler,
        givers: Mapping[str, Giver],
        fixed: Mapping[str, object],
    ) -> None:
        (method,) = handler.http_methods
        route = _taken_apart(path, handler, givers, fixed)
        if not route.path_names:
            self._exact[method, path.path_format] = route
            return
        parts = [_UUID if not isinstance(x, str) else re.escape(x) for x in path.path_components]
        self._patterns.append((method, re.compile("/" + "/".join(parts)), route))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        named: tuple[str, ...] = ()
        route = self._exact.get((scope["method"], scope["path"]))
        if route is None and self._patterns:
            route, named = self._named(scope["method"], scope["path"])
        if route is None or not _is_plain(route, scope, asked := asked_of(scope)):
            await self._router(scope, receive, send)
            return
        body = await _whole_body(receive, route.body_limit)
        try:
            # In two steps and not strictly, as the framework does it for every other route.
            data = msgspec.convert(
                msgspec.json.decode(body), route.body_type, strict=False, str_keys=True
            )
        except (msgspec.MsgspecError, ValueError):
            await self._router(scope, _again(body, receive), send)
            return
        scope["path_template"] = route.path
        status, headers, told = await self._answer(route, scope, asked, data, named)
        headers.append((b"content-length", str(len(told)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": told, "more_body": False})

    def _named(self, method: str, path: str) -> tuple[HotRoute | None, tuple[str, ...]]:
        for wanted, pattern, route in self._patterns:
            if wanted == method and (found := pattern.fullmatch(path)):
                return route, found.groups()
        return None, ()

    async def _answer(
        self, route: HotRoute, scope: Scope, asked: Asked, data: object, named: Sequence[str]
    ) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        try:
            caller = await self._guard.admit(asked, route.policy, route.rate, path=route.path)
            scope["caller"] = caller
            wants = dict(route.fixed)
            for name, give in route.given:
                wants[name] = give(asked, caller)
            for name, text in zip(route.path_names, named, strict=True):
                wants[name] = UUID(text)
            answer = await route.function(data=data, **wants)
            return route.status, [_JSON], encode_json(answer)
        except Exception as error:
            told = tell(
                error,
                refusal_of(error),
                self._texts,
                language=asked.language,
                request_id=asked.id,
            )
        headers = [(name.encode(), value.encode()) for name, value in told.headers.items()]
        return told.status, [(b"content-type", MEDIA_TYPE.encode()), *headers], told.body


def _taken_apart(
    path: HTTPRoute,
    handler: HTTPRouteHandler,
    givers: Mapping[str, Giver],
    fixed: Mapping[str, object],
) -> HotRoute:
    """Refuses with UnfitForHot."""
    names = set(handler.parsed_fn_signature.parameters)
    path_names = [x.name for x in path.path_components if not isinstance(x, str)]
    answer = handler.parsed_fn_signature.return_type.annotation
    policy = policy_of(handler.opt)
    hints = get_type_hints(handler.fn, include_extras=True)
    unknown = names - {"data"} - set(givers) - set(fixed) - set(path_names)
    if (
        unknown
        or policy is None
        or "data" not in names
        or any(x.type is not UUID for x in path.path_components if not isinstance(x, str))
        or not (isinstance(answer, type) and issubclass(answer, msgspec.Struct))
    ):
        raise UnfitForHot(f"{handler}: {sorted(unknown)}")
    rate = handler.opt.get("rate")
    return HotRoute(
        function=handler.fn,
        policy=policy,
        rate=rate if isinstance(rate, Rate) else None,
        path=path.path_format,
        status=handler.status_code,
        body_type=hints["data"],
        body_limit=int(handler.resolve_request_max_body_size() or 0),
        wants_database="database" in names,
        fixed={name: value for name, value in fixed.items() if name in names},
        given=[(name, give) for name, give in givers.items() if name in names],
        path_names=path_names,
    )


def _is_plain(route: HotRoute, scope: Scope, asked: Asked) -> bool:
    return (
        asked.length is not None
        and len(asked.length) < 10
        and asked.length.isdigit()
        and 0 < int(asked.length) <= route.body_limit
        and not scope["query_string"]
        and not scope.get("root_path")
        # A keyed answer lives in the database that the framework hands to the route.
        and not (route.wants_database and asked.idempotency_key is not None)
        and is_valid_host(asked.host.encode("latin-1"))
    )


async def _whole_body(receive: Receive, limit: int) -> bytes:
    """Cut off behind the limit or where the sender went away: it then does not decode."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body") and len(body) <= limit:
        message = await receive()
        body += message.get("body", b"")
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """For the router: what was read already, then whatever comes."""
    read = False

    async def give() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
