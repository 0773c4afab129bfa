"""A made-up day of a busy shop: 20,000 movements in our states, our ledger and the channel's bill,
written by COPY; and 500 differences planted in the bill or in us, with the names they must get."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from msgspec.structs import replace

from weike.kernel import TenantId, derived_id
from weike.payment.reconciliation.model import span_of
from weike.sandbox.bills import BillRow, alipay_file, wechat_text

PAYMENTS, REFUNDS = 18_500, 1_500
DAY = date(2026, 11, 11)
_START, _END = span_of(DAY)


@dataclass
class Moved:
    """One movement as we know it and as the bill will tell it; None: that side does not know."""

    row: BillRow | None
    id: UUID
    order_id: UUID
    number: str
    amount: int
    at: datetime
    txn: str
    intent_id: UUID
    intent: Moved | None = None
    ours: bool = True
    paid: bool = True
    in_ledger: bool = True


@dataclass
class Day:
    provider: str
    config_id: UUID
    payments: list[Moved]
    refunds: list[Moved]
    extra_rows: list[BillRow] = field(default_factory=list)
    planted: dict[str, str] = field(default_factory=dict)
    """By number: the class it must get."""

    def rows(self) -> list[BillRow]:
        rows = [one.row for one in (*self.payments, *self.refunds) if one.row]
        return sorted([*rows, *self.extra_rows], key=lambda row: row.at)

    def packed(self) -> bytes:
        if self.provider == "alipay":
            return alipay_file(self.rows(), seller_id="2088000000000001", day=DAY)
        return gzip.compress(wechat_text(self.rows()).encode(), compresslevel=1)


def clean_day(provider: str, seed: int, *, payments: int = PAYMENTS, refunds: int = REFUNDS) -> Day:
    chance = random.Random(seed)  # noqa: S311
    config_id = _id(chance)
    seconds = int((_END - _START).total_seconds())
    paid = [_payment(chance, chance.randrange(1000, seconds - 1000)) for _ in range(payments)]
    returned = [_refund(chance, one) for one in chance.sample(paid, refunds)]
    return Day(provider, config_id, paid, returned)


def plant(day: Day, seed: int) -> None:
    """500 of them, each on a movement of its own."""
    chance = random.Random(seed)  # noqa: S311
    kept = {one.intent_id for one in day.refunds}
    alone = [one for one in day.payments if one.id not in kept]
    chance.shuffle(alone)
    refunds = list(day.refunds)
    chance.shuffle(refunds)
    for name, deed, count in _PLANTS:
        for _ in range(count):
            one = refunds.pop() if "refund" in deed.__name__ else alone.pop()
            deed(day, one, chance)
            day.planted[one.number] = name


def _missing_row(day: Day, one: Moved, chance: random.Random) -> None:
    one.row = None


def _missing_refund_row(day: Day, one: Moved, chance: random.Random) -> None:
    one.row = None


def _unknown_to_us(day: Day, one: Moved, chance: random.Random) -> None:
    one.ours = False


def _other_amount(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    one.row = replace(one.row, amount=one.amount + chance.choice((-1, 1, 100)), fee_ppm=0)


def _other_refund_amount(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    one.row = replace(one.row, amount=one.amount + 1)


def _not_paid_at_us(day: Day, one: Moved, chance: random.Random) -> None:
    one.paid = False


def _refund_failed_there(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    # Alipay's bill has no failed refunds: there the refund is still open at us.
    if day.provider == "alipay":
        one.paid = False
    else:
        one.row = replace(one.row, state="CLOSED")


def _at_the_end_of_the_day(day: Day, one: Moved, chance: random.Random) -> None:
    one.at, one.row = _END - timedelta(seconds=chance.randrange(1, 60)), None


def _of_the_day_before(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    one.at = _START - timedelta(seconds=chance.randrange(1, 60))
    one.row = replace(one.row, at=int(_START.timestamp()) + chance.randrange(60))


def _twice(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    day.extra_rows.append(one.row)


def _charged_twice(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    day.extra_rows.append(replace(one.row, transaction_id=_digits(chance)))


def _refunded_twice(day: Day, one: Moved, chance: random.Random) -> None:
    assert one.row
    day.extra_rows.append(one.row)


def _not_in_the_books(day: Day, one: Moved, chance: random.Random) -> None:
    one.in_ledger = False


_Plant = Callable[[Day, Moved, random.Random], None]
_PLANTS: tuple[tuple[str, _Plant, int], ...] = (
    ("missing_at_channel", _missing_row, 60),
    ("missing_at_channel", _missing_refund_row, 20),
    ("missing_at_us", _unknown_to_us, 80),
    ("amount", _other_amount, 60),
    ("amount", _other_refund_amount, 20),
    ("state", _not_paid_at_us, 60),
    ("state", _refund_failed_there, 20),
    ("date_edge", _at_the_end_of_the_day, 40),
    ("date_edge", _of_the_day_before, 40),
    ("duplicated", _twice, 30),
    ("duplicated", _charged_twice, 30),
    ("duplicated", _refunded_twice, 20),
    ("ledger", _not_in_the_books, 20),
)


async def write(connection: asyncpg.Connection[Any], tenant_id: TenantId, day: Day) -> None:
    """Our three tables and the ledger, as the owner: COPY knows no row-level security."""
    await connection.execute(
        "insert into payment.configs (tenant_id, id, provider, mch_id, credentials_cipher, state,"
        " version, created_at, updated_at)"
        " values ($1, $2, $3, '1900000001', '', 'active', 1, $4, $4)",
        *(tenant_id, day.config_id, day.provider, _START),
    )
    method = "mini" if day.provider == "wechat" else "alipay_wap"
    await _copy(
        connection,
        "payment.intents",
        "tenant_id id order_id config_id method app_id out_trade_no description amount_minor"
        " currency state expires_at transaction_id payer paid_at created_at",
        [
            (
                *(tenant_id, one.id, one.order_id, day.config_id, method, "wx1", one.number),
                *("明前龙井", one.amount, "CNY", "paid" if one.paid else "prepaid", _END),
                *(one.txn if one.paid else None, "o-buyer", one.at if one.paid else None, one.at),
            )
            for one in day.payments
            if one.ours
        ],
    )
    await _copy(
        connection,
        "payment.refunds",
        "tenant_id id intent_id order_id purpose out_refund_no amount_minor currency reason state"
        " requested_at done_at",
        [
            (
                *(tenant_id, one.id, one.intent_id, one.order_id, "order", one.number, one.amount),
                *("CNY", "不想要了", "succeeded" if one.paid else "sent", one.at),
                one.at if one.paid else None,
            )
            for one in day.refunds
            if one.ours
        ],
    )
    await _write_ledger(connection, tenant_id, day)
    await connection.execute("analyze payment.intents; analyze payment.refunds")
    await connection.execute("analyze ledger.entries; analyze ledger.transfers")


async def _write_ledger(connection: asyncpg.Connection[Any], tenant_id: TenantId, day: Day) -> None:
    cash, owner = f"channel_cash:{day.provider}", UUID(int=0)
    transfers, entries = [], []
    for kind, purpose, sign, moves in (
        ("payment_received", "ledger.payment", 1, day.payments),
        ("payment_refunded", "ledger.refund", -1, day.refunds),
    ):
        for one in moves:
            if one.ours and one.paid and one.in_ledger:
                id = derived_id(one.id, purpose)
                transfers.append((tenant_id, id, kind, "", "order", one.order_id, one.at))
                for position, account in enumerate((cash, "escrow")):
                    amount = one.amount * sign * (1 if position == 0 else -1)
                    entries.append(
                        (tenant_id, id, position, account, owner, amount, "CNY", one.at, one.at)
                    )
    await _copy(
        connection,
        "ledger.transfers",
        "tenant_id id kind reason source_type source_id at",
        transfers,
    )
    await _copy(
        connection,
        "ledger.entries",
        "tenant_id transfer_id position account owner_id amount_minor currency at written_at",
        entries,
    )


async def _copy(
    connection: asyncpg.Connection[Any], table: str, columns: str, rows: list[tuple[Any, ...]]
) -> None:
    schema, name = table.split(".")
    await connection.copy_records_to_table(
        name, schema_name=schema, columns=columns.split(), records=rows
    )


def _payment(chance: random.Random, second: int) -> Moved:
    at = _START + timedelta(seconds=second)
    id, order_id, amount = _id(chance), _id(chance), chance.randrange(1, 50_000)
    txn = _digits(chance)
    row = BillRow(
        kind="payment",
        at=int(at.timestamp()),
        mch_id="1900000001",
        app_id="wx1",
        transaction_id=txn,
        out_trade_no=id.hex,
        payer="o-buyer",
        title="明前龙井 特级 50g, 新茶",
        total=amount,
        amount=amount,
    )
    return Moved(row, id, order_id, id.hex, amount, at, txn, id)


def _refund(chance: random.Random, payment: Moved) -> Moved:
    id, amount = _id(chance), chance.randrange(1, payment.amount + 1)
    at = min(payment.at + timedelta(seconds=chance.randrange(1, 300)), _END - timedelta(hours=1))
    assert payment.row
    row = replace(
        payment.row,
        kind="refund",
        at=int(at.timestamp()),
        amount=amount,
        refund_id=_digits(chance),
        out_refund_no=id.hex,
    )
    return Moved(row, id, payment.order_id, id.hex, amount, at, "", payment.id)


def _id(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128) & ~(0xF << 76) | 0x7 << 76)


def _digits(chance: random.Random) -> str:
    return "42" + str(chance.randrange(10**25, 10**26))
