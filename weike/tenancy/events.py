"""What happened to shops."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from weike.kernel import Event


class ShopOpened(Event, frozen=True, kw_only=True):
    topic: ClassVar[str] = "tenancy.shop_opened"

    tenant_id: UUID
    slug: str
    at: datetime
