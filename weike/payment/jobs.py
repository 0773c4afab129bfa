"""What payment does by itself: ask about what is not settled, and send what was not sent."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Database, OutsideJob, TenantId, Unavailable
from weike.payment import queries, refund_queries
from weike.payment.desk.jobs import jobs as desk_jobs
from weike.payment.ports import PayoutGateways
from weike.payment.query_payment import query_payment
from weike.payment.reconciliation.jobs import jobs as reconciliation_jobs
from weike.payment.send_refund import send_refund
from weike.payment.transfers import queries as transfer_queries
from weike.payment.transfers.send_transfer import send_transfer

log = logging.getLogger(__name__)

_AT_ONCE = 20
_TAKEN_FOR = timedelta(minutes=10)
"""When one that was taken and never written down again is due once more: longer than asking about
all that were taken with it can last."""

_DUE_INTENTS = "select distinct i.tenant_id from payment.intents i where i.next_query_at <= $1"
_DUE_TRANSFERS = "select distinct t.tenant_id from payment.transfers t where t.next_at <= $1"
_DUE_REFUNDS = "select distinct r.tenant_id from payment.refunds r where r.next_at <= $1"


def jobs(gateways: PayoutGateways) -> tuple[OutsideJob, ...]:
    """Both move what they touch into the future first, so a slow provider is not asked in a
    circle, and one that cannot be asked about keeps no other from being asked about."""

    async def query_open_intents(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id,
            lambda tx: queries.take_intents_to_query(
                tx, now=now, next_query_at=now + _TAKEN_FOR, limit=_AT_ONCE
            ),
        )
        return await _each(
            due,
            lambda intent_id: query_payment(
                database, gateways, tenant_id, intent_id=intent_id, now=now
            ),
            tenant_id,
        )

    async def send_due_refunds(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id,
            lambda tx: refund_queries.take_refunds_to_send(
                tx, now=now, next_at=now + _TAKEN_FOR, limit=_AT_ONCE
            ),
        )
        return await _each(
            due,
            lambda refund_id: send_refund(
                database, gateways, tenant_id, refund_id=refund_id, now=now
            ),
            tenant_id,
        )

    async def ask_about_transfers(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id,
            lambda tx: transfer_queries.take_transfers_to_ask(
                tx, now=now, next_at=now + _TAKEN_FOR, limit=_AT_ONCE
            ),
        )
        return await _each(
            due,
            lambda transfer_id: send_transfer(
                database, gateways, tenant_id, transfer_id=transfer_id, now=now
            ),
            tenant_id,
        )

    return (
        OutsideJob("payment.query_open_intents", 10, _DUE_INTENTS, query_open_intents),
        OutsideJob("payment.send_due_refunds", 10, _DUE_REFUNDS, send_due_refunds),
        OutsideJob("payment.ask_about_transfers", 10, _DUE_TRANSFERS, ask_about_transfers),
        *desk_jobs(gateways),
        *reconciliation_jobs(gateways),
    )


async def _each(
    ids: Sequence[UUID], ask: Callable[[UUID], Awaitable[None]], tenant_id: TenantId
) -> int:
    for one in ids:
        try:
            await ask(one)
        except Unavailable:
            raise
        except Exception as error:
            log.error(
                "payment job failed",
                extra={"tenant_id": tenant_id, "error": type(error).__name__},
                exc_info=error,
            )
    return len(ids)
