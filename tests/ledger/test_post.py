"""Posting: balanced, once, and the same id never with other content."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from weike import ledger
from weike.kernel import Money, Tx, uuid7
from weike.ledger import Entry, Transfer


def placed(amount_minor: int, *, now: datetime, id: UUID | None = None) -> Transfer:
    order_id = id or uuid7(now)
    return ledger.moving(
        Money(amount_minor),
        debit="buyer_due",
        credit="orders_open",
        id=order_id,
        kind="order_placed",
        source_type="order",
        source_id=order_id,
        at=now,
    )


async def test_what_is_posted_is_the_balance(tx: Tx, now: datetime) -> None:
    posted = await ledger.post_many(tx, [placed(1200, now=now), placed(34, now=now)])

    assert posted == 2
    assert await ledger.balance(tx, "buyer_due") == Money(1234)
    assert await ledger.balance(tx, "orders_open") == Money(1234)


async def test_posting_twice_moves_the_money_once(tx: Tx, now: datetime) -> None:
    transfer = placed(500, now=now)

    assert await ledger.post(tx, transfer) is True
    assert await ledger.post(tx, replace(transfer, at=now + timedelta(hours=1))) is False
    assert await ledger.balance(tx, "buyer_due") == Money(500)


async def test_twice_in_one_call_is_once(tx: Tx, now: datetime) -> None:
    transfer = placed(500, now=now)

    assert await ledger.post_many(tx, [transfer, transfer]) == 1


async def test_the_same_id_with_other_content_is_refused(tx: Tx, now: datetime) -> None:
    transfer = placed(500, now=now)
    await ledger.post(tx, transfer)

    with pytest.raises(ledger.TransferDiffers):
        await ledger.post(tx, placed(501, now=now, id=transfer.id))
    with pytest.raises(ledger.TransferDiffers):
        await ledger.post_many(tx, [placed(7, now=now), placed(7, now=now, id=transfer.id)])


@pytest.mark.parametrize(
    "entries",
    [
        (Entry("buyer_due", 5), Entry("orders_open", -4)),
        (Entry("buyer_due", 5),),
        (Entry("buyer_due", 0), Entry("orders_open", 0)),
    ],
)
def test_a_transfer_that_does_not_balance_cannot_be_made(
    entries: tuple[Entry, ...], now: datetime
) -> None:
    with pytest.raises(ValueError, match=r"balance|zero"):
        Transfer(uuid7(now), "order_placed", "order", uuid7(now), now, entries)


@pytest.mark.parametrize(
    "account", ["petty_cash", "channel_cash", "escrow:wechat", "channel_cash:"]
)
def test_an_account_that_the_catalogue_does_not_know_is_refused(
    account: str, now: datetime
) -> None:
    with pytest.raises(ledger.UnknownAccount):
        Transfer(
            uuid7(now),
            "payment_received",
            "order",
            uuid7(now),
            now,
            (Entry(account, 5), Entry("escrow", -5)),
        )


async def test_the_database_refuses_imbalance_whoever_writes_it(tx: Tx, now: datetime) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="does not balance, 1 CNY too much") as it:
        await tx.execute(
            """
            insert into ledger.entries
                (tenant_id, transfer_id, position, account, owner_id, amount_minor, currency, at)
            select $1, $2, x.position, 'escrow', $2, x.amount, 'CNY', $3
            from unnest($4::integer[], $5::bigint[]) as x(position, amount)
            """,
            tx.tenant_id,
            uuid7(now),
            now,
            [0, 1],
            [100, -99],
        )
    assert it.value.sqlstate == "23514"
    assert it.value.constraint_name == "entries_balance"


@pytest.mark.parametrize("table", ["ledger.transfers", "ledger.entries"])
@pytest.mark.parametrize("verb", ["update {} set at = now()", "delete from {}"])
async def test_the_books_cannot_be_edited(tx: Tx, table: str, verb: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(verb.format(table) + " where tenant_id = $1", tx.tenant_id)


async def test_what_one_thing_moved_can_be_read(tx: Tx, now: datetime) -> None:
    transfer = placed(500, now=now)
    await ledger.post_many(tx, [transfer, placed(7, now=now)])

    (found,) = await ledger.transfers_of(tx, "order", transfer.source_id)

    assert found.kind == "order_placed"
    assert [(entry.account, entry.amount_minor) for entry in found.entries] == [
        ("buyer_due", 500),
        ("orders_open", -500),
    ]
    assert await ledger.transfers_of(tx, "intent", transfer.source_id) == []
