"""A shop with things on its shelf, buyers with an address, and orders moved by the real deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from tests.catalog.builders import a_draft, a_sku, sku_ids
from tests.members.builders import a_phone, an_address, seal
from tests.tenancy.builders import put_shop
from weike import catalog, inventory, ledger, members, payment, trade
from weike.kernel import Event, Money, Refusal, Tx, uuid7
from weike.payment import queries as payment_queries
from weike.payment.model import Config
from weike.payment.providers.fake import FakeGateway
from weike.payment.settle_payment import settle_payment
from weike.payment.settle_refund import refuse_refund, settle_refund
from weike.trade.freight import queries as freight_queries
from weike.trade.freight.rules import FreightRules, Zone
from weike.trade.model import Actor, AskedLine, Delivery, Placed, PlaceOrder
from weike.trade.order.reading_queries import timeline_of


@dataclass(frozen=True, slots=True)
class Buyer:
    member_id: UUID
    address_id: UUID


@dataclass(slots=True)
class Stall:
    """What a test of trade needs in its hands. `delivered` counts the events handed over."""

    skus: list[UUID]
    buyers: list[Buyer]
    config: Config
    delivered: int = 0
    till: FakeGateway = field(default_factory=lambda: FakeGateway("1900000001"))

    @property
    def buyer(self) -> Buyer:
        return self.buyers[0]


async def open_stall(
    tx: Tx,
    now: datetime,
    *,
    prices: Sequence[int] = (12800, 4500),
    stock: int = 10,
    buyers: int = 1,
) -> Stall:
    """A new shop with one product per price, all counted at `stock`."""
    await put_shop(tx, now)
    return await stock_stall(tx, now, prices=prices, stock=stock, buyers=buyers)


async def stock_stall(
    tx: Tx,
    now: datetime,
    *,
    prices: Sequence[int] = (12800, 4500),
    stock: int = 10,
    buyers: int = 1,
) -> Stall:
    """The same in a shop that is there."""
    skus = []
    for price in prices:
        draft = a_draft(now, skus=(a_sku(now, price_minor=price, cost_minor=price // 2),))
        product = await catalog.create_product(tx, product_id=uuid7(now), draft=draft, now=now)
        skus += sku_ids(product)
    await inventory.set_on_hand(tx, dict.fromkeys(skus, stock), now=now)
    config = Config(
        id=uuid7(now),
        mch_id="1900000001",
        app_id_mini="wx-mini",
        app_id_official="wx-official",
        credentials_cipher=b"",
        state="active",
        version=1,
    )
    await payment_queries.insert_config(tx, config, now=now)
    return Stall(skus, [await a_buyer(tx, now) for _ in range(buyers)], config)


async def a_buyer(tx: Tx, now: datetime) -> Buyer:
    ensured = await members.ensure_member(tx, seal, member_id=uuid7(now), phone=a_phone(), now=now)
    address_id = uuid7(now)
    await members.put_address(
        tx,
        seal,
        member_id=ensured.member_id,
        address_id=address_id,
        address=an_address(),
        is_default=True,
        now=now,
    )
    return Buyer(ensured.member_id, address_id)


def wish(
    buyer: Buyer, lines: dict[UUID, int], now: datetime, *, id: UUID | None = None, **more: object
) -> PlaceOrder:
    return PlaceOrder(
        order_id=id or uuid7(now),
        member_id=buyer.member_id,
        lines=tuple(AskedLine(sku_id, quantity) for sku_id, quantity in lines.items()),
        delivery=Delivery(address_id=buyer.address_id),
        **more,  # type: ignore[arg-type]
    )


async def placed(
    tx: Tx,
    stall: Stall,
    now: datetime,
    *,
    lines: dict[UUID, int] | None = None,
    buyer: Buyer | None = None,
    ports: trade.Ports | None = None,
) -> Placed:
    """An order of one piece of the first thing, unless said otherwise."""
    ask = wish(buyer or stall.buyer, lines or {stall.skus[0]: 1}, now)
    return await trade.place_order(tx, ports or trade.Ports(), ask, now=now)


async def asked_to_pay(tx: Tx, order: Placed, now: datetime) -> payment.Intent:
    return await payment.open_intent(
        tx,
        intent_id=uuid7(now),
        order_id=order.id,
        amount=Money(order.payable_minor),
        description="明前龙井特级",
        expires_at=order.expires_at,
        method="native",
        now=now,
    )


async def provider_says_paid(tx: Tx, stall: Stall, intent: payment.Intent, now: datetime) -> None:
    """Trade has not heard of it yet."""
    await settle_payment(tx, stall.till.pay(intent, now=now), config=stall.config, now=now)


async def pay_at_provider(tx: Tx, stall: Stall, order: Placed, now: datetime) -> None:
    await provider_says_paid(tx, stall, await asked_to_pay(tx, order, now), now)


async def deliver(tx: Tx, stall: Stall, now: datetime) -> list[Event]:
    """What the relay does: events announced since the last call reach trade's listeners, and the
    provider answers refunds. Answers what was announced."""
    told: list[Event] = []
    while len(tx.announced()) > stall.delivered:
        event = tx.announced()[stall.delivered]
        stall.delivered += 1
        told.append(event)
        for listener in trade.subscribers():
            if isinstance(event, listener.event):
                await listener.handle(tx, event, now)  # type: ignore[call-arg, arg-type, misc]
    return told


async def paid(tx: Tx, stall: Stall, now: datetime, **more: object) -> Placed:
    order = await placed(tx, stall, now, **more)  # type: ignore[arg-type]
    await pay_at_provider(tx, stall, order, now)
    await deliver(tx, stall, now)
    return order


async def refund_at_provider(
    tx: Tx, stall: Stall, order_id: UUID, now: datetime, *, refused: bool = False
) -> None:
    """The provider's answer to every refund of an order that was asked for."""
    intent = await payment.intent_of(tx, order_id)
    for refund in await payment.refunds_of(tx, order_id):
        if refund.state in ("succeeded", "refused"):
            continue
        assert intent is not None
        if refused:
            await refuse_refund(tx, refund, intent, code="NOT_ENOUGH", now=now)
            continue
        answer = await stall.till.refund(refund, intent)
        await settle_refund(tx, answer.value, config=stall.config, now=now)  # type: ignore[union-attr]


async def shipped(tx: Tx, stall: Stall, now: datetime, **more: object) -> Placed:
    order = await paid(tx, stall, now, **more)
    await trade.ship_order(
        tx,
        parcel_id=uuid7(now),
        order_id=order.id,
        courier="sf",
        tracking_no="SF1234567890",
        actor=Actor("staff", UUID(int=7)),
        now=now,
    )
    return order


async def state_of(tx: Tx, order_id: UUID) -> tuple[str, str, str]:
    """(state, pay_state, refund_state)"""
    row = await tx.fetchrow(
        "select o.state, o.pay_state, o.refund_state from trade.orders o "
        "where o.tenant_id = $1 and o.id = $2",
        tx.tenant_id,
        order_id,
    )
    assert row is not None
    return row["state"], row["pay_state"], row["refund_state"]


async def told_of(tx: Tx, order_id: UUID) -> list[str]:
    """The kinds of the timeline, oldest first."""
    return [row["kind"] for row in await timeline_of(tx, order_id)]


async def books_agree(tx: Tx, now: datetime) -> None:
    """Σ entries = 0, and the states of orders are the balances."""
    report = await ledger.reconcile(tx, [trade.order_checks, payment.channel_cash_check], now=now)
    assert report.ok, [check for check in report.checks if not check.ok]


def codes(answers: Sequence[Placed | Refusal]) -> list[str]:
    """ "placed", or the code of the refusal."""
    return [answer.code if isinstance(answer, Refusal) else "placed" for answer in answers]


async def set_freight(tx: Tx, *, fee_minor: int, free_from_minor: int) -> None:
    """One fee per order, as the default template."""
    zone = Zone(first_fee_minor=fee_minor, free_from_minor=free_from_minor)
    await freight_queries.put_template(
        tx,
        UUID(int=9),
        name="默认运费",
        rules=FreightRules(elsewhere=zone),
        is_default=True,
        now=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def allow_losses(tx: Tx) -> None:
    await tx.execute(
        "update tenancy.tenants t set settings = t.settings || $2 where t.tenant_id = $1",
        tx.tenant_id,
        {"allow_negative_margin": True},
    )
