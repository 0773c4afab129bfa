"""The merchant's overview: today beside yesterday, the trend, where sales came from, what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from weike import distribution, members, sharing, tenancy
from weike.insight import queries
from weike.insight.model import (
    CHANNELS,
    ChannelShare,
    Dashboard,
    Figure,
    Funnel,
    Graph,
    GraphLink,
    GraphNode,
    ToDo,
    TrendDay,
    conversion_bp,
    days_before,
    start_of,
)
from weike.kernel import Tx
from weike.kernel.words import Words

ToDoCount = Callable[[Tx], Awaitable[int]]
_PROMOTERS_DRAWN, _BUYERS_DRAWN_EACH = 12, 5


async def dashboard(
    tx: Tx, *, days: int, todos: Mapping[str, ToDoCount], words: Words, now: datetime
) -> Dashboard:
    shop = await tenancy.tenant_of(tx)
    zone = shop.time_zone
    # Two days at least, because today is shown beside yesterday.
    calendar = days_before(now, zone, max(2, days))
    start = start_of(calendar[0], zone)
    end = start_of(calendar[-1], zone) + timedelta(days=1)
    sales = {
        row["day"]: row
        for row in await queries.sales_by_day(tx, start=start, end=end, time_zone=zone)
    }
    visitors = await sharing.visitors_by_day(tx, start=start, end=end, time_zone=zone)
    trend = [
        TrendDay(
            day=day,
            paid_minor=sales[day]["paid_minor"] if day in sales else 0,
            orders=sales[day]["orders"] if day in sales else 0,
            visitors=visitors.get(day, 0),
        )
        for day in calendar
    ]
    today, yesterday = trend[-1], trend[-2]
    joined = await distribution.joined_between(
        tx, [start_of(calendar[-2], zone), start_of(calendar[-1], zone), end]
    )
    pending = await distribution.pending_commission_minor(tx)
    figures = [
        Figure(key="paid_minor", value=today.paid_minor, previous=yesterday.paid_minor),
        Figure(key="paid_orders", value=today.orders, previous=yesterday.orders),
        Figure(key="visitors", value=today.visitors, previous=yesterday.visitors),
        Figure(
            key="conversion_bp",
            value=conversion_bp(today.orders, today.visitors),
            previous=conversion_bp(yesterday.orders, yesterday.visitors),
        ),
        Figure(key="new_promoters", value=joined[1], previous=joined[0]),
        Figure(key="pending_commission_minor", value=pending, previous=None),
    ]
    return Dashboard(
        figures=figures,
        trend=trend[-days:],
        funnel=Funnel(
            visitors=sum(day.visitors for day in trend[-days:]),
            placed_orders=await queries.placed_between(
                tx, start=start_of(calendar[-days], zone), end=end
            ),
            paid_orders=sum(day.orders for day in trend[-days:]),
        ),
        channels=await _channels(tx, start=start, end=end, words=words),
        todos=[ToDo(key=key, count=await count(tx)) for key, count in todos.items()],
        graph=await _graph(tx, shop.name, start=start),
    )


async def _channels(tx: Tx, *, start: datetime, end: datetime, words: Words) -> list[ChannelShare]:
    found = {
        row["channel"]: row for row in await queries.sales_by_channel(tx, start=start, end=end)
    }
    return [
        ChannelShare(
            channel=channel,
            title=words(f"insight.channel.{channel}"),
            paid_minor=found[channel]["paid_minor"],
            orders=found[channel]["orders"],
        )
        for channel in CHANNELS
        if channel in found
    ]


async def _graph(tx: Tx, shop_name: str, *, start: datetime) -> Graph:
    """The best promoters and their best buyers; a small true part, not the whole."""
    best = await queries.best_promoters(tx, start=start, limit=_PROMOTERS_DRAWN)
    promoter_ids = [row["promoter_id"] for row in best]
    buyers = await queries.buyers_through(tx, promoter_ids, start=start, each=_BUYERS_DRAWN_EACH)
    people = await members.member_cards(
        tx, [*promoter_ids, *{row["member_id"] for row in buyers} - set(promoter_ids)]
    )
    nodes = [GraphNode(id="shop", name=shop_name, kind="shop", size=100)]
    links = []
    for row in best:
        key = str(row["promoter_id"])
        nodes.append(
            GraphNode(
                id=key,
                name=people[row["promoter_id"]].nickname,
                kind="promoter",
                size=row["orders"],
            )
        )
        links.append(GraphLink(source="shop", target=key))
    drawn = {node.id for node in nodes}
    for row in buyers:
        key = str(row["member_id"])
        if key not in drawn:
            drawn.add(key)
            nodes.append(
                GraphNode(id=key, name=people[row["member_id"]].nickname, kind="buyer", size=1)
            )
        links.append(GraphLink(source=str(row["promoter_id"]), target=key))
    return Graph(nodes=nodes, links=links)
