"""Where orders of a batch go: the buyer's address, the pick-up point, or nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from weike import members
from weike.kernel import Refusal, Tx
from weike.trade.errors import UnknownAddress
from weike.trade.model import PlaceOrder
from weike.trade.ports import PickupPort

NOWHERE = members.AddressSnapshot(
    name="",
    phone_cipher="",
    phone_tail="",
    region_code="",
    province="",
    city="",
    district="",
    street="",
)
"""Of an order with nothing to carry."""


async def destinations_of(
    tx: Tx, pickup: PickupPort, asks: Sequence[PlaceOrder], *, now: datetime
) -> list[members.AddressSnapshot | Refusal]:
    """One per ask, in their order. A kind of delivery that nobody asked for costs no statement."""
    by_courier = [
        (ask.member_id, ask.delivery.address_id)
        for ask in asks
        if ask.delivery.kind == "express" and ask.delivery.address_id is not None
    ]
    addresses = await members.addresses_of(tx, by_courier) if by_courier else {}
    fetched = [ask.delivery for ask in asks if ask.delivery.kind == "pickup"]
    places = iter(await pickup.handed_over_at(tx, fetched, now=now) if fetched else ())
    found: list[members.AddressSnapshot | Refusal] = []
    for ask in asks:
        match ask.delivery.kind:
            case "express":
                address_id = ask.delivery.address_id
                address = addresses.get((ask.member_id, address_id)) if address_id else None
                found.append(address or UnknownAddress(field="address_id"))
            case "pickup":
                found.append(next(places))
            case "none":
                found.append(NOWHERE)
    return found
