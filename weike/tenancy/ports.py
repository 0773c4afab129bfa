"""What tenancy asks of the contexts above it to tell a shop's whole profile; entry wires it."""

from __future__ import annotations

from typing import Protocol, runtime_checkable
from uuid import UUID

from weike.kernel import Tx


@runtime_checkable
class ShopFacts(Protocol):
    """Each answer is cheap: the profile is read by every visitor."""

    async def logo_url(self, tx: Tx, media_id: UUID) -> str | None:
        """The address of the picture, None when there is no such picture (any more)."""
        ...

    async def categories_count(self, tx: Tx) -> int:
        """How many categories a visitor can choose from."""
        ...

    async def wechat_login(self, tx: Tx) -> bool:
        """Members can sign in through WeChat here."""
        ...


class NoShopFacts:
    """For a house without goods and members: no picture, no categories, no WeChat."""

    async def logo_url(self, tx: Tx, media_id: UUID) -> str | None:
        return None

    async def categories_count(self, tx: Tx) -> int:
        return 0

    async def wechat_login(self, tx: Tx) -> bool:
        return False
