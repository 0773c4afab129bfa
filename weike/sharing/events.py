"""What has happened in sharing."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from weike.kernel import Event


class ShareTouched(Event, frozen=True, kw_only=True):
    """A signed-in member came through somebody's share. Anonymous touches are only recorded."""

    topic: ClassVar[str] = "sharing.share_touched"

    share_id: UUID
    sharer_id: UUID
    member_id: UUID
    at: datetime
