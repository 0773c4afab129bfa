"""HTTP of sharing: make a share, touch one, its poster, and the landing page of a link.

Given by name: `codes` (ShareCodes), `touches` (Batcher of record_touches), `public_url` (where
this platform is reached, without a trailing slash), `media_store` (pictures), `words`.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import CookieParameter

from weike import catalog, members, tenancy
from weike.kernel import Batcher, Database, Tx, uuid7, written_short
from weike.kernel.edge import ANYONE, MEMBER, SHOP, Caller, hot, limited
from weike.kernel.words import Words
from weike.sharing.errors import UnknownShare
from weike.sharing.landing import landing_page
from weike.sharing.make_share import make_share, share_of_code
from weike.sharing.model import Channel, Share, ShareCodes, ShareKind, TouchEvent
from weike.sharing.poster import PosterWords, draw_poster
from weike.sharing.record_touches import Touch
from weike.sharing.shared_goods import goods_on_sale

_Code = Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class MakeShare(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    kind: ShareKind
    channel: Channel
    product_id: UUID | None = None
    parent_code: _Code | None = None


class MadeShare(msgspec.Struct, kw_only=True):
    """`texts` are ready-made words to send along with the link."""

    id: UUID
    code: str
    url: str
    texts: list[str]


class TouchShare(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    code: _Code
    visitor_id: UUID
    event: TouchEvent


class Sharer(msgspec.Struct, kw_only=True):
    nickname: str
    avatar_url: str | None


class TouchedShare(msgspec.Struct, kw_only=True):
    kind: ShareKind
    product_id: UUID | None
    sharer: Sharer


@post("/api/shop/shares", opt=MEMBER, operation_id="make_share", status_code=200)
async def share(
    data: MakeShare,
    caller: Caller,
    database: Database,
    codes: ShareCodes,
    public_url: str,
    words: Words,
    now: datetime,
) -> MadeShare:
    async def work(tx: Tx) -> MadeShare:
        made = await make_share(
            tx,
            codes,
            share_id=data.id,
            sharer_id=caller.member_id,
            kind=data.kind,
            product_id=data.product_id,
            channel=data.channel,
            parent_code=data.parent_code,
            now=now,
        )
        return MadeShare(
            id=made.id,
            code=made.code,
            url=f"{public_url}/s/{made.code}",
            texts=await _copywriting(tx, made, words),
        )

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/touches",
    opt=hot(limited(SHOP, per_minute=240)),
    operation_id="touch_share",
    status_code=200,
)
async def touch(
    data: TouchShare, caller: Caller, database: Database, touches: Batcher[Touch, Share]
) -> TouchedShare:
    touched = await touches.submit(
        caller.tenant_id,
        Touch(
            id=data.id,
            code=data.code,
            visitor_id=data.visitor_id,
            member_id=caller.member_or_none,
            event=data.event,
        ),
    )
    cards = await database.run(
        caller.tenant_id, lambda tx: members.member_cards(tx, [touched.sharer_id])
    )
    card = cards[touched.sharer_id]
    return TouchedShare(
        kind=touched.kind,
        product_id=touched.product_id,
        sharer=Sharer(nickname=card.nickname, avatar_url=card.avatar_url),
    )


@get(
    "/api/shop/shares/{code:str}/poster.png",
    opt=limited(SHOP, per_minute=60),
    operation_id="share_poster",
)
async def poster(
    code: str,
    caller: Caller,
    database: Database,
    codes: ShareCodes,
    public_url: str,
    media_store: catalog.MediaStore,
    words: Words,
) -> Response[bytes]:
    found = await database.run(
        caller.tenant_id, lambda tx: _poster_words(tx, codes, code, public_url, words)
    )
    poster_words, picture_name = found
    picture = (
        await catalog.read_picture(media_store, caller.tenant_id, picture_name, size="l")
        if picture_name
        else None
    )
    png = await asyncio.to_thread(draw_poster, poster_words, picture=picture, avatar=None)
    return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=300"})


@get("/s/{code:str}", opt=limited(ANYONE, per_minute=240), operation_id="open_share")
async def landing(
    code: str,
    database: Database,
    codes: ShareCodes,
    touches: Batcher[Touch, Share],
    public_url: str,
    words: Words,
    now: datetime,
    visitor: Annotated[str | None, CookieParameter(name="weike_visitor")] = None,
) -> Response[str]:
    """A page with what a preview shows, going on into the shop. A forged code asks no query."""
    read = codes.read(code)
    shop = await tenancy.tenant_by_shop_no(database, read.shop_no) if read else None
    if shop is None:
        raise UnknownShare()
    tenant_id, slug = shop
    visitor_id = _visitor(visitor) or uuid7(now)
    touched = await touches.submit(
        tenant_id,
        Touch(
            id=uuid7(now), code=code, visitor_id=visitor_id, member_id=None, event=TouchEvent.OPEN
        ),
    )
    page = await database.run(
        tenant_id,
        lambda tx: landing_page(
            tx, touched, slug=slug, visitor_id=visitor_id, public_url=public_url, words=words
        ),
    )
    response = Response(page, media_type="text/html", headers={"cache-control": "no-store"})
    response.set_cookie(
        "weike_visitor",
        str(visitor_id),
        max_age=400 * 86400,
        httponly=True,
        samesite="lax",
        secure=public_url.startswith("https://"),
    )
    return response


def _visitor(cookie: str | None) -> UUID | None:
    try:
        return UUID(cookie) if cookie else None
    except ValueError:
        return None


async def _copywriting(tx: Tx, share: Share, words: Words) -> list[str]:
    shop = (await tenancy.tenant_of(tx)).name
    card = await goods_on_sale(tx, share.product_id)
    if card is None:
        return [words("sharing.copy.shop", shop=shop)]
    title = words.of(card.title, card.title_en)
    facts = {"shop": shop, "title": title, "price": written_short(card.min_price_minor)}
    return [
        words("sharing.copy.product", **facts),
        words("sharing.copy.product_short", **facts),
    ]


async def _poster_words(
    tx: Tx, codes: ShareCodes, code: str, public_url: str, words: Words
) -> tuple[PosterWords, str | None]:
    """What the poster says, and the name of its picture: the product's, or the shop's logo."""
    share = await share_of_code(tx, codes, code)
    if share is None:
        raise UnknownShare(field="code")
    shop = await tenancy.tenant_of(tx)
    sharer = (await members.member_cards(tx, [share.sharer_id]))[share.sharer_id]
    card = await goods_on_sale(tx, share.product_id)
    yuan, cents = divmod(card.min_price_minor, 100) if card else (0, 0)
    market = card.market_price_minor if card else None
    kind = "invitation" if card else "invitation_shop"
    title = shop.name
    if card:
        title = words.of(card.title, card.title_en)
    poster_words = PosterWords(
        shop_name=shop.name,
        sharer=sharer.nickname,
        invitation=words(f"sharing.poster.{kind}"),
        title=title,
        price_yuan=str(yuan) if card else "",
        price_cents=f".{cents:02d}" if cents else "",
        market_price=f"¥{written_short(market)}" if market else None,
        scan_hint=words("sharing.poster.scan"),
        url=f"{public_url}/s/{code}",
    )
    return poster_words, card.cover if card else await _logo(tx, shop)


async def _logo(tx: Tx, shop: tenancy.Tenant) -> str | None:
    if shop.logo_media_id is None:
        return None
    pictures = await catalog.pictures_by_id(tx, [shop.logo_media_id])
    return pictures[shop.logo_media_id].name if shop.logo_media_id in pictures else None


ROUTES: tuple[HTTPRouteHandler, ...] = (share, touch, poster, landing)
