"""What payment does by itself: ask about what is not settled, and send what was not sent."""

from datetime import datetime

from weike.kernel import Database, OutsideJob, TenantId
from weike.payment import queries, refund_queries
from weike.payment.ports import Gateways
from weike.payment.query_payment import query_payment
from weike.payment.send_refund import send_refund

_AT_ONCE = 20

_DUE_INTENTS = "select distinct i.tenant_id from payment.intents i where i.next_query_at <= $1"
_DUE_REFUNDS = "select distinct r.tenant_id from payment.refunds r where r.next_at <= $1"


def jobs(gateways: Gateways) -> tuple[OutsideJob, ...]:
    """Both move what they touch into the future first, so a slow provider is not asked in a
    circle."""

    async def query_open_intents(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id, lambda tx: queries.intents_to_query(tx, now=now, limit=_AT_ONCE)
        )
        for intent_id in due:
            await query_payment(database, gateways, tenant_id, intent_id=intent_id, now=now)
        return len(due)

    async def send_due_refunds(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id, lambda tx: refund_queries.refunds_to_send(tx, now=now, limit=_AT_ONCE)
        )
        for refund_id in due:
            await send_refund(database, gateways, tenant_id, refund_id=refund_id, now=now)
        return len(due)

    return (
        OutsideJob("payment.query_open_intents", 10, _DUE_INTENTS, query_open_intents),
        OutsideJob("payment.send_due_refunds", 10, _DUE_REFUNDS, send_due_refunds),
    )
