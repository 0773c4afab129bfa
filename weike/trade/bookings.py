"""What trade books in the ledger. Ids are derived: a step that comes twice is booked once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, derived_id


def order_placed(order_id: UUID, payable: Money, *, at: datetime) -> ledger.Transfer:
    """The buyer owes it; the mirror keeps the books balanced until money really moves.

    Its id is the order's own: ids of orders are ordered by time, so a batch of transfers is
    written side by side in the index instead of all over it.
    """
    return ledger.moving(
        payable,
        debit="buyer_due",
        credit="orders_open",
        id=order_id,
        kind="order_placed",
        source_type="order",
        source_id=order_id,
        at=at,
    )


def order_due_ended(order_id: UUID, payable: Money, *, paid: bool, at: datetime) -> ledger.Transfer:
    """Paid or cancelled: nothing is owed any more. One id for both, for it happens only once."""
    return ledger.moving(
        payable,
        debit="orders_open",
        credit="buyer_due",
        id=derived_id(order_id, "ledger.order_due_ended"),
        kind="order_due_paid" if paid else "order_due_cancelled",
        source_type="order",
        source_id=order_id,
        at=at,
    )


def order_settled(order_id: UUID, amount: Money, *, at: datetime) -> ledger.Transfer:
    """Out of escrow, to the merchant."""
    return ledger.moving(
        amount,
        debit="escrow",
        credit="merchant",
        id=derived_id(order_id, "ledger.order_settled"),
        kind="order_settled",
        source_type="order",
        source_id=order_id,
        at=at,
    )


def refund_covered(
    refund_id: UUID, order_id: UUID, amount: Money, *, at: datetime
) -> ledger.Transfer:
    """Settled money is needed for a refund: from the merchant back into escrow."""
    return ledger.moving(
        amount,
        debit="merchant",
        credit="escrow",
        id=derived_id(refund_id, "ledger.refund_covered"),
        kind="refund_covered",
        source_type="order",
        source_id=order_id,
        at=at,
    )


def refund_uncovered(
    refund_id: UUID, order_id: UUID, amount: Money, *, at: datetime
) -> ledger.Transfer:
    """The provider refused that refund: what covered it is the merchant's again."""
    return ledger.moving(
        amount,
        debit="escrow",
        credit="merchant",
        id=derived_id(refund_id, "ledger.refund_uncovered"),
        kind="refund_uncovered",
        source_type="order",
        source_id=order_id,
        at=at,
    )
