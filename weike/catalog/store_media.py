"""Take in an upload: re-encode it, put its sizes into the store, remember it."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime
from uuid import UUID

from weike.catalog.addresses import PictureSize, picture_key
from weike.catalog.model import Picture
from weike.catalog.pictures import RenderedPicture, render_picture
from weike.catalog.ports import MediaStore
from weike.kernel import Database, TenantId, Tx

# Decoding takes memory by the hundred megabytes; two at a time is what a small machine bears.
_AT_ONCE = 2
_slots = asyncio.Semaphore(_AT_ONCE)


async def store_media(
    database: Database,
    store: MediaStore,
    tenant_id: TenantId,
    *,
    media_id: UUID,
    upload: bytes,
    now: datetime,
) -> Picture:
    """The same upload again gives the first picture, whatever `media_id`.

    Works outside any transaction, because encoding and storing take time; only a finished picture
    is written down. Refuses with NotAPicture, PictureTooLarge or MediaStoreUnavailable.
    """
    async with _slots:
        rendered = await asyncio.to_thread(render_picture, upload)
    known = await database.run(tenant_id, lambda tx: _picture_by_hash(tx, rendered.sha256))
    if known is not None:
        return known
    # 128 random bits: the address of a picture tells nothing and cannot be guessed.
    name = secrets.token_urlsafe(16)
    for size, content in rendered.sizes.items():
        key = picture_key(tenant_id, name, size)
        await store.put(key, content, content_type="image/webp")
    return await database.run(
        tenant_id,
        lambda tx: _remember(tx, media_id=media_id, name=name, rendered=rendered, now=now),
    )


async def _remember(
    tx: Tx, *, media_id: UUID, name: str, rendered: RenderedPicture, now: datetime
) -> Picture:
    # Two uploads of one file at once: the first one's row stays, the other's files lie unused.
    await tx.execute(
        """
        insert into catalog.media
            (tenant_id, id, kind, name, width, height, byte_size, sha256, created_at)
        values ($1, $2, 'picture', $3, $4, $5, $6, $7, $8)
        on conflict (tenant_id, sha256) do nothing
        """,
        tx.tenant_id,
        media_id,
        name,
        rendered.width,
        rendered.height,
        sum(len(content) for content in rendered.sizes.values()),
        rendered.sha256,
        now,
    )
    picture = await _picture_by_hash(tx, rendered.sha256)
    if picture is None:
        raise AssertionError("a picture that was just written is not there")
    return picture


async def _picture_by_hash(tx: Tx, sha256: bytes) -> Picture | None:
    row = await tx.fetchrow(
        "select m.id, m.name, m.width, m.height from catalog.media m "
        "where m.tenant_id = $1 and m.sha256 = $2",
        tx.tenant_id,
        sha256,
    )
    return None if row is None else Picture(row["id"], row["name"], row["width"], row["height"])


async def read_picture(
    store: MediaStore, tenant_id: UUID, name: str, *, size: PictureSize = "m"
) -> bytes | None:
    """The WebP file of a picture, to draw it into something else; None when it is gone."""
    return await store.get(picture_key(tenant_id, name, size))
