"""The web application: routes of all contexts behind one guard, one shell, one kind of answer."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from litestar import Litestar, Request, Response
from litestar._kwargs.cleanup import DependencyCleanupGroup
from litestar._kwargs.dependencies import resolve_dependency
from litestar._kwargs.kwargs_model import KwargsModel
from litestar.config.app import AppConfig
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.exceptions.base_exceptions import LitestarDeprecationWarning
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from weike.kernel.clock import Clock
from weike.kernel.database import Database
from weike.kernel.edge import health
from weike.kernel.edge.answers import AnsweredBefore, AnsweringDatabase
from weike.kernel.edge.asked import asked_of
from weike.kernel.edge.caller import Caller
from weike.kernel.edge.doors import Doors
from weike.kernel.edge.guard import Guard, known, refuse_routes_without_policy
from weike.kernel.edge.hot_routes import Giver, HotRoutes
from weike.kernel.edge.limits import Buckets
from weike.kernel.edge.logs import AccessLog
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.problems import problem_handler
from weike.kernel.edge.reads import KeptReads
from weike.kernel.edge.shell import Shell
from weike.kernel.errors import Invalid
from weike.kernel.texts import Texts
from weike.kernel.words import Words

BODY_LIMIT = 1_000_000
_KEY_LIMIT = 255
AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Everything the edge is made of besides the routes."""

    doors: Doors
    database: Database
    clock: Clock
    texts: Texts
    reads: KeptReads
    metrics: Metrics
    metrics_token: str
    figures: health.Figures | None = None
    access_log: AccessLog | None = None
    rate_factor: float = 1.0
    trusted_proxies: int = 0
    strict_transport: bool = False


@dataclass(frozen=True, slots=True)
class Web:
    """`application` is what a server serves; `router` is what it is made of, for tools."""

    application: Shell
    router: Litestar


def build_web(
    routes: Sequence[Any],
    edge: Edge,
    *,
    dependencies: Mapping[str, object],
    openapi: OpenAPIConfig | None = None,
    on_startup: Sequence[Callable[[], Any]] = (),
    on_shutdown: Sequence[Callable[[], Any]] = (),
) -> Web:
    """Handlers receive by name `caller`, `database`, `now`, `language`, `words`, `texts`,
    `client_address` and whatever `dependencies` holds. Refuses with RouteWithoutPolicy."""
    _resolve_one_after_another()
    guard = Guard(edge.doors, Buckets(factor=edge.rate_factor))
    with warnings.catch_warnings():
        # Litestar 3 wants every injected name, query parameter and body marked. Ours are inferred
        # from names that the kernel documents; marking them is part of moving to Litestar 3.
        warnings.simplefilter("ignore", LitestarDeprecationWarning)
        router = _router(routes, edge, guard, dependencies, openapi, on_startup, on_shutdown)
    refuse_routes_without_policy(handlers_of(router))
    shell = Shell(
        HotRoutes(
            router,
            guard,
            edge.texts,
            givers=_givers(edge),
            fixed={"database": edge.database, **_fixed(edge), **dependencies},
        ),
        reads=edge.reads,
        metrics=edge.metrics,
        access_log=edge.access_log,
        trusted_proxies=edge.trusted_proxies,
        strict_transport=edge.strict_transport,
    )
    return Web(shell, router)


def _router(
    routes: Sequence[Any],
    edge: Edge,
    guard: Guard,
    dependencies: Mapping[str, object],
    openapi: OpenAPIConfig | None,
    on_startup: Sequence[Callable[[], Any]],
    on_shutdown: Sequence[Callable[[], Any]],
) -> Litestar:
    return Litestar.from_config(
        AppConfig(
            route_handlers=[*health.ROUTES, *routes],
            guards=[guard],
            dependencies={
                **_providers(edge),
                **{name: _always(value) for name, value in dependencies.items()},
            },
            exception_handlers={
                AnsweredBefore: _answer_again,
                HTTPException: problem_handler(edge.texts),
                Exception: problem_handler(edge.texts),
            },
            openapi_config=openapi,
            request_max_body_size=BODY_LIMIT,
            on_startup=list(on_startup),
            on_shutdown=list(on_shutdown),
            logging_config=None,
        )
    )


def handlers_of(router: Litestar) -> list[HTTPRouteHandler]:
    """The handlers we wrote; the framework's own (OPTIONS, the OpenAPI page) do not count."""
    return [
        handler
        for route in router.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.http_methods != {"OPTIONS"} and not _is_of_framework(handler)
    ]


def _is_of_framework(handler: HTTPRouteHandler) -> bool:
    return getattr(handler.fn, "__module__", "").startswith("litestar.")


def _givers(edge: Edge) -> dict[str, Giver]:
    """What handlers get by name that differs from request to request, the database aside."""
    return {
        "caller": lambda _, caller: known(caller),
        "now": lambda _, __: edge.clock(),
        "language": lambda asked, _: asked.language,
        "words": lambda asked, _: Words(edge.texts, asked.language),
        "client_address": lambda asked, _: asked.address,
    }


def _fixed(edge: Edge) -> dict[str, object]:
    return {
        "texts": edge.texts,
        "metrics": edge.metrics,
        "metrics_token": edge.metrics_token,
        "figures": edge.figures,
    }


def _providers(edge: Edge) -> dict[str, Provide]:
    async def database(request: AnyRequest) -> Database:
        key = request.headers.get("idempotency-key")
        if key is None or request.method in ("GET", "HEAD"):
            return edge.database
        return await _answering(request, edge, key)

    return {
        "database": Provide(database),
        **{name: _provide(give) for name, give in _givers(edge).items()},
        **{name: _always(value) for name, value in _fixed(edge).items()},
    }


def _provide(give: Giver) -> Provide:
    def provide(request: AnyRequest) -> Any:
        scope: Any = request.scope
        return give(asked_of(scope), scope.get("caller"))

    return Provide(provide, sync_to_thread=False)


async def _answering(request: AnyRequest, edge: Edge, key: str) -> Database:
    caller = request.scope.get("caller")
    if not isinstance(caller, Caller) or caller.id is None:
        return edge.database  # A visitor's key belongs to nobody; ids in bodies protect those.
    if not 0 < len(key) <= _KEY_LIMIT or not key.isprintable():
        raise Invalid(field="Idempotency-Key")
    handler = request.scope["route_handler"]
    answering = AnsweringDatabase(
        edge.database,
        principal=UUID(str(caller.id)),
        key=key,
        route=f"{request.method} {request.url.path}",
        body=await request.body(),
        status=getattr(handler, "status_code", 200),
        answer_type=_answer_type(handler),
        now=edge.clock(),
    )
    request.scope["answering"] = answering  # type: ignore[typeddict-unknown-key]
    return answering


def _answer_type(handler: object) -> object:
    if not isinstance(handler, HTTPRouteHandler):
        return None
    return handler.parsed_fn_signature.return_type.annotation


def _answer_again(_: AnyRequest, before: AnsweredBefore) -> Response[bytes]:
    return Response(
        before.body,
        status_code=before.status,
        media_type="application/json",
        headers={"idempotent-replay": "true"},
    )


def _always(value: object) -> Provide:
    def give() -> Any:
        return value

    return Provide(give, sync_to_thread=False)


def _resolve_one_after_another() -> None:
    """Litestar opens a task group whenever a handler asks for two things at once. Ours are at hand
    without waiting, and the task group costs more than the rest of the request."""

    async def resolve_dependencies(
        model: KwargsModel, connection: ASGIConnection[Any, Any, Any, Any], kwargs: dict[str, Any]
    ) -> DependencyCleanupGroup:
        cleanup = DependencyCleanupGroup()
        for batch in model.dependency_batches:
            for dependency in batch:
                await resolve_dependency(dependency, connection, kwargs, cleanup)
        return cleanup

    cast(Any, KwargsModel).resolve_dependencies = resolve_dependencies
