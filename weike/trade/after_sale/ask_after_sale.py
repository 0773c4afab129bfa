"""Ask for something after paying: money, goods back, other goods. The beginning of every case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from weike import catalog, tenancy
from weike.kernel import IdTakenByOther, Invalid, Tx, is_chosen
from weike.trade.after_sale import queries
from weike.trade.after_sale.answer_case import agree_to
from weike.trade.after_sale.errors import (
    AfterSaleOver,
    AmountTooHigh,
    AmountTooLow,
    LineInAfterSale,
    NoReplacement,
    NothingToSendBack,
    TooManyPiecesBack,
)
from weike.trade.after_sale.model import (
    REASONS,
    AskAfterSale,
    Case,
    CaseLine,
    CaseState,
    Limits,
    ReturnAddress,
    answer_within,
    limits_of,
)
from weike.trade.after_sale.pieces import at_home, carried
from weike.trade.after_sale.queries import CaseTold
from weike.trade.after_sale.steps import opened, pictures_of
from weike.trade.errors import BeingRefunded
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import LineRow, OrderRow, Told


async def ask_after_sale(
    tx: Tx,
    ask: AskAfterSale,
    *,
    actor: Actor,
    return_to: ReturnAddress | None = None,
    now: datetime,
) -> Case:
    """The same wish again is the same case. What nobody can object to is agreed to at once.

    Refuses with Invalid (an id that is no uuid v7, lines or a reason that are not there),
    UnknownOrder, IdTakenByOther, AfterSaleOver, BeingRefunded, LineInAfterSale, TooManyPiecesBack,
    NothingToSendBack, AmountTooHigh, AmountTooLow, NoReplacement, TooManyPicturesOfCase.
    """
    if not is_chosen(ask.id):
        raise Invalid(field="id")
    order = await order_queries.lock_order(
        tx, ask.order_id, member_id=actor.id if actor.kind == "member" else None
    )
    if earlier := await queries.find_case(tx, ask.id):
        if earlier.content_hash != ask.content_hash():
            raise IdTakenByOther(field="id")
        return earlier
    _may_still_ask(order, ask, actor, now=now)
    lines = {line.position: line for line in await order_queries.lines_of(tx, order.id)}
    asked = await _asked_lines(tx, order, ask, lines)
    limits = limits_of(
        ask.kind, ask.reason_code, asked, {at: line.money for at, line in lines.items()}
    )
    amount = _amount(ask, limits, actor)
    case = Case(
        id=ask.id,
        number=await queries.next_number(tx, day=await _day(tx, now)),
        order_id=order.id,
        member_id=order.member_id,
        kind=ask.kind,
        state=CaseState.ASKED,
        stopped_at=None,
        in_sale=order.state == "paid",
        reason_code=ask.reason_code,
        remark=ask.remark,
        currency=order.currency,
        asked_minor=amount,
        amount_minor=amount,
        most_minor=limits.most_minor,
        deadline_at=now + answer_within(ask.kind),
        return_to=None,
        replacement_sku_id=await _replacement(tx, ask, lines),
        refund_id=None,
        refund_attempts=0,
        content_hash=ask.content_hash(),
        opened_at=now,
        lines=asked,
    )
    pictures = await pictures_of(tx, ask.media_ids)
    await queries.insert_case(tx, case, opened_by=actor)
    await queries.tell(
        tx, CaseTold(case.id, "asked", actor, ask.remark, media_ids=pictures), now=now
    )
    await opened(tx, case, now=now)
    if actor.kind == "staff" or _needs_no_answer(case, limits):
        return await agree_to(
            tx, order, case, amount_minor=None, return_to=return_to, actor=actor, now=now
        )
    facts = {"number": case.number, "kind": case.kind}
    await order_queries.tell(tx, [Told(order.id, "after_sale_opened", actor, facts=facts)], now=now)
    return case


def _may_still_ask(order: OrderRow, ask: AskAfterSale, actor: Actor, *, now: datetime) -> None:
    """Refuses with AfterSaleOver, BeingRefunded or Invalid."""
    if ask.reason_code not in REASONS:
        raise Invalid(field="reason_code")
    if order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    over = order.state not in ("paid", "shipped", "received", "settled")
    if order.state == "settled":  # Only the merchant gives back what is theirs already.
        over = actor.kind != "staff" or ask.kind not in ("refund_only", "price_difference")
    if order.state == "received" and order.settle_at and not order.after_sale_since:
        over = actor.kind != "staff" and order.settle_at <= now
    if over:
        raise AfterSaleOver(number=order.number, state=order.state)


async def _asked_lines(
    tx: Tx, order: OrderRow, ask: AskAfterSale, lines: Mapping[int, LineRow]
) -> tuple[CaseLine, ...]:
    """Refuses with Invalid, LineInAfterSale, NothingToSendBack, TooManyPiecesBack."""
    positions = [line.position for line in ask.lines]
    if not positions or len(set(positions)) < len(positions) or not set(positions) <= lines.keys():
        raise Invalid(field="lines")
    if ask.kind == "exchange" and len(positions) != 1:
        raise Invalid(field="lines")
    taken = await queries.lines_in_open_cases(tx, order.id)
    for position in positions:
        if position in taken:
            raise LineInAfterSale(title=lines[position].title, number=taken[position])
    if ask.kind in ("return", "exchange"):
        can_come_back = await carried(tx, [lines[position] for position in positions])
        for position in positions:
            if position not in can_come_back:
                raise NothingToSendBack(field="kind", title=lines[position].title)
    in_house = await at_home(tx, order, list(lines.values()))
    return tuple(
        _case_line(ask, lines[one.position], one.quantity, in_house[one.position])
        for one in ask.lines
    )


def _case_line(ask: AskAfterSale, line: LineRow, quantity: int, at_home: int) -> CaseLine:
    if ask.kind == "price_difference":
        return CaseLine(position=line.position, quantity=0)
    left = line.money.pieces_left
    if ask.kind != "refund_only":  # Only what was shipped can be sent back.
        left -= at_home
    if not 0 < quantity <= left:
        raise TooManyPiecesBack(field="lines", title=line.title, left=max(left, 0))
    return CaseLine(
        position=line.position,
        quantity=quantity,
        unshipped_quantity=min(quantity, at_home) if ask.kind == "refund_only" else 0,
    )


def _amount(ask: AskAfterSale, limits: Limits, actor: Actor) -> int:
    """Refuses with AmountTooHigh, AmountTooLow."""
    if ask.kind == "exchange":
        return 0
    limit = limits.most_minor if actor.kind == "staff" else limits.usual_minor
    amount = limits.usual_minor if ask.amount_minor is None else ask.amount_minor
    if amount > limit:
        raise AmountTooHigh(field="amount_minor", limit_minor=limit)
    if amount < 0 or (amount == 0 and (limit or ask.kind == "price_difference")):
        raise AmountTooLow(field="amount_minor", least_minor=1)
    return amount


def _needs_no_answer(case: Case, limits: Limits) -> bool:
    """Nothing has left the house and nothing is haggled about."""
    return (
        case.kind == "refund_only"
        and all(line.unshipped_quantity == line.quantity for line in case.lines)
        and case.amount_minor == limits.usual_minor
    )


async def _replacement(tx: Tx, ask: AskAfterSale, lines: Mapping[int, LineRow]) -> UUID | None:
    """Refuses with NoReplacement."""
    if ask.kind != "exchange":
        return None
    line = lines[ask.lines[0].position]
    wanted = ask.replacement_sku_id or line.sku_id
    if wanted == line.sku_id:
        return wanted
    sku = (await catalog.skus_for_sale(tx, [wanted, line.sku_id])).get(wanted)
    if (
        sku is None
        or not sku.is_on_sale
        or sku.product_id != line.product_id
        or sku.price.minor != line.unit_price_minor
    ):
        raise NoReplacement(field="replacement_sku_id")
    return wanted


async def _day(tx: Tx, now: datetime) -> str:
    """「261122」, by the shop's own calendar."""
    shop = await tenancy.tenant_of(tx)
    return f"{now.astimezone(ZoneInfo(shop.time_zone)):%y%m%d}"
