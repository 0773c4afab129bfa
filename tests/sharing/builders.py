"""Shares for tests, made by the deed the product uses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from weike import sharing
from weike.kernel import Tx

CODES = sharing.ShareCodes(secret=b"k" * 32)


async def a_share(
    tx: Tx,
    now: datetime,
    *,
    sharer_id: UUID | None = None,
    share_id: UUID | None = None,
    kind: sharing.ShareKind = sharing.ShareKind.SHOP,
) -> sharing.Share:
    return await sharing.make_share(
        tx,
        CODES,
        share_id=share_id or uuid4(),
        sharer_id=sharer_id or uuid4(),
        kind=kind,
        product_id=None,
        channel=sharing.Channel.WECHAT,
        parent_code=None,
        now=now,
    )
