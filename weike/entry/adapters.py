"""Ports that lower contexts own, answered by the contexts above them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike import catalog, distribution, ledger, members, payment, storefront, tenancy, trade
from weike.distribution.queries import promoters
from weike.distribution.relations import queries as relation_queries
from weike.distribution.relations.show_relations import relation_history
from weike.kernel import Clock, Tx
from weike.members import Figures, LastOrder, MemberDoor, RelationSpan, Story
from weike.trade.order import reading_queries
from weike.trade.order.buyers import buyers_who

_LAST_ORDERS = 10


class Doors:
    """`kernel.edge.Doors`: staff and shops from tenancy, members from members."""

    def __init__(self, tenancy_doors: tenancy.TenancyDoors, member_door: MemberDoor) -> None:
        self.shop = tenancy_doors.shop
        self.staff = tenancy_doors.staff
        self.member = member_door.member


class Buyers:
    """`members.BuyersPort`: trade knows who bought what."""

    async def matching(
        self, tx: Tx, rule: members.TagRule, *, now: datetime, limit: int
    ) -> Sequence[UUID]:
        return await buyers_who(
            tx,
            spent_from_minor=rule.spent_from_minor,
            orders_from=rule.orders_from,
            bought_within_days=rule.bought_within_days,
            silent_for_days=rule.silent_for_days,
            category_id=rule.category_id,
            now=now,
            limit=limit,
        )


class MemberFigures:
    """`members.MemberFigures`: what trade and distribution know about members."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    async def figures(self, tx: Tx, member_ids: Sequence[UUID]) -> Mapping[UUID, Figures]:
        totals = await trade.member_totals(tx, member_ids)
        states = await promoters.states_of(tx, member_ids)
        relations = await relation_queries.relations_of_customers(tx, member_ids)
        now = self._clock()
        points = await ledger.points.balances_of(tx, member_ids, now=now)
        brought_by = {
            customer_id: bound.relation.promoter_id
            for customer_id, bound in relations.items()
            if bound.relation.runs_at(now)
        }
        cards = await members.member_cards(tx, list(set(brought_by.values())))
        return {
            member_id: _figures(
                totals.get(member_id),
                states.get(member_id),
                cards[brought_by[member_id]].nickname if member_id in brought_by else None,
                points[member_id].available,
            )
            for member_id in member_ids
        }

    async def story(self, tx: Tx, member_id: UUID) -> Story:
        orders = await reading_queries.orders_of_member(
            tx, member_id, state="all", after=None, limit=_LAST_ORDERS
        )
        return Story(
            relations=await self._relations(tx, member_id),
            last_orders=[
                LastOrder(
                    id=row["id"],
                    number=row["number"],
                    state=row["state"],
                    payable_minor=row["payable_minor"],
                    placed_at=row["placed_at"],
                )
                for row in orders
            ],
        )

    async def _relations(self, tx: Tx, member_id: UUID) -> list[RelationSpan]:
        now = self._clock()
        return [
            RelationSpan(
                promoter_id=span.promoter_id,
                promoter_nickname=span.promoter_nickname,
                since=span.bound_at,
                until=span.expires_at if span.expires_at <= now else None,
                reason=span.reason,
            )
            for span in await relation_history(tx, member_id)
        ]


def _figures(
    totals: trade.MemberTotals | None,
    state: distribution.PromoterState | None,
    promoter_nickname: str | None,
    points: int,
) -> Figures:
    return Figures(
        orders_count=totals.orders_count if totals else 0,
        paid_minor=totals.paid_minor if totals else 0,
        promoter_nickname=promoter_nickname,
        is_promoter=state is distribution.PromoterState.ACTIVE,
        promoter_state=state.value if state else None,
        points=points,
    )


# What insight shows of the others: what to do next, and how far the merchant has come.


async def _orders(tx: Tx, state: str) -> int:
    return (await trade.counts_by_state(tx)).get(state, 0)


async def _dead_letters(tx: Tx) -> int:
    return int(
        await tx.fetchval(
            "select count(*) from kernel.outbox o where o.tenant_id = $1 and o.state = 'dead'",
            tx.tenant_id,
        )
    )


TODOS: Mapping[str, Callable[[Tx], Awaitable[int]]] = {
    "to_ship": lambda tx: _orders(tx, "paid"),
    "to_pay": lambda tx: _orders(tx, "placed"),
    "refunding": lambda tx: _orders(tx, "refunding"),
    "out_of_stock": storefront.out_of_stock_count,
    "dead_letters": _dead_letters,
    "quarantined": payment.quarantined_count,
}


async def _shop_is_described(tx: Tx) -> bool:
    settings = await tenancy.shop_settings(tx)
    return bool(settings.intro and settings.contact_phone)


async def _has_goods(tx: Tx) -> bool:
    return (await catalog.product_counts(tx)).on_sale > 0


async def _was_shared(tx: Tx) -> bool:
    return bool(
        await tx.fetchval(
            "select exists (select 1 from sharing.shares s where s.tenant_id = $1)", tx.tenant_id
        )
    )


async def _has_sold(tx: Tx) -> bool:
    counts = await trade.counts_by_state(tx)
    return any(counts.get(state, 0) for state in ("paid", "shipped", "received", "settled"))


GUIDE_STEPS: Mapping[str, Callable[[Tx], Awaitable[bool]]] = {
    "shop": _shop_is_described,
    "product": _has_goods,
    "payment": payment.payment_is_set_up,
    "share": _was_shared,
    "first_order": _has_sold,
}
