"""The page behind a share link: what a chat preview shows, then on into the shop.

WeChat and Weibo read `<title>` and the Open Graph tags from the HTML, so this page is drawn by the
server; everything that comes from people is escaped. It goes on by a meta refresh, without script,
so that it works under a strict content policy.
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote
from uuid import UUID

from weike import catalog, members, tenancy
from weike.kernel import Tx
from weike.kernel.words import Words
from weike.sharing.model import Share
from weike.sharing.shared_goods import goods_on_sale

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>{title}</title>
<meta property="og:type" content="website">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
{image}<meta http-equiv="refresh" content="0;url={target}">
<style>body{{margin:0;font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC",sans-serif;
display:grid;place-content:center;min-height:100vh;text-align:center;color:#57534e;
background:#fff7f2}}a{{color:#c2410c}}@media(prefers-color-scheme:dark){{body{{background:#1c1917;
color:#d6d3d1}}a{{color:#fdba74}}}}</style>
</head>
<body><p>{opening}</p><p><a href="{target}">{go_on}</a></p></body>
</html>
"""


async def landing_page(
    tx: Tx, share: Share, *, slug: str, visitor_id: UUID, public_url: str, words: Words
) -> str:
    """HTML that opens the product, or the shop, with the share's code and the visitor's id: the
    visit is recorded already, and the app goes on as the same visitor."""
    shop = await tenancy.tenant_of(tx)
    sharer = (await members.member_cards(tx, [share.sharer_id]))[share.sharer_id]
    card = await goods_on_sale(tx, share.product_id)
    page = (
        f"pages/product/index?id={card.id}&s={share.code}"
        if card
        else (f"pages/home/index?s={share.code}")
    )
    title = shop.name
    if card is not None:
        title = words.of(card.title, card.title_en)
    image = ""
    if card is not None and card.cover:
        picture = public_url + catalog.picture_url(tx.tenant_id, card.cover)
        image = f'<meta property="og:image" content="{escape(picture)}">\n'
    return _PAGE.format(
        lang="en" if words.language == "en" else "zh-CN",
        title=escape(title),
        description=escape(words("sharing.landing.shared_by", nickname=sharer.nickname)),
        image=image,
        target=escape(f"/m/?shop={quote(slug)}&s={share.code}&v={visitor_id}#/{page}"),
        opening=escape(words("sharing.landing.opening")),
        go_on=escape(words("sharing.landing.continue")),
    )
