"""What following a parcel asks of the world outside. Three outcomes: ok, refused, unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from weike.payment import Ok, Refused, Unknown
from weike.trade.fulfilment.model import ParcelState

__all__ = ["Account", "Journey", "Ok", "Refused", "Step", "Tracked", "TrackingService", "Unknown"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a courier said. `place` is empty where it was not told."""

    at: datetime
    state: ParcelState
    text: str
    place: str = ""


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one number, oldest first. `is_over`: nothing more will be told."""

    tracking_no: str
    state: ParcelState
    steps: list[Step]
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The shop's own account at the service."""

    customer: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """A number in the service's words. Some couriers want the receiver's last four digits."""

    company: str
    tracking_no: str
    phone_tail: str


class TrackingService(Protocol):
    """Tells where parcels are. Never raises for what the network does."""

    async def subscribe(
        self, account: Account, parcel: Tracked, *, callback_url: str, salt: str
    ) -> Ok[None] | Refused | Unknown:
        """From now on the service posts what it hears to `callback_url`, signed with `salt`.
        Asking twice for one number is no error."""
        ...

    async def query(self, account: Account, parcel: Tracked) -> Ok[Journey] | Refused | Unknown: ...
