"""A day of 20,000 movements: none is called wrong, and 500 of 500 planted differences are found
and called by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from tests.databases import Urls
from tests.payment.reconciliation.days import DAY, PAYMENTS, REFUNDS, Day, clean_day, plant, write
from weike.kernel import Database, TenantId, Tx
from weike.payment.model import Config
from weike.payment.providers.fake import FakeGateway
from weike.payment.reconciliation import difference_queries, queries
from weike.payment.reconciliation.compare_bill import Compared, compare_bill
from weike.payment.reconciliation.model import ready_at
from weike.payment.reconciliation.take_bill import take_bill

NOW = ready_at(DAY) + timedelta(minutes=5)


@dataclass
class OneGateway:
    gateway: FakeGateway

    def of(self, config: Config) -> FakeGateway:
        return self.gateway


@dataclass
class Desk:
    """A shop with one channel and its bill."""

    database: Database
    owner: asyncpg.Connection[asyncpg.Record]
    tenant_id: TenantId

    async def compare(self, day: Day, *, now: datetime = NOW) -> Compared:
        gateway = FakeGateway("1900000001", bills={DAY: day.packed()})
        assert await take_bill(
            self.database,
            OneGateway(gateway),
            self.tenant_id,
            config_id=day.config_id,
            day=DAY,
            now=now,
        )
        bill_id = queries.bill_id_of(day.config_id, DAY)
        return await self.database.run(
            self.tenant_id, lambda tx: compare_bill(tx, bill_id, now=now)
        )

    async def found(self) -> dict[str, str]:
        async def read(tx: Tx) -> dict[str, str]:
            rows = await difference_queries.differences(
                tx,
                first=DAY,
                last=DAY,
                provider=None,
                class_=None,
                state=None,
                number=None,
                after=None,
                limit=5000,
            )
            assert len({row.number for row in rows}) == len(rows)
            return {row.number: row.class_ for row in rows}

        return await self.database.run(self.tenant_id, read)

    async def bill(self, config_id: UUID, day: date = DAY) -> queries.Bill:
        found = await self.database.run(
            self.tenant_id, lambda tx: queries.bill_by_id(tx, queries.bill_id_of(config_id, day))
        )
        assert found
        return found


@pytest.fixture
async def desk(
    fresh_urls: Urls, fresh_database: Database, tenant_id: TenantId
) -> AsyncIterator[Desk]:
    owner = await asyncpg.connect(fresh_urls.owner)
    yield Desk(fresh_database, owner, tenant_id)
    await owner.close()


@pytest.mark.any_statement
@pytest.mark.parametrize(
    ("provider", "payments", "refunds"),
    [("wechat", PAYMENTS, REFUNDS), ("alipay", PAYMENTS // 5, REFUNDS // 5)],
)
async def test_a_clean_day_has_no_difference_and_a_planted_one_has_all(
    desk: Desk, provider: str, payments: int, refunds: int
) -> None:
    day = clean_day(provider, seed=20261111, payments=payments, refunds=refunds)
    await write(desk.owner, desk.tenant_id, day)
    compared = await desk.compare(day)
    assert (compared.found, compared.open) == (0, 0)
    bill = await desk.bill(day.config_id)
    assert (bill.payments, bill.refunds) == (payments, refunds)
    assert bill.paid_minor == bill.ours_paid_minor == bill.ledger_in_minor
    assert bill.refunded_minor == bill.ours_refunded_minor == bill.ledger_out_minor
    assert bill.fee_booked_minor == bill.fee_minor > 0

    planted = clean_day(provider, seed=11, payments=payments, refunds=refunds)
    plant(planted, seed=7)
    assert len(planted.planted) == 500
    # Another merchant number of the same shop: both live side by side.
    await desk.owner.execute("update payment.configs set state = 'off'")
    await write(desk.owner, desk.tenant_id, planted)
    await desk.compare(planted)
    found = await desk.found()
    wrong = {
        number: (name, found.get(number))
        for number, name in planted.planted.items()
        if found.get(number) != name
    }
    assert not wrong, Counter(wrong.values())
    assert len(found) == 500

    # The same day again gives the same list.
    await desk.compare(planted, now=NOW + timedelta(minutes=5))
    assert await desk.found() == found
