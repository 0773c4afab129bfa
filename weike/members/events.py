"""What happened to members."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from weike.kernel import Event

Channel = Literal["phone", "wechat_mini", "wechat_official"]


class MemberRegistered(Event, frozen=True, kw_only=True):
    """Somebody is a member now. `share_code` is what they said they came by, unchecked."""

    topic: ClassVar[str] = "members.member_registered"

    member_id: UUID
    channel: Channel
    share_code: str | None
    at: datetime


class ProfilingChanged(Event, frozen=True, kw_only=True):
    """Visits of the member may be evaluated from now on, or not any more. Listeners forget at once
    what they had evaluated."""

    topic: ClassVar[str] = "members.profiling_changed"

    member_id: UUID
    allowed: bool
    at: datetime


class MemberDeleted(Event, frozen=True, kw_only=True):
    """The member is gone; the id stands for nobody from now on."""

    topic: ClassVar[str] = "members.member_deleted"

    member_id: UUID
    at: datetime
