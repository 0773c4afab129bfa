"""Bring points and growth to what an order, as it stands now, is worth.

Everything is computed from the order and told in totals. So it does not matter which news of the
order came first, or twice.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import ledger, members, tenancy
from weike.kernel import Tx, derived_id
from weike.trade.points import queries
from weike.trade.points.model import earned_back, end_of_life, points_back
from weike.trade.points.queries import OrderStands
from weike.trade.price.points import spend_id

_EARNS = ("received", "settled")


def earned_id(order_id: UUID) -> UUID:
    """The lot of what an order has earned."""
    return derived_id(order_id, "trade.points_earned")


async def reckon(tx: Tx, order_id: UUID, *, now: datetime) -> None:
    order = await queries.order_stands(tx, order_id)
    if order is None:
        return
    await _return_spent(tx, order_id, order, now=now)
    await _earn(tx, order_id, order, now=now)
    if order.is_settled:
        settings = await members.level_settings(tx)
        left = max(0, order.goods_minor - order.goods_refunded_minor)
        growth = members.GrowthOf(
            member_id=order.member_id,
            source_id=order_id,
            total=left // 100 * settings.growth_per_yuan,
        )
        await members.add_growth(tx, [growth], now=now)


async def _return_spent(tx: Tx, order_id: UUID, order: OrderStands, *, now: datetime) -> None:
    if not any(line.points_minor for line in order.lines):
        return
    spent = (await ledger.points.spent(tx, [spend_id(order_id)])).get(spend_id(order_id), 0)
    if back := points_back(order.lines, spent):
        await ledger.points.give_back(tx, {spend_id(order_id): back}, now=now)


async def _earn(tx: Tx, order_id: UUID, order: OrderStands, *, now: datetime) -> None:
    lot = earned_id(order_id)
    row = await queries.earned(tx, order_id)
    if row is None:
        if order.state in _EARNS:
            await _promise(tx, order_id, order, now=now)
    elif refunded := order.goods_refunded_minor - row["refunded_before_minor"]:
        back = earned_back(row["points"], base_minor=row["base_minor"], refunded_minor=refunded)
        await ledger.points.take_back(tx, {lot: back}, now=now)
    if order.is_settled:
        settings = await ledger.points.settings(tx)
        shop = await tenancy.shop_settings(tx)
        ends = end_of_life(now, months=settings.life_months, time_zone=shop.time_zone)
        await ledger.points.release(tx, {lot: ends}, now=now)


async def _promise(tx: Tx, order_id: UUID, order: OrderStands, *, now: datetime) -> None:
    """Pending until the after-sale window is over; by the multiplier of the level as of now."""
    settings = await ledger.points.settings(tx)
    level = (await members.levels_of(tx, [order.member_id])).get(order.member_id)
    multiplier_bp = level.points_bp if level else 10_000
    base = order.goods_minor - order.goods_refunded_minor
    points = ledger.points.earned(settings, paid_minor=base, multiplier_bp=multiplier_bp)
    if points <= 0:
        return
    await queries.insert_earned(
        tx,
        order_id,
        order.member_id,
        base_minor=base,
        refunded_before_minor=order.goods_refunded_minor,
        points=points,
        multiplier_bp=multiplier_bp,
        now=now,
    )
    promised = ledger.points.Grant(
        id=earned_id(order_id),
        member_id=order.member_id,
        points=points,
        source_type="order",
        source_id=order_id,
        pending=True,
    )
    await ledger.points.grant(tx, [promised], now=now)


async def reward_review(tx: Tx, review_id: UUID, member_id: UUID, *, now: datetime) -> None:
    """The same for every review: to pay for good scores is forbidden."""
    settings = await ledger.points.settings(tx)
    if not settings.enabled or not settings.review:
        return
    shop = await tenancy.shop_settings(tx)
    reward = ledger.points.Grant(
        id=derived_id(review_id, "trade.points_review"),
        member_id=member_id,
        points=settings.review,
        source_type="review",
        source_id=review_id,
        expires_at=end_of_life(now, months=settings.life_months, time_zone=shop.time_zone),
    )
    await ledger.points.grant(tx, [reward], now=now)
