"""Two and more at once on one balance, with real commits: it is never below zero."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import pytest

from tests.databases import FreshDatabases, Urls
from weike import ledger, payment
from weike.kernel import Database, Money, Refusal, TenantId, Tx, uuid7
from weike.payment import queries
from weike.payment.balance import BalanceSettings, open_top_up, take_back
from weike.payment.model import Config, PaymentSeen
from weike.payment.settle_payment import settle_payment

RULES = BalanceSettings(is_on=True, issuer="橙心商贸有限公司", filing="440300AAB0001")


Work = Callable[[Tx], Awaitable[object]]


class Purse:
    """One member with a balance that came in one top-up."""

    def __init__(self, shop: Database, tenant_id: TenantId, now: datetime) -> None:
        self.shop, self.tenant_id, self.now = shop, tenant_id, now
        self.member_id = uuid7(now)
        self.config = Config(
            id=uuid7(now),
            provider="alipay",
            mch_id="2088000000000001",
            app_id="2021000000000001",
            app_id_mini=None,
            app_id_official=None,
            credentials_cipher=b"",
            state="active",
            version=1,
        )

    async def run(self, work: Work) -> object:
        return await self.shop.run(self.tenant_id, work)

    async def at_once(self, *works: Work) -> list[object]:
        return await asyncio.gather(*(self.run(work) for work in works), return_exceptions=True)

    async def open(self, tx: Tx, amount: int) -> None:
        await queries.insert_config(tx, self.config, now=self.now)
        await payment.set_balance(tx, RULES, now=self.now)
        intent = await open_top_up(
            tx,
            top_up_id=uuid7(self.now),
            member_id=self.member_id,
            amount=Money(amount),
            method="alipay_wap",
            description="充值",
            now=self.now,
        )
        seen = PaymentSeen(
            mch_id=self.config.mch_id,
            app_id=intent.app_id,
            out_trade_no=intent.out_trade_no,
            state="paid",
            transaction_id="1",
            amount_minor=amount,
            currency="CNY",
            paid_at=self.now,
        )
        await settle_payment(tx, seen, config=self.config, now=self.now)

    def paying(self, amount: int, order_id: UUID | None = None) -> Work:
        order = order_id or uuid7(self.now)
        return lambda tx: payment.pay_by_balance(
            tx,
            intent_id=uuid7(self.now),
            order_id=order,
            member_id=self.member_id,
            amount=Money(amount),
            description="茶",
            now=self.now,
        )

    def taking(self, amount: int, request_id: UUID | None = None) -> Work:
        request = request_id or uuid7(self.now)
        return lambda tx: take_back(
            tx,
            request_id=request,
            member_id=self.member_id,
            amount=Money(amount),
            now=self.now,
        )

    async def is_sound(self) -> int:
        """The balance; every check agrees and nothing is negative."""

        async def read(tx: Tx) -> int:
            checks = await payment.balances_check(tx)
            assert all(check.ok for check in checks), checks
            return (await ledger.balance(tx, "balance", self.member_id)).minor

        found = await self.run(read)
        assert isinstance(found, int)
        assert found >= 0
        return found


@pytest.fixture
async def purse(
    fresh_databases: FreshDatabases, fresh_urls: Urls, tenant_id: TenantId, now: datetime
) -> Purse:
    shop = await fresh_databases.open(fresh_urls, size=16)
    purse = Purse(shop, tenant_id, now)
    await purse.run(lambda tx: purse.open(tx, 500_00))
    return purse


def refused(answers: list[object]) -> int:
    assert not [
        one for one in answers if isinstance(one, BaseException) and not isinstance(one, Refusal)
    ], answers
    return sum(isinstance(one, Refusal) for one in answers)


async def test_twenty_orders_at_once_and_money_for_five(purse: Purse) -> None:
    answers = await purse.at_once(*(purse.paying(100_00) for _ in range(20)))
    assert refused(answers) == 15
    assert await purse.is_sound() == 0


async def test_spent_and_taken_back_at_once(purse: Purse) -> None:
    works = [work for _ in range(8) for work in (purse.paying(90_00), purse.taking(70_00))]
    answers = await purse.at_once(*works)
    left = await purse.is_sound()
    assert left == 500_00 - sum(
        90_00 if number % 2 == 0 else 70_00
        for number, one in enumerate(answers)
        if not isinstance(one, Refusal)
    )
    assert left < 90_00
    refused(answers)


async def test_one_order_paid_by_many_taps_is_paid_once(purse: Purse) -> None:
    order_id = uuid7(purse.now)
    answers = await purse.at_once(*(purse.paying(100_00, order_id) for _ in range(6)))
    assert refused(answers) == 5
    assert await purse.is_sound() == 400_00


async def test_the_same_wish_to_have_it_back_at_once_leaves_once(purse: Purse) -> None:
    request_id = uuid7(purse.now)
    answers = await purse.at_once(*(purse.taking(200_00, request_id) for _ in range(6)))
    assert refused(answers) == 0
    assert await purse.is_sound() == 300_00
