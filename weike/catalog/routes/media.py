"""Uploading pictures, and serving them to everybody."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body

from weike.catalog.addresses import picture_url
from weike.catalog.errors import UnknownPicture
from weike.catalog.model import Picture
from weike.catalog.pictures import UPLOAD_LIMIT_BYTES
from weike.catalog.ports import MediaStore
from weike.catalog.store_media import store_media
from weike.kernel import Database, uuid7
from weike.kernel.edge import ANYONE, MEMBER, Caller, allow, limited, staff

_FILE = re.compile(r"[A-Za-z0-9_-]{22}-[sml]\.webp")
_TENANT = re.compile(r"[0-9a-f]{32}")
# The limit of the whole body leaves room for the frame around the file; the file is checked too.
_BODY_LIMIT = UPLOAD_LIMIT_BYTES + 64 * 1024
# Enough for any dispute and any review; not enough to fill a disk.
_BUYER_PICTURES_A_DAY = 100
_FOR_EVER = "public, max-age=31536000, immutable"


class StoredMedia(msgspec.Struct, frozen=True, kw_only=True):
    """`width` and `height` are those of the largest size."""

    id: UUID
    url_s: str
    url_m: str
    url_l: str
    width: int
    height: int


class BuyerPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture from a buyer, to be named by its id in a review or an after-sale case."""

    id: UUID
    url: str
    thumb_url: str


def media_of(tenant_id: UUID, picture: Picture) -> StoredMedia:
    return StoredMedia(
        id=picture.id,
        url_s=picture_url(tenant_id, picture.name, "s"),
        url_m=picture_url(tenant_id, picture.name, "m"),
        url_l=picture_url(tenant_id, picture.name, "l"),
        width=picture.width,
        height=picture.height,
    )


@post(
    "/api/console/media",
    opt=staff("products.write"),
    operation_id="upload_media",
    request_max_body_size=_BODY_LIMIT,
    status_code=200,
)
async def upload_media(
    caller: Caller,
    database: Database,
    now: datetime,
    media_store: MediaStore,
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> StoredMedia:
    """The same file again gives the same picture. Refuses with NotAPicture, PictureTooLarge or
    MediaStoreUnavailable."""
    picture = await store_media(
        database,
        media_store,
        caller.tenant_id,
        media_id=uuid7(now),
        upload=await data.read(UPLOAD_LIMIT_BYTES + 1),
        now=now,
    )
    return media_of(caller.tenant_id, picture)


@post(
    "/api/shop/media",
    opt=limited(MEMBER, per_minute=30),
    operation_id="upload_buyer_picture",
    request_max_body_size=_BODY_LIMIT,
    status_code=200,
    tags=["shop"],
)
async def upload_buyer_picture(
    caller: Caller,
    database: Database,
    now: datetime,
    media_store: MediaStore,
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> BuyerPicture:
    """A picture to show with a review or an after-sale case. Refuses with NotAPicture,
    PictureTooLarge, MediaStoreUnavailable or TooMany."""
    # Counted before the work: decoding is what an attacker would make us do for nothing.
    await database.run(
        caller.tenant_id,
        lambda tx: allow(
            tx,
            key=f"catalog.buyer_pictures:{caller.member_id}",
            at_most=_BUYER_PICTURES_A_DAY,
            per_seconds=86_400,
            now=now,
        ),
    )
    picture = await store_media(
        database,
        media_store,
        caller.tenant_id,
        media_id=uuid7(now),
        upload=await data.read(UPLOAD_LIMIT_BYTES + 1),
        now=now,
    )
    return BuyerPicture(
        id=picture.id,
        url=picture_url(caller.tenant_id, picture.name, "l"),
        thumb_url=picture_url(caller.tenant_id, picture.name, "s"),
    )


@get(
    "/media/{tenant:str}/{file:str}",
    opt=ANYONE,
    operation_id="media",
    media_type="image/webp",
)
async def serve_media(media_store: MediaStore, tenant: str, file: str) -> Response[bytes]:
    """Whoever knows the random name may look: pictures of goods are public. Refuses with
    UnknownPicture."""
    if not _TENANT.fullmatch(tenant) or not _FILE.fullmatch(file):
        raise UnknownPicture()
    content = await media_store.get(f"{tenant}/{file}")
    if content is None:
        raise UnknownPicture()
    return Response(
        content,
        media_type="image/webp",
        headers={"cache-control": _FOR_EVER, "cross-origin-resource-policy": "cross-origin"},
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (upload_media, upload_buyer_picture, serve_media)
