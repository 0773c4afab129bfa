"""The made-up past of the demo shop, as a list of what happened when. Pure: same seed, same story.

Weekends and evenings are busy, trade grows, forty promoters share, a third of the orders comes
through their links. Everything later than `now` is left out, so that today looks like any day: some
orders wait for money, some for the parcel, some for the buyer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random
from zoneinfo import ZoneInfo

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
from weike.entry.demo.catalogue import Good
from weike.entry.demo.people import Person
from weike.sharing import Channel, ShareKind, TouchEvent

ZONE = ZoneInfo("Asia/Shanghai")

# Orders by hour of the day and by day of the week, Monday first; only proportions count.
_HOURS = (
    *(1.0, 0.5, 0.2, 0.1, 0.1, 0.2, 0.7, 1.6, 2.6, 3.2, 3.4, 3.2),
    *(3.6, 3.0, 2.4, 2.5, 2.8, 3.0, 3.2, 4.0, 5.0, 5.2, 4.0, 2.2),
)
_WEEKDAYS = (0.86, 0.84, 0.9, 0.95, 1.1, 1.3, 1.22)
_CHANNELS = {
    Channel.WECHAT: 44,
    Channel.MOMENTS: 22,
    Channel.POSTER: 15,
    Channel.LINK: 12,
    Channel.WEIBO: 7,
}
_COURIERS = {"zto": "7", "yto": "YT", "sf": "SF", "yunda": "4", "jtsd": "JT", "jd": "JD"}
_REMARKS = ("放门口就好，谢谢", "送人的，麻烦包装好一点", "工作日请送到前台", "到之前打个电话")
_SECOND_THOUGHTS = ("不想要了", "地址填错了", "重复下单", "想换个规格再买", "等不及，楼下买了")
_OUT_OF_REACH = ("这一批品相不达标，跟您说声抱歉", "产地雨天采不了，先退给您")
_CHANGED_MIND = ("不想买了", "规格选错了", "和家人重复下单")

_THROUGH_SHARES = 0.33
_UNPAID = 0.06
_REFUNDED = 0.045
_BY_HAND = 0.74
"""Buyers who confirm the receipt themselves; the others leave it to time."""
_CLICKS_LAST = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Size:
    """How much past is made up. `members` includes the promoters."""

    days: int = 60
    members: int = 300
    promoters: int = 40
    goods: int = 66
    orders: int = 1500
    shares_a_day: float = 14


@dataclass(slots=True)
class _Member:
    """A person as the story goes on."""

    person: Person
    since: datetime
    appetite: float
    """How often they buy, beside the others."""
    home: int | None
    """The promoter through whom they come; None for those who find the shop by themselves."""


class Story:
    """One telling. The tester's buyer is the first member who is no promoter, and has orders in
    every state; the tester's promoter is the first one, and the busiest."""

    def __init__(
        self,
        size: Size,
        *,
        people: Sequence[Person],
        goods: Sequence[Good],
        seed: int,
        now: datetime,
    ) -> None:
        self._size = size
        self._now = now
        self._random = Random(f"{seed} {now.date()}")  # noqa: S311 - a story, not a secret
        promoters = [person for person in people if person.is_promoter][: size.promoters]
        others = [person for person in people if not person.is_promoter]
        self.people = (*promoters, *others[: size.members - size.promoters])
        self.promoters = range(len(promoters))
        self.tester = len(promoters)
        self._goods = goods
        # A few goods carry the shop, as in every shop.
        ranks = self._random.sample(range(len(goods)), len(goods))
        self._popularity = [1 / (rank + 3) ** 0.8 for rank in ranks]
        self._energy = [1 / (index + 1.5) ** 0.75 for index in self.promoters]
        self._start = (now.astimezone(ZONE) - timedelta(days=size.days - 1)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        self._members: list[_Member] = []
        self._shares: list[Share] = []
        self._visits: dict[tuple[int, int], list[Visit]] = {}
        self._visitors = 0
        self._orders = 0

    def acts(self) -> list[Act]:
        """Everything up to now, in the order in which it happened."""
        told = [*self._arrivals()]
        for day in range(self._size.days):
            told += self._day(day)
        told += self._just_now()
        return sorted((act for act in told if act.at <= self._now), key=lambda act: act.at)

    # People.

    def _arrivals(self) -> Iterator[Act]:
        length = self._size.days
        for index, person in enumerate(self.people):
            promotes = index in self.promoters
            early = self._random.random() < (0.6 if promotes else 0.5) or index in (0, self.tester)
            if early:
                day = -self._random.randint(3, length + 2)
            else:
                # Rather late than early: the shop grows.
                day = int(length * self._random.random() ** 0.7)
            at = self._time(min(day, length - (3 if promotes else 2)), self._hour(), 11)
            home = None if promotes or self._random.random() < 0.4 else self._promoter()
            appetite = (0.4 if promotes else 1.0) * self._random.paretovariate(1.6)
            if index == self.tester:
                home, appetite = 0, 6.0
            self._members.append(_Member(person, at, min(appetite, 8.0), home))
            yield Register(at, index)
            if promotes:
                waits = timedelta(hours=1 if early else self._random.randint(1, 40))
                joined = at + waits
                self._members[index].since = joined
                yield Join(joined, index)

    def _promoter(self) -> int:
        return self._random.choices(self.promoters, self._energy)[0]

    # Days.

    def _day(self, day: int) -> Iterator[Act]:
        date = self._start + timedelta(days=day)
        yield Night(self._time(day, 4, 10))
        share_hours = [self._hour() for _ in range(self._scaled(day, self._size.shares_a_day))]
        order_hours = [self._hour() for _ in range(self._scaled(day, self._mean_orders()))]
        for hour in range(24):
            yield from self._share_acts(day, hour, share_hours.count(hour))
            beat = self._time(day, hour, self._random.randint(12, 40))
            placed = beat + timedelta(seconds=self._random.randint(120, 900))
            yield from (
                Visit(beat, visit.share, visit.visitor, visit.member, visit.event)
                for visit in self._visits.pop((day, hour), [])
            )
            for _ in range(order_hours.count(hour)):
                yield from self._order(placed, visited=beat, weekday=date.weekday())

    def _mean_orders(self) -> float:
        return self._size.orders / self._size.days

    def _scaled(self, day: int, mean: float) -> int:
        grown = 0.6 + 0.8 * day / max(1, self._size.days - 1)
        weekday = (self._start + timedelta(days=day)).weekday()
        exact = mean * grown * _WEEKDAYS[weekday] * self._random.uniform(0.85, 1.15)
        return int(exact + self._random.random())

    def _hour(self) -> int:
        return self._random.choices(range(24), _HOURS)[0]

    def _time(self, day: int, hour: int, minute: int) -> datetime:
        return self._start + timedelta(
            days=day, hours=hour, minutes=minute, seconds=self._random.randint(0, 59)
        )

    # Shares and who opens them.

    def _share_acts(self, day: int, hour: int, count: int) -> Iterator[Act]:
        for _ in range(count):
            at = self._time(day, hour, self._random.randint(0, 10))
            joined = [index for index in self.promoters if self._members[index].since < at]
            if not joined:
                continue
            sharer = self._random.choices(joined, [self._energy[index] for index in joined])[0]
            parent = self._parent(sharer, at)
            good: int | None
            if parent is not None:
                kind, good = parent.kind, parent.good
            else:
                kind = self._random.choices(
                    (ShareKind.PRODUCT, ShareKind.SHOP, ShareKind.INVITE), (86, 9, 5)
                )[0]
                good = self._good() if kind is ShareKind.PRODUCT else None
            channel = self._random.choices(tuple(_CHANNELS), tuple(_CHANNELS.values()))[0]
            key = len(self._shares)
            share = Share(at, key, sharer, kind, good, channel, parent.key if parent else None)
            self._shares.append(share)
            self._plan_visits(share, day, hour)
            yield share

    def _parent(self, sharer: int, at: datetime) -> Share | None:
        """A quarter of the shares pass on what another promoter shared a few days before."""
        if self._random.random() > 0.25:
            return None
        recent = [
            share
            for share in self._shares[-60:]
            if share.sharer != sharer and timedelta(0) < at - share.at < timedelta(days=6)
        ]
        return self._random.choice(recent) if recent else None

    def _plan_visits(self, share: Share, day: int, hour: int) -> None:
        strangers = min(160, int(self._random.lognormvariate(2.9, 0.9)))
        friends = [
            index
            for index, member in enumerate(self._members)
            if member.home == share.sharer and member.since < share.at
        ]
        known = self._random.sample(friends, min(len(friends), self._random.choice((0, 0, 1, 2))))
        for member in (*(None for _ in range(strangers)), *known):
            later = min(int(self._random.expovariate(1 / 9)), 70)
            place = day + (hour + later) // 24, (hour + later) % 24
            visit = self._visit(share, member)
            self._visits.setdefault(place, []).append(visit)

    def _visit(self, share: Share, member: int | None, at: datetime | None = None) -> Visit:
        self._visitors += 1
        return Visit(at or share.at, share.key, self._visitors, member, TouchEvent.OPEN)

    # Orders and what becomes of them.

    def _good(self) -> int:
        return self._random.choices(range(len(self._goods)), self._popularity)[0]

    def _order(self, at: datetime, *, visited: datetime, weekday: int) -> Iterator[Act]:
        share = self._share_to_buy_from(at) if self._random.random() < _THROUGH_SHARES else None
        buyer = self._buyer(at, share)
        if buyer is None:
            return
        if share is not None:
            yield self._visit(share, buyer, visited)
        order = self._asked(at, buyer, share)
        if self._random.random() < _UNPAID:
            yield order
            if self._random.random() < 0.5:
                after = timedelta(minutes=self._random.randint(4, 28))
                yield Cancel(at + after, order.key, buyer, self._random.choice(_CHANGED_MIND))
            return
        paid = at + timedelta(seconds=self._random.randint(9, 200))
        yield self._paid(order, paid)
        yield from self._fate(order, paid, weekday)

    def _share_to_buy_from(self, at: datetime) -> Share | None:
        recent = [
            share
            for share in self._shares[-80:]
            if share.kind is ShareKind.PRODUCT and at - share.at < _CLICKS_LAST and share.at < at
        ]
        if not recent:
            return None
        # Whoever has brought many sells to many.
        brought = Counter(member.home for member in self._members if member.since < at)
        weights = [
            exp(-(at - share.at) / timedelta(days=1)) * (0.05 + brought[share.sharer])
            for share in recent
        ]
        return self._random.choices(recent, weights)[0]

    def _buyer(self, at: datetime, share: Share | None) -> int | None:
        """Who comes through a share is mostly somebody whom that promoter brought before."""
        weights = []
        for member in self._members:
            weight = member.appetite if member.since + timedelta(minutes=5) < at else 0.0
            if share is None:
                weight *= 1.0 if member.home is None else 0.3
            elif member.home is None:
                weight = 0.0
            elif member.home != share.sharer:
                weight *= 0.02
            weights.append(weight)
        if sum(weights) == 0:
            return None
        return self._random.choices(range(len(weights)), weights)[0]

    def _asked(self, at: datetime, buyer: int, share: Share | None) -> Order:
        count = self._random.choices((1, 2, 3), (62, 27, 11))[0]
        goods = [share.good] if share is not None and share.good is not None else []
        goods += [self._good() for _ in range(count - len(goods))]
        lines = []
        for good in dict.fromkeys(goods):
            skus = len(self._goods[good].skus)
            sku = self._random.choices(range(skus), [1 / (place + 1.4) for place in range(skus)])[0]
            pieces = self._random.choices((1, 2, 3), (78, 17, 5))[0]
            lines.append((good, sku, pieces))
        remark = self._random.choice(_REMARKS) if self._random.random() < 0.12 else ""
        self._orders += 1
        share_key = share.key if share is not None else None
        return Order(at, self._orders, buyer, tuple(lines), share_key, remark, None)

    def _paid(self, order: Order, paid: datetime) -> Order:
        return Order(order.at, order.key, order.buyer, order.lines, order.share, order.remark, paid)

    def _fate(self, order: Order, paid: datetime, weekday: int) -> Iterator[Act]:
        if self._random.random() < _REFUNDED:
            after = timedelta(minutes=self._random.randint(320, 700))
            by_shop = self._random.random() < 0.3
            reason = self._random.choice(_OUT_OF_REACH if by_shop else _SECOND_THOUGHTS)
            yield Refund(paid + after, order.key, None if by_shop else order.buyer, reason)
            return
        # What is paid by three in the afternoon leaves the same day, most of the time.
        local = paid.astimezone(ZONE)
        waits = (1 if local.hour >= 15 else 0) + (self._random.random() < 0.12) + (weekday == 6)
        shipped = local.replace(hour=16, minute=0) + timedelta(
            days=waits, minutes=self._random.randint(5, 110)
        )
        courier = self._random.choice(tuple(_COURIERS))
        number = f"{_COURIERS[courier]}{self._random.randint(10**11, 10**12 - 1)}"
        yield Ship(shipped, order.key, courier, number)
        if self._random.random() < _BY_HAND:
            days = self._random.uniform(1.1, 4.6) * min(1.0, self._size.days / 20)
            arrives = shipped + timedelta(days=days)
            yield Receive(arrives, order.key, order.buyer)

    def _just_now(self) -> Iterator[Act]:
        """A few orders of the last hours, whatever the hour is: unpaid ones and fresh paid ones;
        two of them, and an earlier one, are the tester's."""
        for minutes in (7, 18, 41, 66, 95):
            at = self._now - timedelta(minutes=minutes)
            buyer = self.tester if minutes == 18 else self._buyer(at, None)
            if buyer is not None:
                yield self._asked(at, buyer, None)
        for minutes in (12, 29, 53, 77, 110, 150):
            at = self._now - timedelta(minutes=minutes)
            buyer = self.tester if minutes == 53 else self._buyer(at, None)
            if buyer is not None:
                yield self._paid(self._asked(at, buyer, None), at + timedelta(seconds=40))
        # On its way to the tester: paid two days ago, shipped yesterday.
        at = self._now - timedelta(days=2, hours=1)
        order = self._paid(self._asked(at, self.tester, None), at + timedelta(seconds=55))
        yield order
        yield Ship(at + timedelta(days=1), order.key, "sf", "SF840016260417")
