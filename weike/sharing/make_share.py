"""Make a share: one signed link for one member, one thing and one channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike import tenancy
from weike.kernel import IdTakenByOther, Record, Tx
from weike.sharing import queries
from weike.sharing.errors import NothingToShare, UnknownShare
from weike.sharing.model import Channel, Share, ShareCodes, ShareKind
from weike.sharing.shared_goods import goods_on_sale


async def make_share(
    tx: Tx,
    codes: ShareCodes,
    *,
    share_id: UUID,
    sharer_id: UUID,
    kind: ShareKind,
    product_id: UUID | None,
    channel: Channel,
    parent_code: str | None,
    now: datetime,
) -> Share:
    """The same id again gives the same share.

    Refuses with NothingToShare when the product is not on sale, with UnknownShare for a parent
    of another shop, with IdTakenByOther when the id is somebody else's or means something else.
    """
    shop_no = await tenancy.shop_no(tx)
    if earlier := await queries.share_by_id(tx, share_id):
        share = _share(earlier, codes, shop_no)
        if (share.sharer_id, share.kind, share.product_id) != (sharer_id, kind, product_id):
            raise IdTakenByOther(field="id")
        return share

    if product_id is not None and await goods_on_sale(tx, product_id) is None:
        raise NothingToShare(field="product_id")
    parent = await share_of_code(tx, codes, parent_code) if parent_code else None
    if parent_code and parent is None:
        raise UnknownShare(field="parent_code")

    key = codes.key_of(share_id)
    await queries.insert_share(
        tx,
        share_id=share_id,
        key=key,
        sharer_id=sharer_id,
        kind=kind,
        product_id=product_id,
        channel=channel,
        parent_share_id=parent.id if parent else None,
        now=now,
    )
    return Share(
        id=share_id,
        code=codes.code(shop_no=shop_no, key=key),
        sharer_id=sharer_id,
        kind=kind,
        product_id=product_id,
        channel=channel,
        created_at=now,
    )


async def share_of_code(tx: Tx, codes: ShareCodes, code: str) -> Share | None:
    """The share of this shop behind a code; None for a forged, foreign or unknown one."""
    return (await shares_of_codes(tx, codes, [code])).get(code)


async def shares_of_codes(tx: Tx, codes: ShareCodes, asked: list[str]) -> dict[str, Share]:
    """The genuine ones among many codes, in one statement."""
    genuine = {code: read for code in set(asked) if (read := codes.read(code)) is not None}
    if not genuine:
        return {}
    shop_no = await tenancy.shop_no(tx)
    rows = await queries.shares_by_keys(tx, [read.key for read in genuine.values()])
    shares = [_share(row, codes, shop_no) for row in rows]
    return {share.code: share for share in shares if share.code in genuine}


def _share(row: Record, codes: ShareCodes, shop_no: int) -> Share:
    return Share(
        id=row["id"],
        code=codes.code(shop_no=shop_no, key=row["key"]),
        sharer_id=row["sharer_id"],
        kind=ShareKind(row["kind"]),
        product_id=row["product_id"],
        channel=Channel(row["channel"]),
        created_at=row["created_at"],
    )
