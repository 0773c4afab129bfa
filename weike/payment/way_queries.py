"""SQL of the ways a shop offers. `$1` is always the tenant."""

from datetime import datetime

import msgspec

from weike.kernel import Tx
from weike.payment.ways import WaysOffered


async def ways_offered(tx: Tx) -> WaysOffered:
    row = await tx.fetchrow(
        "select w.in_browser, w.in_wechat, w.version from payment.ways w where w.tenant_id = $1",
        tx.tenant_id,
    )
    return msgspec.convert(dict(row), type=WaysOffered) if row else WaysOffered()


async def write_ways(tx: Tx, ways: WaysOffered, *, now: datetime) -> bool:
    """`ways.version` is one more than what the writer has seen; false when it is not."""
    return 1 == await tx.execute(
        """
        insert into payment.ways (tenant_id, in_browser, in_wechat, version, updated_at)
        select $1, $2, $3, $4::bigint, $5
        where $4::bigint = 1 or exists (select 1 from payment.ways w where w.tenant_id = $1)
        on conflict (tenant_id) do update set in_browser = excluded.in_browser,
            in_wechat = excluded.in_wechat, version = excluded.version,
            updated_at = excluded.updated_at
            where ways.version = excluded.version - 1
        """,
        tx.tenant_id,
        list(ways.in_browser),
        list(ways.in_wechat),
        ways.version,
        now,
    )
