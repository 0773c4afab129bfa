"""Figures of a dashboard as plain values, and the days they are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

CHANNELS = ("wechat", "moments", "link", "poster", "weibo", "relation", "direct")


class Figure(msgspec.Struct, kw_only=True):
    """A figure of today beside yesterday's; what has no yesterday (a balance) has none."""

    key: str
    value: int
    previous: int | None


class TrendDay(msgspec.Struct, kw_only=True):
    day: date
    paid_minor: int
    orders: int
    visitors: int


class ChannelShare(msgspec.Struct, kw_only=True):
    channel: str
    title: str
    paid_minor: int
    orders: int


class Funnel(msgspec.Struct, kw_only=True):
    """From visit to payment, over the days asked for."""

    visitors: int
    placed_orders: int
    paid_orders: int


class ToDo(msgspec.Struct, kw_only=True):
    key: str
    count: int


class GraphNode(msgspec.Struct, kw_only=True):
    """`kind` is shop, promoter or buyer; `size` grows with what was sold."""

    id: str
    name: str
    kind: str
    size: int


class GraphLink(msgspec.Struct, kw_only=True):
    source: str
    target: str


class Graph(msgspec.Struct, kw_only=True):
    nodes: list[GraphNode]
    links: list[GraphLink]


class Dashboard(msgspec.Struct, kw_only=True):
    figures: list[Figure]
    trend: list[TrendDay]
    funnel: Funnel
    channels: list[ChannelShare]
    todos: list[ToDo]
    graph: Graph


def days_before(now: datetime, time_zone: str, days: int) -> list[date]:
    """The last `days` calendar days of the shop, today last."""
    today = now.astimezone(ZoneInfo(time_zone)).date()
    return [today - timedelta(days=back) for back in range(days - 1, -1, -1)]


def start_of(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(time_zone))


def conversion_bp(orders: int, visitors: int) -> int:
    """Orders per visitor in basis points; nothing without visitors."""
    return 0 if visitors == 0 else min(10_000, orders * 10_000 // visitors)


def channel_of(source: str, reasons: Mapping[str, Mapping[str, object]]) -> str:
    """The channel an order came through, from its frozen attribution."""
    if source == "share":
        channel = str(reasons.get("share_used", {}).get("channel", "link"))
        return channel if channel in CHANNELS else "link"
    return "relation" if source == "relation" else "direct"
