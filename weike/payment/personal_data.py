"""What payment knows about a person: a balance, and who paid, as the provider calls them.

Payments of orders name orders, not members; whoever knows the orders asks for their payers to be
forgotten.
What providers told us stays as evidence for as long as the law asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Tx
from weike.kernel.personal import Holding, Obstacle, PersonalData

HOLDINGS = (
    # Who names herself as the holder of a prepaid card is registered for five years (see
    # balance/model.py); the paper's number stays sealed and leaves with nobody.
    Holding("balance", "payment.balance_accounts", without=("holder_cipher",), is_kept=True),
    Holding(
        "balance_payments",
        "payment.intents",
        without=("config_id", "prepay", "next_query_at", "queries"),
        is_kept=True,
    ),
)


async def _money_is_left(tx: Tx, member_id: UUID) -> list[Obstacle]:
    left = [
        (await ledger.balance(tx, account, member_id)).minor
        for account in ("balance", "balance_leaving")
    ]
    if not any(left):
        return []
    return [Obstacle("payment.balance_left", {"amount_minor": sum(left)})]


async def _erase(tx: Tx, member_id: UUID, now: datetime) -> None:
    await tx.execute(
        "update payment.intents i set payer_openid = null, payer = null, prepay = null "
        "where i.tenant_id = $1 and i.member_id = $2",
        tx.tenant_id,
        member_id,
    )


PERSONAL_DATA = PersonalData("payment", HOLDINGS, erase=_erase, obstacles=_money_is_left)


async def forget_payers(tx: Tx, order_ids: Sequence[UUID]) -> None:
    await tx.execute(
        "update payment.intents i set payer_openid = null, payer = null, prepay = null "
        "where i.tenant_id = $1 and i.order_id = any($2::uuid[]) "
        "and (i.payer_openid is not null or i.payer is not null or i.prepay is not null)",
        tx.tenant_id,
        list(order_ids),
    )
