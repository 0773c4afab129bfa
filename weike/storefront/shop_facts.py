"""What tenancy asks of the contexts above it to tell a shop's whole profile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from weike import catalog
from weike.kernel import Tx


class ShopFacts:
    """Implements `tenancy.ShopFacts`; entry gives it the answer about WeChat."""

    def __init__(self, *, wechat_login: Callable[[Tx], Awaitable[bool]]) -> None:
        self._wechat_login = wechat_login

    async def logo_url(self, tx: Tx, media_id: UUID) -> str | None:
        picture = (await catalog.pictures_by_id(tx, [media_id])).get(media_id)
        return None if picture is None else catalog.picture_url(tx.tenant_id, picture.name, "s")

    async def categories_count(self, tx: Tx) -> int:
        return await catalog.categories_count(tx)

    async def wechat_login(self, tx: Tx) -> bool:
        return await self._wechat_login(tx)
