"""Two at once on one order, with real commits: cancel and pay, pay twice, refund and ship."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
import pytest

from tests.databases import FreshDatabases, Urls
from tests.trade.builders import (
    Stall,
    asked_to_pay,
    books_agree,
    open_stall,
    pay_at_provider,
    placed,
    provider_says_paid,
    refund_at_provider,
    state_of,
    told_of,
)
from weike import catalog, inventory, ledger, payment, trade
from weike.kernel import Database, Money, Refusal, Subscriber, TenantId, Tx, utc_now, uuid7
from weike.ledger.queries import roll_up
from weike.trade.model import Actor, Placed
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

LISTENERS = [one for one in trade.subscribers() if isinstance(one, Subscriber)]


T = TypeVar("T")


@dataclass
class Scene:
    """One shop whose commits are real, and a relay to be called by hand."""

    shop: Database
    tenant_id: TenantId
    now: datetime
    stall: Stall

    async def run(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        return await self.shop.run(self.tenant_id, work)

    async def at_once(self, *works: Callable[[Tx], Awaitable[object]]) -> list[object]:
        return await asyncio.gather(*(self.run(work) for work in works), return_exceptions=True)

    async def relay(self) -> None:
        """Two workers deliver everything, and each message twice."""

        async def take(tx: Tx) -> list[tuple[str, dict[str, object]]]:
            rows = await tx.fetch(
                "update kernel.outbox o set state = 'done' "
                "where o.tenant_id = $1 and o.state = 'ready' returning o.topic, o.payload",
                tx.tenant_id,
            )
            return [(row["topic"], row["payload"]) for row in rows]

        for topic, payload in await self.run(take):
            for listener in LISTENERS:
                if listener.event.topic != topic:
                    continue
                event = msgspec.convert(payload, listener.event, strict=False)

                async def handle(tx: Tx, listener=listener, event=event) -> None:  # type: ignore[no-untyped-def]
                    await listener.handle(tx, event, self.now)

                answers = await self.at_once(handle, handle)
                assert not [answer for answer in answers if isinstance(answer, BaseException)]


@pytest.fixture
async def scene(
    fresh_databases: FreshDatabases, fresh_urls: Urls, tenant_id: TenantId, now: datetime
) -> AsyncIterator[Scene]:
    listeners: dict[str, list[str]] = {}
    for listener in LISTENERS:
        listeners.setdefault(listener.event.topic, []).append(listener.name)
    shop = await fresh_databases.open(fresh_urls, listeners=listeners, size=16)
    stall = await shop.run(tenant_id, lambda tx: open_stall(tx, now, buyers=2))
    scene = Scene(shop, tenant_id, now, stall)
    yield scene
    await scene.run(lambda tx: books_agree(tx, now))


async def an_order(scene: Scene, *, is_paid: bool = False) -> Placed:
    order = await scene.run(lambda tx: placed(tx, scene.stall, scene.now))
    if is_paid:
        await scene.run(lambda tx: pay_at_provider(tx, scene.stall, order, scene.now))
        await scene.relay()
    return order


def cancelling(scene: Scene, order_id: UUID) -> Callable[[Tx], Awaitable[None]]:
    actor = Actor("member", scene.stall.buyer.member_id)
    return lambda tx: trade.cancel_order(
        tx, trade.Ports(), order_id=order_id, actor=actor, reason="", now=scene.now
    )


@pytest.mark.parametrize("attempt", range(6))
async def test_cancelled_and_paid_at_once(scene: Scene, attempt: int) -> None:
    order = await an_order(scene)
    intent = await scene.run(lambda tx: asked_to_pay(tx, order, scene.now))

    (cancelled, _) = await scene.at_once(
        cancelling(scene, order.id),
        lambda tx: provider_says_paid(tx, scene.stall, intent, scene.now),
    )
    # Payment has booked what trade has not heard of: reconciliation knows it is on its way.
    await scene.run(lambda tx: books_agree(tx, scene.now))
    await scene.relay()

    state, pay_state, _ = await scene.run(lambda tx: state_of(tx, order.id))
    available = await scene.run(lambda tx: inventory.available(tx, scene.stall.skus[:1]))
    if isinstance(cancelled, Refusal):
        assert (state, pay_state) == ("paid", "paid")
        assert available == {scene.stall.skus[0]: 9}
    else:
        assert (state, pay_state) == ("cancelled", "unpaid")
        assert available == {scene.stall.skus[0]: 10}
        # The money is on its way back; payment keeps it apart from the escrow meanwhile.
        assert await scene.run(lambda tx: ledger.balance(tx, "escrow")) == Money(0)


async def test_cancelled_and_expired_at_once_frees_the_stock_once(scene: Scene) -> None:
    order = await an_order(scene)
    late = scene.now + timedelta(hours=1)

    await scene.at_once(
        cancelling(scene, order.id),
        lambda tx: expire_orders(tx, late, ports=trade.Ports()),
        lambda tx: expire_orders(tx, late, ports=trade.Ports()),
    )

    assert await scene.run(lambda tx: inventory.available(tx, scene.stall.skus[:1])) == {
        scene.stall.skus[0]: 10
    }
    assert len(await scene.run(lambda tx: told_of(tx, order.id))) == 2


async def test_shipped_and_refunded_at_once_is_one_of_them(scene: Scene) -> None:
    order = await an_order(scene, is_paid=True)

    async def ship(tx: Tx) -> None:
        await trade.ship_order(
            tx,
            parcel_id=uuid7(scene.now),
            order_id=order.id,
            courier="sf",
            tracking_no="SF1",
            actor=Actor("staff"),
            now=scene.now,
        )

    async def refund(tx: Tx) -> None:
        await trade.refund_order(
            tx,
            refund_id=uuid7(scene.now),
            order_id=order.id,
            actor=Actor("member", scene.stall.buyer.member_id),
            reason="",
            now=scene.now,
        )

    answers = await scene.at_once(ship, refund, ship, refund)

    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == 3, answers
    assert await scene.run(lambda tx: state_of(tx, order.id)) in [
        ("shipped", "paid", "none"),
        ("paid", "refunding", "none"),
    ]


async def test_received_by_hand_and_by_time_is_received_once(scene: Scene) -> None:
    order = await an_order(scene, is_paid=True)
    await scene.run(
        lambda tx: trade.ship_order(
            tx,
            parcel_id=uuid7(scene.now),
            order_id=order.id,
            courier="sf",
            tracking_no="SF1",
            actor=Actor("staff"),
            now=scene.now,
        )
    )
    late = scene.now + timedelta(days=11)
    mine = scene.stall.buyer.member_id

    await scene.at_once(
        lambda tx: trade.receive_order(tx, order_id=order.id, member_id=mine, now=late),
        lambda tx: receive_due(tx, late),
        lambda tx: receive_due(tx, late),
    )
    later = late + timedelta(days=8)
    await scene.at_once(*[lambda tx: settle_due(tx, later)] * 3)

    told = await scene.run(lambda tx: told_of(tx, order.id))
    assert len(told) == 5
    assert told[-1] == "settled"
    assert await scene.run(lambda tx: ledger.balance(tx, "merchant")) == Money(12800)


async def test_a_roll_up_beside_postings_loses_nothing(scene: Scene) -> None:
    """Two workers roll up while orders are posted; the balance is exact at every moment."""
    orders = [lambda tx: placed(tx, scene.stall, scene.now, lines={scene.stall.skus[1]: 1})] * 8
    rolls = [lambda tx: roll_up(tx, utc_now() - timedelta(minutes=15))] * 4
    answers = await scene.at_once(*orders, *rolls)

    assert not [answer for answer in answers if isinstance(answer, BaseException)], answers
    assert await scene.run(lambda tx: ledger.balance(tx, "buyer_due")) == Money(8 * 4500)
    await scene.at_once(*[lambda tx: roll_up(tx, utc_now() + timedelta(hours=1))] * 3)
    assert await scene.run(lambda tx: ledger.balance(tx, "buyer_due")) == Money(8 * 4500)


async def test_the_same_parcel_asked_for_twice_at_once_is_shipped_once(scene: Scene) -> None:
    order, parcel_id = await an_order(scene, is_paid=True), uuid7(scene.now)

    async def ship(tx: Tx) -> None:
        await trade.ship_order(
            tx,
            parcel_id=parcel_id,
            order_id=order.id,
            courier="sf",
            tracking_no="SF1234567890",
            actor=Actor("staff", UUID(int=7)),
            now=scene.now,
        )

    # A clerk who tapped twice hears twice that it is shipped.
    assert await scene.at_once(ship, ship, ship, ship) == [None] * 4
    assert (await scene.run(lambda tx: told_of(tx, order.id))).count("shipped") == 1


@pytest.mark.parametrize("refunding", [False, True])
async def test_a_merchant_who_counts_while_a_buyer_pays_waits_in_no_circle(
    scene: Scene, refunding: bool
) -> None:
    order, (sku_id, _) = await an_order(scene, is_paid=refunding), scene.stall.skus
    holds_product, runs = asyncio.Event(), {"merchant": 0, "payment": 0}
    refund_id = uuid7(scene.now)
    if refunding:
        await scene.run(
            lambda tx: trade.refund_order(
                tx,
                refund_id=refund_id,
                order_id=order.id,
                actor=Actor("staff", UUID(int=7)),
                reason="",
                now=scene.now,
            )
        )
        await scene.run(lambda tx: refund_at_provider(tx, scene.stall, order.id, scene.now))
    else:
        await scene.run(lambda tx: pay_at_provider(tx, scene.stall, order, scene.now))

    async def counts(tx: Tx) -> None:
        """As saving a product with its stock does: the product first."""
        runs["merchant"] += 1
        product_id = await tx.fetchval(
            "select s.product_id from catalog.skus s where s.tenant_id = $1 and s.id = $2",
            tx.tenant_id,
            sku_id,
        )
        await catalog.add_sold(tx, {product_id: 0})
        holds_product.set()
        await asyncio.sleep(0.3)
        await inventory.set_on_hand(tx, {sku_id: 50}, now=scene.now)

    async def hears(tx: Tx) -> None:
        runs["payment"] += 1
        await holds_product.wait()
        if refunding:
            await trade.complete_refund(
                tx, refund_id=refund_id, order_id=order.id, at=scene.now, now=scene.now
            )
            return
        intent = await payment.intent_of(tx, order.id)
        assert intent is not None
        await trade.accept_payment(
            tx,
            order_id=order.id,
            intent_id=intent.id,
            amount=Money(intent.amount_minor),
            paid_at=scene.now,
            now=scene.now,
        )

    answers = await scene.at_once(counts, hears)
    assert not [one for one in answers if isinstance(one, BaseException)]
    # PostgreSQL broke the circle after a second by undoing one of them, who then ran again.
    assert runs == {"merchant": 1, "payment": 1}
    await scene.relay()


@pytest.mark.parametrize("attempt", range(4))
async def test_a_line_asked_about_twice_at_once_is_in_one_case(scene: Scene, attempt: int) -> None:
    order = await an_order(scene, is_paid=True)
    me = Actor("member", scene.stall.buyer.member_id)

    def asking() -> Callable[[Tx], Awaitable[object]]:
        ask = trade.AskAfterSale(
            id=uuid7(scene.now),
            order_id=order.id,
            kind="refund_only",
            lines=(trade.AskedPieces(0, 1),),
            reason_code="changed_mind",
        )
        return lambda tx: trade.ask_after_sale(tx, ask, actor=me, now=scene.now)

    def refunding(tx: Tx) -> Awaitable[object]:
        return trade.refund_order(
            tx, refund_id=uuid7(scene.now), order_id=order.id, actor=me, reason="", now=scene.now
        )

    answers = await scene.at_once(asking(), asking(), refunding, asking(), refunding)
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert {getattr(one, "code", one) for one in refused} == {"trade.being_refunded"}
    assert len(refused) == 4
    await scene.run(lambda tx: refund_at_provider(tx, scene.stall, order.id, scene.now))
    await scene.relay()
    state = await scene.run(lambda tx: state_of(tx, order.id))
    assert state == ("cancelled", "refunded", "all")
