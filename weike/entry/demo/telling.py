"""The story made true: every act becomes a deed of the product, at its own time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from random import Random
from uuid import UUID

import msgspec

from weike import catalog, distribution, members, sharing, tenancy, trade
from weike.entry.demo.acts import (
    Act,
    Cancel,
    Join,
    Night,
    Order,
    Receive,
    Refund,
    Register,
    Share,
    Ship,
    Visit,
)
from weike.entry.demo.merchant import Crew, Stocked
from weike.entry.demo.past import Past
from weike.entry.demo.people import Person
from weike.entry.demo.story import ZONE
from weike.entry.demo.till import Till
from weike.entry.progress import Progress
from weike.entry.wiring import House
from weike.kernel import Refusal, Tx
from weike.trade import Actor, AskedLine, Delivery, Placed, PlaceOrder

_WATCH_HOURS = 5
"""Messages are delivered once in so many hours of the story: often enough for its order of things,
seldom enough for our patience."""
_SURNAMES = "陈林黄张李王吴刘蔡杨郑许周何沈罗宋唐韩冯"


class Telling:
    """`people`, `stocked` and the acts name each other by number."""

    def __init__(
        self,
        house: House,
        past: Past,
        *,
        crew: Crew,
        till: Till,
        people: Sequence[Person],
        stocked: Sequence[Stocked],
        faces: dict[str, catalog.Picture],
        acts: Sequence[Act],
    ) -> None:
        self._house = house
        self._past = past
        self._crew = crew
        self._till = till
        self._people = people
        self._stocked = stocked
        self._faces = faces
        self._acts = acts
        self._members: dict[int, UUID] = {}
        self._addresses: dict[int, UUID] = {}
        self._shares: dict[int, sharing.Share] = {}
        self._placed: dict[int, Placed] = {}
        gone = {act.order for act in acts if isinstance(act, (Ship, Refund))}
        self._at_hand = {
            act.key for act in acts if isinstance(act, Order) and act.paid and act.key not in gone
        }
        """Orders that still wait to be shipped when the story ends."""

    def member_id(self, number: int) -> UUID:
        return self._members[number]

    def buyers(self) -> list[int]:
        """Who has paid for something, those who bought last first."""
        paid = (act for act in reversed(self._acts) if isinstance(act, Order) and act.paid)
        return list(dict.fromkeys(act.buyer for act in paid))

    async def order_again(
        self, tx: Tx, number: int, *, at: datetime
    ) -> tuple[trade.Placed, list[str]]:
        """What this buyer paid for last, once more; the order and the titles of its goods."""
        act = next(
            act
            for act in reversed(self._acts)
            if isinstance(act, Order) and act.paid and act.buyer == number
        )
        ask = msgspec.structs.replace(
            self._ask(act), order_id=self._past.ids.at(at), share_code=None, remark=""
        )
        (placed,) = await trade.place_orders(tx, self._house.trade_ports, [ask], now=at)
        if isinstance(placed, Refusal):
            raise placed
        return placed, self._titles(act)

    async def tell(self, progress: Progress) -> None:
        first, last = self._acts[0].at, self._acts[-1].at
        for watch in _watches(self._acts):
            await self._live_through(watch)
            passed = (watch[-1].at - first) / (last - first)
            progress("过日子 Living through the past", passed)

    async def _live_through(self, watch: Sequence[Act]) -> None:
        social = [act for act in watch if isinstance(act, (Register, Join, Share, Visit))]
        if social:
            await self._past.run(lambda tx: self._meet(tx, social), at=social[-1].at)
        orders = [act for act in watch if isinstance(act, Order)]
        for at, together in groupby(orders, key=lambda act: act.at):
            await self._place(list(together), at=at)
        if steps := [act for act in watch if isinstance(act, (Cancel, Refund, Ship, Receive))]:
            await self._past.run(lambda tx: self._step(tx, steps), at=steps[-1].at)
        for night in watch:
            if isinstance(night, Night):
                await self._past.let_time_work(at=night.at)
        await self._past.deliver(at=watch[-1].at)

    # People, shares, visits.

    async def _meet(self, tx: Tx, acts: Sequence[Register | Join | Share | Visit]) -> None:
        for act in acts:
            match act:
                case Register():
                    await self._register(tx, act)
                case Join():
                    await distribution.join_promoter(
                        tx,
                        member_id=self._members[act.member],
                        agreement_version=distribution.AGREEMENT_VERSION,
                        now=act.at,
                    )
                case Share():
                    await self._share(tx, act)
        visits = [act for act in acts if isinstance(act, Visit)]
        for at, together in groupby(visits, key=lambda act: act.at):
            await self._visit(tx, list(together), at=at)

    async def _register(self, tx: Tx, act: Register) -> None:
        person, seal = self._people[act.member], self._house.members.phone_seal
        face = self._faces.get(person.avatar)
        known = await members.ensure_member(
            tx,
            seal,
            member_id=self._past.ids.at(act.at),
            phone=person.phone,
            nickname=person.nickname,
            avatar_url=catalog.picture_url(tx.tenant_id, face.name, "s") if face else None,
            now=act.at,
        )
        address_id = self._past.ids.at(act.at)
        await members.put_address(
            tx,
            seal,
            member_id=known.member_id,
            address_id=address_id,
            address=_address(person),
            is_default=True,
            now=act.at,
        )
        self._members[act.member] = known.member_id
        self._addresses[act.member] = address_id

    async def _share(self, tx: Tx, act: Share) -> None:
        good = self._stocked[act.good].product_id if act.good is not None else None
        self._shares[act.key] = await sharing.make_share(
            tx,
            self._house.codes,
            share_id=self._past.ids.at(act.at),
            sharer_id=self._members[act.sharer],
            kind=act.kind,
            product_id=good,
            channel=act.channel,
            parent_code=self._shares[act.parent].code if act.parent is not None else None,
            now=act.at,
        )

    async def _visit(self, tx: Tx, visits: Sequence[Visit], *, at: datetime) -> None:
        touches = [
            sharing.Touch(
                id=self._past.ids.at(at),
                code=self._shares[visit.share].code,
                visitor_id=self._past.ids.at(at),
                member_id=self._members[visit.member] if visit.member is not None else None,
                event=visit.event,
            )
            for visit in visits
        ]
        await sharing.record_touches(tx, touches, codes=self._house.codes, now=at)

    # Orders.

    async def _place(self, orders: Sequence[Order], *, at: datetime) -> None:
        asks = [self._ask(order) for order in orders]

        async def place(tx: Tx) -> None:
            answers = await trade.place_orders(tx, self._house.trade_ports, asks, now=at)
            for order, answer in zip(orders, answers, strict=True):
                if isinstance(answer, Refusal):
                    raise answer
                self._placed[order.key] = answer
                if order.paid is not None and order.key not in self._at_hand:
                    await self._till.pay(tx, answer, self._titles(order), at=order.paid)

        await self._past.run(place, at=at)
        for order in orders:
            if order.paid is not None and order.key in self._at_hand:
                await self._till.pay_at_sandbox(
                    self._placed[order.key], self._titles(order), at=order.paid
                )

    def _ask(self, order: Order) -> PlaceOrder:
        return PlaceOrder(
            order_id=self._past.ids.at(order.at),
            member_id=self._members[order.buyer],
            lines=tuple(
                AskedLine(self._stocked[good].sku_ids[sku], pieces)
                for good, sku, pieces in order.lines
            ),
            delivery=Delivery(address_id=self._addresses[order.buyer]),
            remark=order.remark,
            share_code=self._shares[order.share].code if order.share is not None else None,
        )

    def _titles(self, order: Order) -> list[str]:
        return [self._stocked[good].good.title for good, _, _ in order.lines]

    async def _step(self, tx: Tx, acts: Sequence[Cancel | Refund | Ship | Receive]) -> None:
        for act in acts:
            order = self._placed[act.order]
            match act:
                case Cancel():
                    await trade.cancel_order(
                        tx,
                        self._house.trade_ports,
                        order_id=order.id,
                        actor=Actor("member", self._members[act.member]),
                        reason=act.reason,
                        now=act.at,
                    )
                case Receive():
                    await trade.receive_order(
                        tx, order_id=order.id, member_id=self._members[act.member], now=act.at
                    )
                case Ship():
                    await self._ship(tx, act, order)
                case Refund():
                    await self._refund(tx, act, order)

    async def _ship(self, tx: Tx, act: Ship, order: Placed) -> None:
        await trade.ship_order(
            tx,
            parcel_id=self._past.ids.at(act.at),
            order_id=order.id,
            courier=act.courier,
            tracking_no=act.tracking_no,
            actor=Actor("staff", self._crew.shipper.staff_id),
            now=act.at,
        )
        await self._record(tx, "orders.shipped", order, now=act.at)

    async def _refund(self, tx: Tx, act: Refund, order: Placed) -> None:
        by_shop = act.member is None
        staff = Actor("staff", self._crew.shipper.staff_id)
        await trade.refund_order(
            tx,
            refund_id=self._past.ids.at(act.at),
            order_id=order.id,
            actor=staff if act.member is None else Actor("member", self._members[act.member]),
            reason=act.reason,
            now=act.at,
        )
        if by_shop:
            await self._record(tx, "orders.refund_requested", order, now=act.at)

    async def _record(self, tx: Tx, action: str, order: Placed, *, now: datetime) -> None:
        await tenancy.record_audit(
            tx,
            actor=self._crew.shipper,
            action=action,
            subject_type="order",
            subject_id=order.id,
            detail={"number": order.number},
            now=now,
        )


def _watches(acts: Sequence[Act]) -> Iterator[list[Act]]:
    def watch(act: Act) -> tuple[object, int]:
        local = act.at.astimezone(ZONE)
        return local.date(), local.hour // _WATCH_HOURS

    for _, together in groupby(acts, key=watch):
        yield list(together)


def _address(person: Person) -> members.Address:
    # A surname and a form of address: enough for a parcel, and nobody's name.
    choice = Random(person.number)  # noqa: S311 - a made-up name, not a secret
    place = person.address
    return members.Address(
        name=f"{choice.choice(_SURNAMES)}{choice.choice(('女士', '先生'))}",
        phone=person.phone,
        region_code=place.region_code,
        province=place.province,
        city=place.city,
        district=place.district,
        street=place.detail,
    )
