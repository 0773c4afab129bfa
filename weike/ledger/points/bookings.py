"""Points in the books: every change as a balanced transfer in the currency PTS."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import derived_id
from weike.ledger.model import Entry, Transfer
from weike.ledger.points.model import CURRENCY, Grant, Spend


def _moved(
    points: int,
    *,
    debit: str,
    credit: str,
    member_id: UUID,
    id: UUID,
    kind: str,
    source_type: str,
    source_id: UUID,
    at: datetime,
    reason: str = "",
) -> Transfer:
    """What belongs to the shop is `points_expense`; everything else is the member's."""
    sides = ((debit, points), (credit, -points))
    return Transfer(
        id=id,
        kind=kind,
        source_type=source_type,
        source_id=source_id,
        at=at,
        entries=tuple(
            Entry(account, amount)
            if account == "points_expense"
            else Entry(account, amount, member_id)
            for account, amount in sides
        ),
        reason=reason,
        currency=CURRENCY,
    )


def granted(grant: Grant, *, at: datetime) -> Transfer:
    return _moved(
        grant.points,
        debit="points_expense",
        credit="points_pending" if grant.pending else "points_outstanding",
        member_id=grant.member_id,
        id=derived_id(grant.id, "ledger.points_granted"),
        kind="points_promised" if grant.pending else "points_granted",
        source_type=grant.source_type,
        source_id=grant.source_id,
        at=at,
        reason=grant.reason,
    )


def released(
    lot_id: UUID, member_id: UUID, points: int, source: tuple[str, UUID], *, at: datetime
) -> Transfer:
    return _moved(
        points,
        debit="points_pending",
        credit="points_outstanding",
        member_id=member_id,
        id=derived_id(lot_id, "ledger.points_released"),
        kind="points_released",
        source_type=source[0],
        source_id=source[1],
        at=at,
    )


def spent(spend: Spend, *, at: datetime) -> Transfer:
    return _moved(
        spend.points,
        debit="points_outstanding",
        credit="points_expense",
        member_id=spend.member_id,
        id=derived_id(spend.id, "ledger.points_used"),
        kind="points_used",
        source_type=spend.source_type,
        source_id=spend.source_id,
        at=at,
        reason=spend.reason,
    )


def given_back(
    spend_id: UUID,
    member_id: UUID,
    points: int,
    source: tuple[str, UUID],
    *,
    cumulative: int,
    at: datetime,
) -> Transfer:
    return _moved(
        points,
        debit="points_expense",
        credit="points_outstanding",
        member_id=member_id,
        id=derived_id(spend_id, f"ledger.points_given_back:{cumulative}"),
        kind="points_given_back",
        source_type=source[0],
        source_id=source[1],
        at=at,
    )


def taken_back(
    lot_id: UUID,
    member_id: UUID,
    points: int,
    source: tuple[str, UUID],
    *,
    pending: bool,
    cumulative: int,
    at: datetime,
) -> Transfer:
    return _moved(
        points,
        debit="points_pending" if pending else "points_outstanding",
        credit="points_expense",
        member_id=member_id,
        id=derived_id(lot_id, f"ledger.points_taken_back:{cumulative}"),
        kind="points_taken_back",
        source_type=source[0],
        source_id=source[1],
        at=at,
    )


def expired(lot_id: UUID, member_id: UUID, points: int, *, at: datetime) -> Transfer:
    """A lot expires once: nothing comes back into one that is over or will soon be."""
    return _moved(
        points,
        debit="points_outstanding",
        credit="points_expense",
        member_id=member_id,
        id=derived_id(lot_id, "ledger.points_expired"),
        kind="points_expired",
        source_type="lot",
        source_id=lot_id,
        at=at,
    )
