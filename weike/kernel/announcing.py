"""The outbox rows of what a transaction announces: SQL that may be a part of a larger statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from weike.kernel.events import Event
from weike.kernel.ids import uuid7

ROWS = """
announced as (
    insert into kernel.outbox (tenant_id, at, id, subscriber, topic, payload, next_at)
    select $1, $2, x.id, x.subscriber, x.topic, x.payload::jsonb, $2
    from unnest($3::uuid[], $4::text[], $5::text[], $6::text[])
         as x(id, subscriber, topic, payload)
)
"""
"""What follows a WITH; $1 is the tenant."""


def arguments(
    events: Sequence[Event], listeners: Mapping[str, Sequence[str]], *, at: datetime
) -> list[object]:
    """What ROWS takes from $2 on: a row for each listener of each event."""
    rows: list[tuple[str, str, str]] = []
    for event in events:
        if subscribers := listeners.get(event.topic, ()):
            payload = msgspec.json.encode(event).decode()
            rows += [(subscriber, event.topic, payload) for subscriber in subscribers]
    return [
        at,
        [uuid7(at) for _ in rows],
        [subscriber for subscriber, _, _ in rows],
        [topic for _, topic, _ in rows],
        [payload for _, _, payload in rows],
    ]
