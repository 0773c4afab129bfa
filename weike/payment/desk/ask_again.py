"""Ask again: what the channel says now about one payment or refund, settled the usual way; then the
bill is compared once more. The first repair of most differences, and it can do no harm.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries as payment_queries
from weike.payment import refund_queries
from weike.payment.errors import ProviderRefused, ProviderUnreachable
from weike.payment.model import Config, Intent, PaymentSeen, Refund, RefundSeen
from weike.payment.outcome import Ok, Outcome, Refused
from weike.payment.ports import Gateways
from weike.payment.reconciliation import difference_queries
from weike.payment.reconciliation import queries as bill_queries
from weike.payment.reconciliation.compare_bill import compare_bill
from weike.payment.reconciliation.difference_queries import Difference
from weike.payment.reconciliation.errors import (
    BillNotFound,
    DifferenceNotFound,
    RepairDoesNotFit,
)
from weike.payment.settle_payment import settle_payment
from weike.payment.settle_refund import settle_refund


async def ask_again(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    difference_id: UUID,
    now: datetime,
) -> None:
    """Refuses with DifferenceNotFound, RepairDoesNotFit (there is no number to ask about),
    ProviderRefused, ProviderUnreachable."""
    difference, config, intent, refund = await database.run(
        tenant_id, lambda tx: _about(tx, difference_id)
    )
    gateway = gateways.of(config)
    asked: Outcome[PaymentSeen] | Outcome[RefundSeen]
    if refund is not None and intent is not None:
        asked = await gateway.query_refund(refund, intent)
    else:
        asked = await gateway.query(difference.out_trade_no)
    if isinstance(asked, Refused):
        if gateway.meaning(asked) != "absent":
            raise ProviderRefused(provider_code=asked.code, provider_message=asked.message)
    elif not isinstance(asked, Ok):
        raise ProviderUnreachable()

    async def write_down(tx: Tx) -> None:
        if isinstance(asked, Ok):
            if isinstance(asked.value, PaymentSeen):
                await settle_payment(tx, asked.value, config=config, now=now)
            else:
                await settle_refund(tx, asked.value, config=config, now=now)
        await compare_bill(tx, difference.bill_id, now=now)

    await database.run(tenant_id, write_down)


async def _about(
    tx: Tx, difference_id: UUID
) -> tuple[Difference, Config, Intent | None, Refund | None]:
    difference = await difference_queries.difference_by_id(tx, difference_id)
    if difference is None:
        raise DifferenceNotFound()
    if not difference.out_trade_no:
        raise RepairDoesNotFit(action="query")
    bill = await bill_queries.bill_by_id(tx, difference.bill_id)
    config = await payment_queries.config_by_id(tx, bill.config_id) if bill else None
    if config is None:
        raise BillNotFound()
    refund = (
        await refund_queries.refund_by_id(tx, difference.refund_id)
        if difference.refund_id
        else None
    )
    intent_id = refund.intent_id if refund else difference.intent_id
    intent = await payment_queries.intent_by_id(tx, intent_id) if intent_id else None
    return difference, config, intent, refund
