"""Commissions follow the facts of their order: paid, received, refunded, in whatever order heard.

Each listener notes its fact and then brings the order's commissions up to date from all facts
known. Every step has a derived ledger transfer, so hearing twice moves nothing twice. Two who hear
of one order at once take turns, facts first (`lock_facts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weike import ledger, tenancy
from weike.distribution.model import (
    Commission,
    CommissionState,
    Programme,
    advance,
    commission_amount,
    resolve_rate,
)
from weike.distribution.queries import commissions, programmes
from weike.kernel import Money, Tx, derived_id
from weike.kernel.each import all_or_each


@dataclass(frozen=True, slots=True)
class EarningLine:
    """One line of a paid order, as frozen there."""

    position: int
    product_id: UUID
    title: str
    paid_minor: int
    freight_share_minor: int
    cost_minor: int | None
    """Cost of the whole line; None when the merchant keeps none."""
    commission_rate_bp: int | None


@dataclass(frozen=True, slots=True)
class EarningOrder:
    order_id: UUID
    number: str
    buyer_id: UUID
    promoter_id: UUID
    share_id: UUID | None
    rule_version: int
    currency: str
    lines: tuple[EarningLine, ...]


async def earn_commissions(tx: Tx, order: EarningOrder, *, now: datetime) -> None:
    """The order is paid: estimates, explained in full, then whatever else is already known."""
    await commissions.lock_facts(tx, order.order_id)
    programme = await programmes.programme_of_version(tx, order.rule_version)
    new = [
        commission
        for line in order.lines
        if (commission := _commission_of(order, line, programme)) is not None
    ]
    inserted = await commissions.insert_commissions(
        tx,
        new,
        order_id=order.order_id,
        order_number=order.number,
        promoter_id=order.promoter_id,
        buyer_id=order.buyer_id,
        share_id=order.share_id,
        currency=order.currency,
        rule_version=programme.version,
        paid_at=now,
    )
    await ledger.post_many(
        tx,
        [
            ledger.moving(
                Money(commission.amount_minor, order.currency),
                debit="commission_memo_estimated",
                debit_owner=order.promoter_id,
                credit="commission_memo_contra",
                id=derived_id(commission.id, "ledger.estimated"),
                kind="commission_estimated",
                source_type="commission",
                source_id=commission.id,
                at=now,
            )
            for commission in new
            if commission.id in inserted
        ],
    )
    await bring_up_to_date(tx, order.order_id, now=now)


async def order_received(tx: Tx, order_id: UUID, *, at: datetime) -> None:
    await commissions.lock_facts(tx, order_id)
    await commissions.note_received(tx, order_id, at=at)
    await bring_up_to_date(tx, order_id, now=at)


async def order_refunded(
    tx: Tx, order_id: UUID, refunded_by_position: dict[int, int], *, at: datetime
) -> None:
    """`refunded_by_position` holds cumulative goods amounts, freight not included."""
    await commissions.lock_facts(tx, order_id)
    await commissions.note_refunded(tx, order_id, refunded_by_position)
    await bring_up_to_date(tx, order_id, now=at)


async def bring_up_to_date(tx: Tx, order_id: UUID, *, now: datetime) -> None:
    """Moves every commission of the order to where the facts say it belongs."""
    rows = await commissions.lock_commissions(tx, order_id)
    if not rows:
        return
    programme = await programmes.programme_of_version(tx, rows[0]["rule_version"])
    # The programme was set when the shop's after-sale window may have been shorter than today.
    shop = await tenancy.shop_settings(tx)
    hold = timedelta(days=max(programme.hold_days, shop.after_sale_days))
    transfers: list[ledger.Transfer] = []
    for row in rows:
        before = commissions.commission_of(row)
        after = advance(
            before, refunded_minor=row["refunded_minor"], received_at=row["received_at"]
        )
        if after.reverse_minor == 0 and after.state is before.state:
            continue
        hold_until = None
        if after.state is CommissionState.PENDING:
            hold_until = row["received_at"] + hold
        await commissions.write_advance(
            tx,
            before.id,
            reverse_minor=after.reverse_minor,
            state=after.state,
            hold_until=hold_until,
        )
        transfers += _transfers(before, after.reverse_minor, after.state, now)
    await ledger.post_many(tx, transfers)


async def release_matured(tx: Tx, *, now: datetime, limit: int = 500) -> int:
    """The hold has passed: pending becomes available. Returns how many."""
    ids = await commissions.lock_matured(tx, now=now, limit=limit)
    return len(
        await all_or_each(
            tx, ids, lambda some: _release(tx, some, now=now), name="distribution.release"
        )
    )


async def _release(tx: Tx, ids: Sequence[UUID], *, now: datetime) -> Sequence[object]:
    rows = await commissions.mark_available(tx, ids)
    await ledger.post_many(
        tx,
        [
            ledger.moving(
                Money(row["amount_minor"] - row["reversed_minor"], row["currency"]),
                debit="commission_pending",
                debit_owner=row["promoter_id"],
                credit="commission_available",
                credit_owner=row["promoter_id"],
                id=derived_id(row["id"], "ledger.available"),
                kind="commission_available",
                source_type="commission",
                source_id=row["id"],
                at=now,
            )
            for row in rows
        ],
    )
    return rows


def _commission_of(
    order: EarningOrder, line: EarningLine, programme: Programme
) -> commissions.NewCommission | None:
    base = max(0, line.paid_minor - line.freight_share_minor)
    rate = resolve_rate(line.commission_rate_bp, programme)
    margin = None if line.cost_minor is None else max(0, base - line.cost_minor)
    amount = commission_amount(
        base_minor=base, rate_bp=rate.rate_bp, cap_bp=programme.cap_bp, margin_minor=margin
    )
    if amount == 0:
        return None
    return commissions.NewCommission(
        id=derived_id(order.order_id, f"commission:{line.position}"),
        position=line.position,
        product_id=line.product_id,
        product_title=line.title,
        base_minor=base,
        rate_bp=rate.rate_bp,
        rate_source=rate.source,
        cap_bp=programme.cap_bp,
        margin_minor=margin,
        amount_minor=amount,
    )


def _transfers(
    before: Commission, reverse_minor: int, state: CommissionState, now: datetime
) -> Sequence[ledger.Transfer]:
    """Memo entries shrink and close; real ones are made at receipt and reversed after it."""
    reversed_so_far = before.reversed_minor + reverse_minor

    def move(
        minor: int,
        kind: str,
        step: str,
        *,
        debit: tuple[str, UUID],
        credit: tuple[str, UUID],
    ) -> list[ledger.Transfer]:
        if minor == 0:
            return []
        return [
            ledger.moving(
                Money(minor, before.currency),
                debit=debit[0],
                debit_owner=debit[1],
                credit=credit[0],
                credit_owner=credit[1],
                id=derived_id(before.id, f"ledger.{step}"),
                kind=kind,
                source_type="commission",
                source_id=before.id,
                at=now,
            )
        ]

    owner, shop = before.promoter_id, ledger.SHOP
    if before.state is CommissionState.ESTIMATED:
        closes = state is not CommissionState.ESTIMATED
        done = move(
            before.left_minor if closes else reverse_minor,
            "commission_estimate_closed",
            "estimate_closed" if closes else f"estimate_reduced.{reversed_so_far}",
            debit=("commission_memo_contra", shop),
            credit=("commission_memo_estimated", owner),
        )
        if state is CommissionState.PENDING:
            done += move(
                before.amount_minor - reversed_so_far,
                "commission_pending",
                "pending",
                debit=("commission_expense", shop),
                credit=("commission_pending", owner),
            )
        return done
    account = (
        "commission_pending" if before.state is CommissionState.PENDING else "commission_available"
    )
    return move(
        reverse_minor,
        "commission_reversed",
        f"reversed.{reversed_so_far}",
        debit=(account, owner),
        credit=("commission_expense", shop),
    )
