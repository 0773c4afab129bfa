"""What payment does by itself is done for everybody, whatever goes wrong with one."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.trade.builders import Stall, asked_to_pay, open_stall, placed, provider_says_paid
from weike import payment
from weike.kernel import Database, Money, TenantId, Tx, derived_id
from weike.payment import queries, refund_queries
from weike.payment.model import Config, Intent, PaymentSeen
from weike.payment.outcome import Outcome
from weike.payment.providers.fake import FakeGateway, FakeGateways
from weike.payment.settle_refund import refuse_refund, settle_refund


class BrokenFor(FakeGateway):
    """Answers about everything but one number."""

    broken: str = ""

    async def query(self, out_trade_no: str) -> Outcome[PaymentSeen]:
        if out_trade_no == self.broken:
            raise RuntimeError("an answer nobody foresaw")
        return await super().query(out_trade_no)


class OneGateway(FakeGateways):
    def __init__(self, gateway: FakeGateway) -> None:
        super().__init__()
        self.gateway = gateway

    def of(self, config: Config) -> FakeGateway:
        return self.gateway


async def test_one_payment_that_cannot_be_asked_about_hides_no_other(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    async def begin(tx: Tx) -> tuple[Stall, list[Intent]]:
        stall = await open_stall(tx, now, buyers=3)
        orders = [await placed(tx, stall, now, buyer=buyer) for buyer in stall.buyers]
        return stall, [await asked_to_pay(tx, order, now) for order in orders]

    stall, intents = await fresh_database.run(tenant_id, begin)
    till = BrokenFor(stall.config.mch_id)
    till.broken = intents[0].out_trade_no
    for intent in intents:
        till.pay(intent, now=now)
    job, *_ = payment.jobs(OneGateway(till))
    later = now + timedelta(minutes=1)

    assert await job.run(fresh_database, tenant_id, later) == 3
    assert await job.run(fresh_database, tenant_id, later) == 0

    async def states(tx: Tx) -> list[str]:
        found = [await queries.intent_by_id(tx, intent.id) for intent in intents]
        return [intent.state for intent in found if intent]

    assert await fresh_database.run(tenant_id, states) == ["created", "paid", "paid"]
    # It is not forgotten either.
    till.broken = ""
    assert await job.run(fresh_database, tenant_id, later + timedelta(minutes=10)) == 1
    assert await fresh_database.run(tenant_id, states) == ["paid", "paid", "paid"]


async def test_money_that_went_back_after_all_waits_for_a_person(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    intent = await asked_to_pay(tx, order, now)
    await provider_says_paid(tx, stall, intent, now)
    refund = await payment.request_refund(
        tx,
        refund_id=order.id,
        order_id=order.id,
        amount=Money(intent.amount_minor),
        reason="",
        now=now,
    )
    await refuse_refund(tx, refund, intent, code="NO", now=now)
    done = await stall.till.refund(refund, intent)

    settled = await settle_refund(tx, done.value, config=stall.config, now=now)  # type: ignore[union-attr]

    # Before, it was taken for a repetition: the order was shipped although the money was gone.
    assert (settled.outcome, settled.reason) == ("quarantined", "refund_refused_before")


async def test_unwanted_money_that_cannot_be_given_back_waits_for_a_person(
    tx: Tx, now: datetime
) -> None:
    stall = await open_stall(tx, now)
    order = await placed(tx, stall, now)
    intent = await asked_to_pay(tx, order, now)
    await payment.close_intent(tx, order_id=order.id, now=now)
    await provider_says_paid(tx, stall, intent, now)
    assert await payment.quarantined_count(tx) == 0  # On its way back by itself.
    refund = await refund_queries.refund_by_id(tx, derived_id(intent.id, "payment.return"))
    assert refund is not None

    await refuse_refund(tx, refund, intent, code="NO", now=now)

    # Before, nobody was told that a buyer's money stays with us.
    assert await payment.quarantined_count(tx) == 1
