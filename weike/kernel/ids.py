"""Identities: time-ordered uuid v7 made by whoever asks, and ids derived from other ids."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NewType
from uuid import UUID, uuid5

TenantId = NewType("TenantId", UUID)


def uuid7(now: datetime) -> UUID:
    """A fresh uuid v7 (RFC 9562 §5.7): 48 bits of milliseconds, 74 random bits."""
    return uuids7(now, 1)[0]


def uuids7(now: datetime, count: int) -> list[UUID]:
    """So many at once."""
    head = (int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | 0b10 << 62
    chances = secrets.token_bytes(10 * count)
    return [
        UUID(int=head | (chance >> 62 & 0xFFF) << 64 | chance & 0x3FFF_FFFF_FFFF_FFFF)
        for at in range(0, 10 * count, 10)
        for chance in (int.from_bytes(chances[at : at + 10], "big"),)
    ]


def derived_id(source: UUID, purpose: str) -> UUID:
    """The same id for the same source and purpose: how a consequence is made only once."""
    return uuid5(source, purpose)


def is_chosen(id: UUID) -> bool:
    """Whether somebody outside may have made it. A derived id never is: it is ours, anybody can
    compute it, and whoever took it first would stop the consequence that it belongs to."""
    return id.version == 7
