"""A tracking service in memory: knows the journeys it is told, fails when it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field

from weike.trade.fulfilment.tracking.ports import (
    Account,
    Journey,
    Ok,
    Refused,
    Tracked,
    Unknown,
)


@dataclass(slots=True)
class FakeTracking:
    journeys: dict[str, Journey] = field(default_factory=dict)
    subscribed: list[tuple[Tracked, str, str]] = field(default_factory=list)
    """(parcel, callback_url, salt), in the order asked."""
    answer: Refused | Unknown | None = None

    async def subscribe(
        self, account: Account, parcel: Tracked, *, callback_url: str, salt: str
    ) -> Ok[None] | Refused | Unknown:
        self.subscribed.append((parcel, callback_url, salt))
        return self.answer or Ok(None)

    async def query(self, account: Account, parcel: Tracked) -> Ok[Journey] | Refused | Unknown:
        if self.answer:
            return self.answer
        journey = self.journeys.get(parcel.tracking_no)
        return Ok(journey) if journey else Refused("500", "查询无结果，请隔段时间再查")
