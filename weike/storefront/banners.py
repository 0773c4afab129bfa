"""Banners of the home page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import Tx
from weike.storefront.errors import UnknownBannerPicture

BANNER_LIMIT = 8

# Links stay in the shop: a banner never sends a buyer to somebody else's site.
_IN_SHOP = r"^(/([^/\\\s<>\"\x00-\x1f][^\\\s<>\"\x00-\x1f]*)?)?$"
Link = Annotated[str, msgspec.Meta(max_length=300, pattern=_IN_SHOP)]


class BannerDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    media_id: UUID
    link: Link = ""


class Banner(msgspec.Struct, frozen=True):
    """`picture` is a picture name (`catalog.picture_url`)."""

    media_id: UUID
    link: str
    picture: str


async def banners(tx: Tx) -> list[Banner]:
    rows = await tx.fetch(
        """
        select b.media_id, b.link, m.name
        from storefront.banners b
        join catalog.media m on m.tenant_id = b.tenant_id and m.id = b.media_id
        where b.tenant_id = $1
        order by b.position
        """,
        tx.tenant_id,
    )
    return [Banner(row["media_id"], row["link"], row["name"]) for row in rows]


async def set_banners(tx: Tx, drafts: Sequence[BannerDraft]) -> None:
    """Replaces all banners. Refuses with UnknownBannerPicture."""
    known = await catalog.pictures_by_id(tx, [draft.media_id for draft in drafts])
    for place, draft in enumerate(drafts):
        if draft.media_id not in known:
            raise UnknownBannerPicture(field=f"items[{place}].media_id")
    await tx.execute("delete from storefront.banners b where b.tenant_id = $1", tx.tenant_id)
    await tx.execute(
        """
        insert into storefront.banners (tenant_id, position, media_id, link)
        select $1, x.position, x.media_id, x.link
        from unnest($2::integer[], $3::uuid[], $4::text[]) as x(position, media_id, link)
        """,
        tx.tenant_id,
        list(range(len(drafts))),
        [draft.media_id for draft in drafts],
        [draft.link for draft in drafts],
    )
    tx.public_changed()
