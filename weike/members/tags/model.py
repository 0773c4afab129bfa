"""A tag and its rule, as values."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

TagName = Annotated[str, msgspec.Meta(min_length=1, max_length=20, pattern=r"^\S(.*\S)?$")]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]

TAGS_LIMIT = 100


class TagRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is said must be true. Members who switched profiling off are never found."""

    spent_from_minor: Annotated[int, msgspec.Meta(ge=1, le=10**12)] | None = None
    """Paid so far, refunds taken off."""
    orders_from: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None
    bought_within_days: Days | None = None
    """The last paid order is no older."""
    silent_for_days: Days | None = None
    """The last paid order is older."""
    category_id: UUID | None = None
    """Has bought something of it, or of what lies below it."""

    @property
    def says_something(self) -> bool:
        return any(value is not None for value in msgspec.structs.astuple(self))


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """Without a rule it is put by hand."""

    id: UUID
    name: str
    rule: TagRule | None
    members: int
    refreshed_at: datetime | None


class TagOnMember(msgspec.Struct, frozen=True, kw_only=True):
    """A tag as it stands on a member."""

    id: UUID
    name: str
