"""Which ways of paying a shop offers where, and which one a buyer is recommended. Pure rules.

Inside WeChat only WeChat Pay works (WeChat opens no Alipay page), outside both do; the balance
works everywhere.
"""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from weike.payment.model import Method

Way = Literal["wechat", "alipay", "balance"]
Place = Literal["mini", "wechat", "browser", "desktop"]
"""The mini-program, WeChat's own browser, another browser of a phone, one of a desk."""

_METHODS: dict[Place, dict[Way, Method]] = {
    "mini": {"wechat": "mini", "balance": "balance"},
    "wechat": {"wechat": "jsapi", "balance": "balance"},
    "browser": {"alipay": "alipay_wap", "wechat": "h5", "balance": "balance"},
    "desktop": {"alipay": "alipay_page", "wechat": "h5", "balance": "balance"},
}
_WAYS: dict[Method, Way] = {
    "mini": "wechat",
    "jsapi": "wechat",
    "h5": "wechat",
    "native": "wechat",
    "alipay_wap": "alipay",
    "alipay_page": "alipay",
    "balance": "balance",
}


class WaysOffered(Struct, frozen=True, kw_only=True):
    """The merchant's choice, the first way recommended. Version 0 is nobody's choice yet."""

    in_browser: tuple[Way, ...] = ("wechat", "alipay", "balance")
    in_wechat: tuple[Way, ...] = ("wechat", "balance")
    version: int = 0

    def at(self, place: Place) -> tuple[Way, ...]:
        return self.in_wechat if place in ("mini", "wechat") else self.in_browser

    def allow(self, method: Method) -> bool:
        place: Place = "wechat" if method in ("mini", "jsapi") else "browser"
        way = _WAYS[method]
        return way in self.at(place) or (way == "balance" and way in self.in_wechat)


class WayOffered(Struct, frozen=True, kw_only=True):
    """One line of the cashier. A balance that is not enough is shown and cannot be chosen."""

    way: Way
    method: Method
    is_recommended: bool
    is_enough: bool = True
    balance_minor: int | None = None


def ways_for(
    offered: WaysOffered,
    *,
    place: Place,
    usable: Collection[str],
    balance_minor: int | None,
    amount_minor: int,
) -> list[WayOffered]:
    """`usable` are the channels that are set up; `balance_minor` is None where a balance cannot
    pay (switched off, or a top-up). A balance that covers it is recommended: it costs nobody a
    fee and needs no other app."""
    ways: list[Way] = [
        way
        for way in offered.at(place)
        if way in _METHODS[place]
        and (way in usable if way != "balance" else balance_minor is not None)
    ]
    enough = balance_minor is not None and balance_minor >= amount_minor
    best: Way | None = "balance" if enough and "balance" in ways else None
    best = best or next((way for way in ways if way != "balance"), None)
    return [
        WayOffered(
            way=way,
            method=_METHODS[place][way],
            is_recommended=way == best,
            is_enough=way != "balance" or enough,
            balance_minor=balance_minor if way == "balance" else None,
        )
        for way in ways
    ]
