"""Points changed by hand: with a reason, and above the shop's limit by two people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike import members
from weike.kernel import (
    IdTakenByOther,
    Invalid,
    Page,
    Record,
    Tx,
    decode_cursor,
    is_chosen,
    page_of,
)
from weike.kernel.edge import Caller
from weike.ledger.points import adjust_queries, queries
from weike.ledger.points.errors import (
    AdjustmentDecided,
    AdjustmentNotFound,
    SecondPersonNeeded,
)
from weike.ledger.points.grant import grant
from weike.ledger.points.model import Grant, Spend
from weike.ledger.points.spend import spend
from weike.tenancy import record_audit


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """`waiting` for a second person, `done`, or `refused`."""

    id: UUID
    member_id: UUID
    nickname: str
    points: int
    reason: str
    state: str
    asked_by: UUID
    asked_at: datetime
    decided_at: datetime | None


async def adjust(
    tx: Tx,
    *,
    adjustment_id: UUID,
    member_id: UUID,
    points: int,
    reason: str,
    caller: Caller,
    now: datetime,
) -> Adjustment:
    """At once, or waiting for a second person. The same id again answers what it came to.

    Refuses with Invalid, IdTakenByOther, MemberNotFound, NotEnoughPoints.
    """
    if not is_chosen(adjustment_id) or not points:
        raise Invalid(field="points" if not points else "id")
    if earlier := await adjust_queries.adjustment(tx, adjustment_id):
        if (earlier["member_id"], earlier["points"]) != (member_id, points):
            raise IdTakenByOther(field="id")
        return await _shown(tx, earlier)
    await members.must_be_member(tx, member_id)
    needs_second = abs(points) > (await queries.settings(tx)).approve_above
    await adjust_queries.insert(
        tx,
        adjustment_id,
        member_id,
        points=points,
        reason=reason,
        state="waiting" if needs_second else "done",
        by=caller.staff_id,
        now=now,
    )
    if not needs_second:
        await _move(tx, adjustment_id, member_id, points, reason, now=now)
    row = await adjust_queries.adjustment(tx, adjustment_id)
    assert row is not None  # noqa: S101 - written above
    shown = await _shown(tx, row)
    await _record(tx, caller, "points.adjusted", shown, now=now)
    return shown


async def decide(
    tx: Tx, *, adjustment_id: UUID, approve: bool, caller: Caller, now: datetime
) -> Adjustment:
    """Refuses with AdjustmentNotFound, AdjustmentDecided, SecondPersonNeeded, NotEnoughPoints."""
    row = await adjust_queries.adjustment(tx, adjustment_id)
    if row is None:
        raise AdjustmentNotFound()
    if row["asked_by"] == caller.staff_id:
        raise SecondPersonNeeded()
    state = "done" if approve else "refused"
    if not await adjust_queries.decide(tx, adjustment_id, state=state, by=caller.staff_id, now=now):
        raise AdjustmentDecided()
    if approve:
        await _move(tx, row["id"], row["member_id"], row["points"], row["reason"], now=now)
    row = await adjust_queries.adjustment(tx, adjustment_id)
    assert row is not None  # noqa: S101 - decided above
    shown = await _shown(tx, row)
    await _record(tx, caller, f"points.adjustment_{state}", shown, now=now)
    return shown


async def adjustments(
    tx: Tx, *, state: str | None, member_id: UUID | None, cursor: str | None, limit: int
) -> Page[Adjustment]:
    """Newest first. Refuses with BadCursor."""
    rows = await adjust_queries.newest(
        tx,
        state=state,
        member_id=member_id,
        after=decode_cursor(cursor, tuple[datetime, UUID]),
        limit=limit + 1,
    )
    cards = await members.member_cards(tx, [row["member_id"] for row in rows])
    return page_of(
        rows,
        limit=limit,
        item=lambda row: _adjustment(row, cards),
        key=lambda row: (row["asked_at"], row["id"]),
    )


async def _move(
    tx: Tx, id: UUID, member_id: UUID, points: int, reason: str, *, now: datetime
) -> None:
    if points < 0:
        taken = Spend(
            id=id,
            member_id=member_id,
            points=-points,
            source_type="adjustment",
            source_id=id,
            reason=reason,
        )
        if refusal := (await spend(tx, [taken], now=now)).get(id):
            raise refusal
        return
    months = (await queries.settings(tx)).life_months
    given = Grant(
        id=id,
        member_id=member_id,
        points=points,
        source_type="adjustment",
        source_id=id,
        reason=reason,
        expires_at=now + timedelta(days=30 * months) if months else None,
    )
    await grant(tx, [given], now=now)


async def _shown(tx: Tx, row: Record) -> Adjustment:
    return _adjustment(row, await members.member_cards(tx, [row["member_id"]]))


def _adjustment(row: Record, cards: dict[UUID, members.MemberCard]) -> Adjustment:
    card = cards.get(row["member_id"])
    return Adjustment(**dict(row), nickname=card.nickname if card else "")


async def _record(
    tx: Tx, caller: Caller, action: str, adjustment: Adjustment, *, now: datetime
) -> None:
    await record_audit(
        tx,
        actor=caller,
        action=action,
        subject_type="member",
        subject_id=adjustment.member_id,
        detail={"points": adjustment.points, "state": adjustment.state},
        now=now,
    )
