"""The bills of the made-up past: what the channel says of the last thirty days, written in its own
form, taken and compared by the deeds that take the real ones. One day differs in a few lines, and
one buyer has paid twice; the rest agrees to the fen.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from weike.entry.demo.scene import Scene
from weike.kernel import Record, Tx
from weike.payment import queries as payment_queries
from weike.payment.model import Config, PaymentSeen
from weike.payment.providers.fake import FakeGateway
from weike.payment.quarantine.book_quarantined import book_quarantined
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.model import day_of, ready_at, span_of
from weike.payment.reconciliation.queries import bill_id_of
from weike.payment.reconciliation.take_bill import take_bill
from weike.sandbox.bills import BillRow, wechat_text

_DAYS = 30
_DIFFERS_DAYS_AGO = 3
_ENOUGH = 4
"""Payments of a day that shall differ."""


async def show_bills(scene: Scene) -> None:
    """Today's bill is written as far as the day has come, so that tomorrow's sandbox, which never
    heard of these payments, is not asked about them."""
    config = await scene.past.run(_config, at=scene.now)
    if config is None:
        return
    today = day_of(scene.now)
    days = [today - timedelta(days=ago) for ago in range(_DAYS, -1, -1)]
    book = await scene.past.run(
        lambda tx: _book(tx, config, days),
        at=scene.now,
    )
    paid_twice = await _pay_twice(scene, config, book)
    if paid_twice:
        book[day_of(_moment(paid_twice))].append(paid_twice)
    differs = _day_that_differs(book, today)
    for day in days:
        rows = _spoiled(book[day]) if day == differs else book[day]
        await _compare(scene, config, day, rows)


async def _compare(scene: Scene, config: Config, day: date, rows: Sequence[BillRow]) -> None:
    fake = scene.past.gateways.of(config)
    if not isinstance(fake, FakeGateway):
        return
    in_order = sorted(rows, key=lambda row: row.at)
    fake.bills[day] = gzip.compress(wechat_text(in_order).encode())
    at = min(ready_at(day) + timedelta(minutes=3), scene.now)
    scene.past.clock.at = at
    await take_bill(
        scene.past.database,
        scene.past.gateways,
        scene.past.tenant_id,
        config_id=config.id,
        day=day,
        now=at,
    )
    bill_id = bill_id_of(config.id, day)
    await scene.past.run(lambda tx: compare_bill(tx, bill_id, now=at), at=at)


async def _config(tx: Tx) -> Config | None:
    return await payment_queries.config_of_shop(tx, "wechat")


async def _book(tx: Tx, config: Config, days: Sequence[date]) -> dict[date, list[BillRow]]:
    return {day: await _rows(tx, config, day) for day in days}


async def _rows(tx: Tx, config: Config, day: date) -> list[BillRow]:
    """Our own book of the day, as the channel would tell it."""
    since, until = span_of(day)
    paid = await tx.fetch(
        "select i.out_trade_no, i.transaction_id, i.amount_minor, i.paid_at as at, i.description,"
        " i.app_id, i.amount_minor as total_minor, '' as out_refund_no from payment.intents i"
        " where i.tenant_id = $1 and i.config_id = $2 and i.state = 'paid'"
        " and i.paid_at >= $3 and i.paid_at < $4 order by i.paid_at, i.id",
        *(tx.tenant_id, config.id, since, until),
    )
    returned = await tx.fetch(
        "select i.out_trade_no, i.transaction_id, r.amount_minor, r.done_at as at, i.description,"
        " i.app_id, i.amount_minor as total_minor, r.out_refund_no from payment.refunds r"
        " join payment.intents i on i.tenant_id = $1 and i.id = r.intent_id"
        " where r.tenant_id = $1 and i.config_id = $2 and r.state = 'succeeded'"
        " and r.done_at >= $3 and r.done_at < $4 order by r.done_at, r.id",
        *(tx.tenant_id, config.id, since, until),
    )
    return [_row(row, config) for row in (*paid, *returned)]


def _row(row: Record, config: Config) -> BillRow:
    is_refund = bool(row["out_refund_no"])
    return BillRow(
        kind="refund" if is_refund else "payment",
        at=int(row["at"].timestamp()),
        mch_id=config.mch_id,
        app_id=row["app_id"],
        transaction_id=row["transaction_id"],
        out_trade_no=row["out_trade_no"],
        payer="",
        title=row["description"],
        total=row["total_minor"],
        amount=row["amount_minor"],
        refund_id=f"50{row['out_refund_no'][:12]}" if is_refund else "",
        out_refund_no=row["out_refund_no"],
    )


def _payments(rows: Sequence[BillRow]) -> list[BillRow]:
    return [row for row in rows if row.kind == "payment"]


def _day_that_differs(book: dict[date, list[BillRow]], today: date) -> date | None:
    """The newest that is not too new and had enough payments."""
    last = today - timedelta(days=_DIFFERS_DAYS_AGO)
    busy = [day for day, rows in book.items() if day <= last and len(_payments(rows)) >= _ENOUGH]
    return max(busy, default=None)


def _spoiled(rows: Sequence[BillRow]) -> list[BillRow]:
    """A payment that the bill lacks, one that is a fen off, one of another till."""
    missing, other, *_ = _payments(rows)
    stranger = replace(
        other,
        out_trade_no=f"POS{other.at}",
        transaction_id=f"4200002026{other.at}0001",
        title="门店收银",
        at=other.at + 600,
        amount=8800,
        total=8800,
    )
    kept = [row for row in rows if row != missing and row != other]
    return [*kept, replace(other, amount=other.amount + 1), stranger]


async def _pay_twice(
    scene: Scene, config: Config, book: dict[date, list[BillRow]]
) -> BillRow | None:
    """The newest payment before today, paid once more under its own number."""
    before = [row for day, rows in book.items() if day < day_of(scene.now) for row in rows]
    if not _payments(before):
        return None
    first = max(_payments(before), key=lambda row: row.at)
    again = replace(first, at=first.at + 40, transaction_id=f"4200002026{first.at}0002")
    at = _moment(again)
    seen = PaymentSeen(
        mch_id=config.mch_id,
        app_id=again.app_id,
        out_trade_no=again.out_trade_no,
        state="paid",
        transaction_id=again.transaction_id,
        amount_minor=again.amount,
        currency="CNY",
        paid_at=at,
    )

    async def book_it(tx: Tx) -> None:
        order_id = await payment_queries.order_of_number(tx, again.out_trade_no)
        intents = await payment_queries.lock_intents_of_order(tx, order_id) if order_id else []
        intent = next((one for one in intents if one.out_trade_no == again.out_trade_no), None)
        await book_quarantined(tx, seen, config=config, intent=intent, reason="paid_twice", now=at)

    await scene.past.run(book_it, at=at)
    return again


def _moment(row: BillRow) -> datetime:
    return datetime.fromtimestamp(row.at, UTC)
