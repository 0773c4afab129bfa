"""WeChat's shipping information in memory: takes what is uploaded, answers as it is told to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from weike.payment import Ok, Refused, Unknown
from weike.trade.fulfilment.wechat.api import App


@dataclass(slots=True)
class FakeShippingAPI:
    uploads: list[dict[str, Any]] = field(default_factory=list)
    answer: Refused | Unknown | None = None
    managed: bool = True

    async def is_managed(self, app: App) -> Ok[bool] | Refused | Unknown:
        return Ok(self.managed)

    async def upload(self, app: App, report: dict[str, Any]) -> Ok[None] | Refused | Unknown:
        self.uploads.append(report)
        return self.answer or Ok(None)
