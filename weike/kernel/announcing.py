"""The outbox rows of what a transaction announces: SQL that may be a part of a larger statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from weike.kernel.columns import Columns
from weike.kernel.events import Event
from weike.kernel.ids import uuids7

_EVENTS = Columns("e", 3, topic="text", payload="text")
_ROWS = Columns("x", 5, id="uuid", subscriber="text", event="bigint")

ROWS = f"""
told_of as materialized (
    select {_EVENTS["topic"]} as topic, {_EVENTS["payload"]}::jsonb as payload, e.nth
    from {_EVENTS.source}
), announced as (
    insert into kernel.outbox (tenant_id, at, id, subscriber, topic, payload, next_at)
    select $1, $2, {_ROWS["id"]}, {_ROWS["subscriber"]}, t.topic, t.payload, $2
    from {_ROWS.source} join told_of t on t.nth = {_ROWS["event"]}
)
"""  # noqa: S608 - columns of ours
"""What follows a WITH; $1 is the tenant."""


def arguments(
    events: Sequence[Event], listeners: Mapping[str, Sequence[str]], *, at: datetime
) -> list[object]:
    """What ROWS takes from $2 on: each event once, and a row for each of its listeners."""
    heard = [event for event in events if listeners.get(event.topic)]
    rows = [
        (subscriber, nth)
        for nth, event in enumerate(heard, 1)
        for subscriber in listeners[event.topic]
    ]
    return [
        at,
        *_EVENTS.arguments(
            topic=[event.topic for event in heard],
            payload=[msgspec.json.encode(event).decode() for event in heard],
        ),
        *_ROWS.arguments(
            id=uuids7(at, len(rows)),
            subscriber=[subscriber for subscriber, _ in rows],
            event=[nth for _, nth in rows],
        ),
    ]
