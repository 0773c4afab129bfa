"""What every part of the simulation holds in its hands: store, keys, time, chance, the way out.

The business clock can be moved forward (`/_ctl/advance`): expiry and the notification ladder
follow it. Signatures always carry the real time, because the shop's clock is not moved.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import httpx

from weike.sandbox.keys import Keys
from weike.sandbox.store import Store

_CHINA = timezone(timedelta(hours=8))
_OFFSET = "clock_offset_seconds"


@dataclass(frozen=True, slots=True)
class World:
    """The simulation's surroundings, all of them given from outside."""

    store: Store
    keys: Keys
    http: httpx.AsyncClient
    clock: Callable[[], datetime]
    chance: Callable[[], float]

    def real_now(self) -> int:
        return int(self.clock().timestamp())

    def now(self) -> int:
        return self.real_now() + int(self.store.setting(_OFFSET, "0"))

    def advance(self, seconds: int) -> int:
        moved = int(self.store.setting(_OFFSET, "0")) + seconds
        self.store.keep_setting(_OFFSET, str(moved))
        return self.now()


def china_time(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, _CHINA).isoformat(timespec="seconds")


def digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))
