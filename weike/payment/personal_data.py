"""What payment knows about a person: who paid, as the provider calls them.

Payments name orders, not members; whoever knows the orders asks for their payers to be forgotten.
What providers told us stays as evidence for as long as the law asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike.kernel import Tx


async def forget_payers(tx: Tx, order_ids: Sequence[UUID]) -> None:
    await tx.execute(
        "update payment.intents i set payer_openid = null, payer = null, prepay = null "
        "where i.tenant_id = $1 and i.order_id = any($2::uuid[]) "
        "and (i.payer_openid is not null or i.payer is not null or i.prepay is not null)",
        tx.tenant_id,
        list(order_ids),
    )
