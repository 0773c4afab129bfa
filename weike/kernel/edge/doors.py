"""What the edge asks of the contexts that know people: which shop, which member, which staff."""

from __future__ import annotations

from typing import Protocol

from weike.kernel.edge.caller import Caller
from weike.kernel.ids import TenantId


class Doors(Protocol):
    """Wired by entry from `tenancy` and `members`. Tokens name their tenant, so one look-up
    inside that tenant decides; an unknown, expired or ended token gives None."""

    async def shop(self, *, slug: str | None, host: str) -> TenantId | None:
        """The shop by its slug (header `X-Shop`) or by the host that was called."""
        ...

    async def member(self, token: str) -> Caller | None: ...

    async def staff(self, token: str) -> Caller | None: ...
