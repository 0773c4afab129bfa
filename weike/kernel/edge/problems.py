"""Problems: how a refusal, a wrong input or our own mistake is answered (RFC 9457).

A refusal carries its code, its facts and a sentence in the reader's language. Our own mistakes are
logged with the request's id and answered without a word about what is inside.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

import asyncpg
import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.handlers import HTTPRouteHandler

from weike.kernel.database import DATABASE_AWAY
from weike.kernel.edge.asked import asked_of
from weike.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    TooMany,
    Unauthorized,
    Unavailable,
)
from weike.kernel.texts import Texts

log = logging.getLogger("weike.edge")

MEDIA_TYPE = "application/problem+json"


class FieldProblem(msgspec.Struct, frozen=True):
    field: str
    code: str
    message: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What every refusal of every route looks like."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    field: str | None = None
    facts: dict[str, Any] = {}
    errors: list[FieldProblem] = []


class BadRequest(Refusal):
    """What was sent is not even readable."""

    code = "kernel.bad_request"


class MethodNotAllowed(Refusal):
    """There is something at this address, but it cannot be done to it."""

    status = 405
    code = "kernel.method_not_allowed"


class TooLarge(Refusal):
    """The body is larger than this route accepts. Fact: limit_megabytes."""

    status = 413
    code = "kernel.too_large"


class UnknownReference(Invalid):
    """An id in the input names nothing."""

    code = "kernel.unknown_reference"


_TITLES = {
    kind.status: kind.code
    for kind in (
        *(BadRequest, Unauthorized, Forbidden, NotFound, MethodNotAllowed, Conflict, TooLarge),
        *(Invalid, TooMany, Unavailable),
    )
}
UNEXPECTED = "kernel.unexpected"

# What people type can exceed what a column holds; that is their input, not our mistake.
_INPUT_ERRORS = (
    asyncpg.DataError,
    asyncpg.CharacterNotInRepertoireError,
    asyncpg.UntranslatableCharacterError,
    asyncpg.CheckViolationError,
    asyncpg.NotNullViolationError,
)
Handler = Callable[[Request[Any, Any, Any], Any], Response[Any]]


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal that an exception amounts to; None when it is our own mistake."""
    match error:
        case Refusal():
            return error
        case ValidationException():
            return Invalid(field=_first_field(error))
        case NotFoundException():
            return NotFound()
        case MethodNotAllowedException():
            return MethodNotAllowed()
        case HTTPException(status_code=413):
            return TooLarge()
        case HTTPException() if error.status_code < 500:
            return BadRequest()
        case asyncpg.ForeignKeyViolationError():
            return UnknownReference()
        case _ if isinstance(error, _INPUT_ERRORS):
            return Invalid()
        # The driver's own DataError: a number too large for its column, a lone surrogate.
        case asyncpg.InterfaceError() if isinstance(error, ValueError):
            return Invalid()
        case _ if isinstance(error, DATABASE_AWAY):
            return Unavailable(retry_after=1)
        case _:
            return None


class Told(NamedTuple):
    """An answer as it goes out, without the headers that every answer has."""

    status: int
    headers: dict[str, str]
    body: bytes


def problem_handler(texts: Texts) -> Handler:
    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        refusal = refusal_of(error)
        if isinstance(refusal, TooLarge):
            refusal.facts["limit_megabytes"] = _limit_of(request)
        asked = asked_of(request.scope)  # type: ignore[arg-type] # Litestar's own scope type.
        told = tell(error, refusal, texts, language=asked.language, request_id=asked.id)
        return Response(
            told.body, status_code=told.status, media_type=MEDIA_TYPE, headers=told.headers
        )

    return handle


def tell(
    error: Exception, refusal: Refusal | None, texts: Texts, *, language: str, request_id: str
) -> Told:
    """The answer to an exception; `refusal` is what it amounts to."""
    if refusal is None:
        # The traceback names code, never data: messages of exceptions may hold what people
        # typed, so only their type is logged.
        log.error(
            "unexpected",
            extra={"request_id": request_id, "error": type(error).__name__},
            exc_info=error,
        )
        return _told(
            Problem(
                type=f"urn:weike:{UNEXPECTED}",
                title=texts.say(UNEXPECTED, language),
                status=500,
                code=UNEXPECTED,
                detail=texts.say(UNEXPECTED, language),
                request_id=request_id,
            )
        )
    if isinstance(error, asyncpg.PostgresError):
        log.warning(
            "database refused an input",
            extra={
                "request_id": request_id,
                "error": type(error).__name__,
                "constraint": getattr(error, "constraint_name", None),
            },
        )
    return _told(
        problem_of(refusal, texts, language=language, request_id=request_id, cause=error),
        retry_after=refusal.facts.get("retry_after"),
    )


def _limit_of(request: Request[Any, Any, Any]) -> int:
    handler = request.scope["route_handler"]
    limit = (
        handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None
    )
    return round((limit or 0) / 1_000_000)


def problem_of(
    refusal: Refusal,
    texts: Texts,
    *,
    language: str,
    request_id: str,
    cause: Exception | None = None,
) -> Problem:
    title = _TITLES.get(refusal.status, refusal.code)
    return Problem(
        type=f"urn:weike:{refusal.code}",
        title=texts.say(title, language, refusal.facts),
        status=refusal.status,
        code=refusal.code,
        detail=texts.say(refusal.code, language, refusal.facts),
        request_id=request_id,
        field=refusal.field,
        facts=dict(refusal.facts),
        errors=_field_problems(cause) if isinstance(cause, ValidationException) else [],
    )


def _told(problem: Problem, *, retry_after: object = None) -> Told:
    headers = {"cache-control": "no-store"}
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Told(problem.status, headers, msgspec.json.encode(problem, enc_hook=str))


def _field_problems(error: ValidationException) -> list[FieldProblem]:
    extra = error.extra if isinstance(error.extra, list) else []
    return [
        FieldProblem(
            field=str(item.get("key") or "body"),
            code=Invalid.code,
            message=str(item.get("message", "")),
        )
        for item in extra
        if isinstance(item, dict)
    ]


def _first_field(error: ValidationException) -> str | None:
    problems = _field_problems(error)
    return problems[0].field if problems else None
