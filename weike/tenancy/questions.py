"""What others ask about a shop's people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike.kernel import Tx
from weike.tenancy import queries


async def staff_who_may(tx: Tx, permission: str) -> Sequence[UUID]:
    """Those who could sign in now and hold the permission."""
    return await queries.active_staff_who_may(tx, permission)


async def staff_name(tx: Tx, staff_id: UUID) -> str:
    """As the shop calls them; empty for nobody."""
    row = await queries.staff_member(tx, staff_id)
    return row["name"] if row else ""
