"""What routes may refuse with, as the API's description tells it: code, status, both sentences.

Every refusal of the product is a class with a code; the class and the texts are all there is to
know, so nothing is written twice. A route that names its own (`opt=refusing(MEMBER, OutOfStock)`)
is described with these, any other one with those of its context.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from weike.kernel.edge.problems import MEDIA_TYPE, Problem, problem_of
from weike.kernel.errors import Invalid, Refusal, TooMany, Unauthorized, Unavailable
from weike.kernel.texts import LANGUAGES, Texts

ANYWHERE: tuple[type[Refusal], ...] = (Invalid, Unauthorized, TooMany, Unavailable)
"""What every route may answer, whoever asks."""

_REF = "#/components/schemas/{name}"
_EXAMPLE_ID = "0190a000-0000-7000-8000-000000000000"
_COUNTS = {"limit", "left", "available", "wanted", "shortest", "days", "limit_megabytes", "minutes"}
_WORDS = {"title": "明前龙井", "number": "261111000001", "region": "44", "state": "paid"}


def refusing(opt: dict[str, Any], *refusals: type[Refusal]) -> dict[str, Any]:
    """The same route, telling what its deed refuses with."""
    return {**opt, "refuses": refusals}


def all_refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every class that was imported and belongs to the product."""
    for below in kind.__subclasses__():
        if below.__module__.startswith("weike.") and below.code:
            yield below
        yield from all_refusals(below)


def describe_refusals(
    described: dict[str, Any], handlers: Sequence[HTTPRouteHandler], texts: Texts
) -> None:
    """Adds the problem's schema, an example of every refusal in every language, and to every
    operation the refusals it may answer."""
    # One that cannot be said yet is left out; a test of the texts complains of it.
    refusals = {kind.code: kind for kind in all_refusals() if texts.has(kind.code)}
    components = described.setdefault("components", {})
    _, schemas = msgspec.json.schema_components([Problem], ref_template=_REF)
    components.setdefault("schemas", {}).update(schemas)
    components["examples"] = {
        name: example
        for code in sorted(refusals)
        for name, example in _examples(refusals[code], texts)
    }
    by_context: dict[str, list[type[Refusal]]] = {}
    for code, refusal in sorted(refusals.items()):
        by_context.setdefault(code.split(".")[0], []).append(refusal)
    components["responses"] = {
        context: _response(f"A refusal of {context}", found)
        for context, found in by_context.items()
    }
    by_operation = {str(handler.operation_id): handler for handler in handlers}
    for path in described.get("paths", {}).values():
        for operation in path.values():
            if isinstance(operation, dict) and operation.get("operationId") in by_operation:
                _describe(operation, by_operation[operation["operationId"]], by_context)


def _describe(
    operation: dict[str, Any],
    handler: HTTPRouteHandler,
    by_context: dict[str, list[type[Refusal]]],
) -> None:
    responses = operation["responses"]
    responses.pop("400", None)  # Litestar's own shape, which the edge never answers.
    own = handler.opt.get("refuses")
    context = str(handler.fn.__module__).split(".")[1]
    if own:
        responses["4XX"] = _response("A refusal", [*own, *ANYWHERE])
    else:
        told = context if context in by_context else "kernel"
        responses["4XX"] = {"$ref": f"#/components/responses/{told}"}


def _response(description: str, refusals: Sequence[type[Refusal]]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": _REF.format(name="Problem")},
                "examples": {
                    name: {"$ref": f"#/components/examples/{name}"}
                    for refusal in refusals
                    for name in _names(refusal)
                },
            }
        },
    }


def _names(refusal: type[Refusal]) -> list[str]:
    return [f"{refusal.code}.{language}" for language in LANGUAGES]


def _examples(refusal: type[Refusal], texts: Texts) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, language in zip(_names(refusal), LANGUAGES, strict=True):
        facts = {fact: _sample(fact) for fact in texts.placeholders(refusal.code, language)}
        problem = problem_of(refusal(**facts), texts, language=language, request_id=_EXAMPLE_ID)
        summary = " ".join((refusal.__doc__ or problem.detail).split())
        yield name, {"summary": summary, "value": msgspec.to_builtins(problem)}


def _sample(fact: str) -> Any:
    if fact in _COUNTS:
        return 3
    if fact.endswith("_minor") or fact == "minor":
        return 12800
    return _WORDS.get(fact, "…")
