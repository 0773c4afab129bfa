"""Keep pick-up points, and answer where an order is handed over."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime

from weike import members
from weike.kernel import Refusal, Tx
from weike.trade.errors import NoPickup
from weike.trade.fulfilment.pickup import queries
from weike.trade.model import Delivery


class PickupPlaces:
    """`trade.ports.PickupPort`: the place is the point's, name and phone are the contact's."""

    def __init__(self, seal: members.PhoneSeal) -> None:
        self._seal = seal

    async def handed_over_at(
        self, tx: Tx, deliveries: Sequence[Delivery], *, now: datetime
    ) -> list[members.AddressSnapshot | Refusal]:
        ids = {one.pickup_point_id for one in deliveries if one.pickup_point_id is not None}
        points = await queries.points_by_id(tx, list(ids))
        answers: list[members.AddressSnapshot | Refusal] = []
        for one in deliveries:
            point = points.get(one.pickup_point_id) if one.pickup_point_id else None
            if point is None or not point.is_on:
                answers.append(NoPickup(field="pickup_point_id"))
                continue
            answers.append(
                members.AddressSnapshot(
                    name=one.contact_name,
                    phone_cipher=self._sealed(tx, one.contact_phone),
                    phone_tail=one.contact_phone[-4:],
                    region_code=point.region_code,
                    province=point.province,
                    city=point.city,
                    district=point.district,
                    street=f"{point.street}（{point.name}）",
                )
            )
        return answers

    def _sealed(self, tx: Tx, phone: str) -> str:
        return base64.b64encode(self._seal.seal(tx.tenant_id, phone)).decode()
