"""Refusals: normal answers with a stable code, facts and a sentence in the reader's language.

Few kinds live here, many small classes beside the deeds. The edge turns kinds into HTTP statuses;
the sentence is looked up in `texts/{zh,en}.toml` of the context that owns the code.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """A deed says no. `code` is stable; `facts` fill the sentence; `field` names the bad input."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = ""

    def __init__(self, *, field: str | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class Invalid(Refusal):
    """What was sent cannot be accepted as it is."""

    status = 422
    code = "kernel.invalid"


class Unauthorized(Refusal):
    """We do not know who is asking."""

    status = 401
    code = "kernel.unauthorized"


class Forbidden(Refusal):
    """We know who is asking, and they may not."""

    status = 403
    code = "kernel.forbidden"


class NotFound(Refusal):
    """There is no such thing for whoever asks; somebody else's thing is answered the same way."""

    status = 404
    code = "kernel.not_found"


class Conflict(Refusal):
    """It was possible, but not in the present state."""

    status = 409
    code = "kernel.conflict"


class TooMany(Refusal):
    """Too often; ask again later. The fact `retry_after` holds seconds."""

    status = 429
    code = "kernel.too_many"


class Unavailable(Refusal):
    """Not now, through no fault of the asker."""

    status = 503
    code = "kernel.unavailable"


class IdTakenByOther(Conflict):
    """The id is known already, from another person or with other content."""

    code = "kernel.id_taken"
