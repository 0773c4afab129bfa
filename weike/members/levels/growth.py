"""Count what members bought: growth from orders, levels that rise at once, terms that end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Job, Tx, uuid7
from weike.kernel.each import all_or_each
from weike.members.levels import queries
from weike.members.levels.model import Standing, after_term, with_growth

_TERMS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class GrowthOf:
    """What an order counts for in all, as of now. Less than before takes the difference away."""

    member_id: UUID
    source_id: UUID
    total: int


async def add_growth(tx: Tx, asks: Sequence[GrowthOf], *, now: datetime) -> int:
    """How many changed something; being told the same total again does nothing."""
    if not asks:
        return 0
    before = await queries.lock_standings(tx, [ask.member_id for ask in asks])
    counted = await queries.counted(tx, [ask.source_id for ask in asks])
    lines = []
    for ask in asks:
        amount = max(ask.total, 0) - counted.get(ask.source_id, 0)
        if amount:
            kind = "order" if amount > 0 else "refund"
            lines.append((uuid7(now), ask.member_id, amount, kind, ask.source_id))
            counted[ask.source_id] = max(ask.total, 0)
    if not lines:
        return 0
    levels = await queries.levels(tx)
    term_days = (await queries.settings(tx)).term_days
    after = dict(before)
    written = []
    for id, member_id, amount, kind, source_id in lines:
        held = after[member_id]
        after[member_id] = with_growth(held, levels, amount, term_days=term_days, now=now)
        written.append((id, member_id, amount, kind, source_id))
        # A term may have taken some of it already, and growth never falls below zero. What the
        # source counts for stays exact; the rest stands beside it as the term's.
        if amends := after[member_id].growth - held.growth - amount:
            written.append((uuid7(now), member_id, amends, "term", member_id))
    await queries.insert_growth(tx, written, now=now)
    await queries.put_standings(tx, {id: one for id, one in after.items() if one != before[id]})
    return len(lines)


async def end_terms(tx: Tx, now: datetime) -> int:
    """Whoever has bought enough in the term keeps the level; the others fall by one."""
    ended = await queries.lock_ended_terms(tx, now=now, limit=_TERMS_AT_ONCE)
    moved = await all_or_each(
        tx,
        list(ended),
        lambda ids: _end(tx, {id: ended[id] for id in ids}, now=now),
        name="members.end_terms",
    )
    return len(moved)


async def _end(tx: Tx, ended: Mapping[UUID, Standing], *, now: datetime) -> list[UUID]:
    levels = await queries.levels(tx)
    term_days = (await queries.settings(tx)).term_days
    gained = await queries.gained(tx, {id: one.since or now for id, one in ended.items()})
    after = {
        id: after_term(one, levels, gained[id], term_days=term_days, now=now)
        for id, one in ended.items()
    }
    await queries.insert_growth(
        tx,
        [
            (uuid7(now), id, one.growth - ended[id].growth, "term", id)
            for id, one in after.items()
            if one.growth != ended[id].growth
        ],
        now=now,
    )
    await queries.put_standings(tx, after)
    return list(after)


JOBS: tuple[Job, ...] = (
    Job(
        name="members.end_terms",
        every_seconds=3600,
        due_tenants="select distinct s.tenant_id from members.standings s where s.until <= $1",
        run=end_terms,
    ),
)
