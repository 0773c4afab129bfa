"""The OpenAPI file: what the fronts' types are generated from."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

import weike
from weike.entry.contexts import contexts
from weike.entry.wiring import DEPENDENCIES, routes
from weike.kernel.clock import utc_now
from weike.kernel.edge.application import Edge, build_web, handlers_of
from weike.kernel.edge.metrics import Metrics
from weike.kernel.edge.reads import KeptReads
from weike.kernel.edge.refusals import describe_refusals
from weike.kernel.texts import load_texts

OPENAPI = OpenAPIConfig(
    title="Weike",
    version=weike.__version__,
    description="Amounts are integers in minor units, times RFC 3339 in UTC, ids uuid v7.",
    path="/api/schema",
    # The description alone: pages that show it load scripts from strangers.
    render_plugins=[JsonRenderPlugin(path="/openapi.json")],
)


def api_description(router: Litestar) -> dict[str, Any]:
    """OpenAPI 3.1. What we send always has all of its fields, also those with a default. Every
    refusal has an example in both languages."""
    _import_refusals()
    described: dict[str, Any] = router.openapi_schema.to_schema()
    schemas = described.get("components", {}).get("schemas", {})
    asked = set(_reached(_bodies_in(described), schemas))
    for name in _reached(_bodies_out(described), schemas):
        schema = schemas[name]
        # A struct that is also taken as input keeps its optional fields optional.
        if name not in asked and "properties" in schema:
            schema["required"] = sorted(schema["properties"])
    describe_refusals(described, handlers_of(router), load_texts(contexts()))
    return described


def _import_refusals() -> None:
    """A refusal is found by its class, so every module that may hold one is imported."""
    for module in pkgutil.walk_packages(weike.__path__, "weike."):
        if module.name.split(".")[-1] in ("errors", "problems") or ".routes" in module.name:
            importlib.import_module(module.name)


def router_without_a_house() -> Litestar:
    """All routes as they are served, with nothing behind them: for reading, not for calling."""
    nothing: Any = None
    edge = Edge(
        doors=nothing,
        database=nothing,
        clock=utc_now,
        texts=load_texts(contexts()),
        reads=KeptReads(),
        metrics=Metrics(),
        metrics_token="",
    )
    dependencies = dict.fromkeys(DEPENDENCIES)
    return build_web(routes(), edge, dependencies=dependencies, openapi=OPENAPI).router


def write_api_file(file: Path) -> None:
    text = msgspec.json.encode(api_description(router_without_a_house()), order="sorted")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.format(text, indent=2) + b"\n")


def _operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in described.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and "responses" in operation:
                yield operation


def _bodies_in(described: dict[str, Any]) -> list[Any]:
    return [operation.get("requestBody", {}) for operation in _operations(described)]


def _bodies_out(described: dict[str, Any]) -> list[Any]:
    return [operation["responses"] for operation in _operations(described)]


def _reached(nodes: list[Any], schemas: dict[str, Any]) -> set[str]:
    """Names of all schemas that the nodes refer to, however deep."""
    found: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix("#/components/schemas/")
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += node.values()
    return found
