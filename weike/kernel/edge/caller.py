"""Who is calling, once the door has let them in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from weike.kernel.errors import Unauthorized
from weike.kernel.ids import TenantId


class CallerKind(StrEnum):
    VISITOR = "visitor"
    """Somebody in a shop who has not signed in."""
    MEMBER = "member"
    """A signed-in buyer (who may also be a promoter)."""
    STAFF = "staff"
    """Somebody who works for the merchant."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`tenant_id` is the shop the call is about; nothing of another shop can be reached."""

    kind: CallerKind
    tenant_id: TenantId
    id: UUID | None = None
    session_id: UUID | None = None
    permissions: frozenset[str] = frozenset()

    @property
    def member_id(self) -> UUID:
        """Refuses with Unauthorized."""
        if self.kind is not CallerKind.MEMBER or self.id is None:
            raise Unauthorized()
        return self.id

    @property
    def member_or_none(self) -> UUID | None:
        return self.id if self.kind is CallerKind.MEMBER else None

    @property
    def staff_id(self) -> UUID:
        """Refuses with Unauthorized."""
        if self.kind is not CallerKind.STAFF or self.id is None:
            raise Unauthorized()
        return self.id
