"""What a call to the world outside can come to: done, refused, or nobody knows.

There is no fourth outcome. `Unknown` never changes the number a thing was asked under: the
caller asks again (a query first) under the same number, as WeChat Pay itself demands for its
SYSTEM_ERROR.
"""

from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The other side did it, and we verified that it was the other side who said so."""

    value: T


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side decided not to do it. Nothing happened there."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: timeout, cut connection, 5xx, an answer that does not verify."""

    reason: str


Outcome: TypeAlias = Ok[T] | Refused | Unknown
