"""Couriers we know by code, and what they are called elsewhere; their names are in the texts.

The table is `fulfilment/couriers.toml`, with its sources. A merchant may write another courier.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

import msgspec


class Courier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Empty where the other side has no name for it."""

    kuaidi100: str
    wechat: str
    number: str


_TABLE = files("weike.trade.fulfilment").joinpath("couriers.toml").read_text(encoding="utf-8")
KNOWN: dict[str, Courier] = msgspec.convert(tomllib.loads(_TABLE), dict[str, Courier])
COURIERS = tuple(KNOWN)
