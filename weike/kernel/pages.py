"""Cursor pages: a list goes on after the last key seen, so nothing is skipped or shown twice."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from weike.kernel.errors import Invalid

T = TypeVar("T")
R = TypeVar("R")

PAGE_LIMIT = 100


class BadCursor(Invalid):
    """The cursor did not come from this list."""

    code = "kernel.bad_cursor"


class Page(msgspec.Struct, Generic[T], frozen=True):
    """`next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None


def encode_cursor(key: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(list(key))).decode().rstrip("=")


def decode_cursor(cursor: str | None, kind: type[T]) -> T | None:
    """The key as `kind` (a tuple type such as `tuple[datetime, UUID]`), None for the first page.

    Refuses with BadCursor.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        raise BadCursor(field="cursor") from error


def page_of(
    rows: Sequence[R], *, limit: int, item: Callable[[R], T], key: Callable[[R], Sequence[object]]
) -> Page[T]:
    """A page from rows read with `limit + 1`: the extra row only tells that there is more."""
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(
        items=[item(row) for row in shown],
        next_cursor=encode_cursor(key(shown[-1])) if more else None,
    )
