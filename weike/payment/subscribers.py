"""What payment does after its own commits: tell the provider what was decided.

Both errands may come twice, and both may find that the job was faster.
"""

from datetime import datetime

from weike.kernel import Database, Errand, Listener, TenantId
from weike.payment.events import CloseRequested, RefundRequested
from weike.payment.ports import PayoutGateways
from weike.payment.query_payment import query_payment
from weike.payment.send_refund import send_refund
from weike.payment.transfers.events import TransferRequested
from weike.payment.transfers.send_transfer import send_transfer


def subscribers(gateways: PayoutGateways) -> tuple[Listener, ...]:
    async def close_at_provider(
        database: Database, tenant_id: TenantId, event: CloseRequested, now: datetime
    ) -> None:
        await query_payment(database, gateways, tenant_id, intent_id=event.intent_id, now=now)

    async def refund_at_provider(
        database: Database, tenant_id: TenantId, event: RefundRequested, now: datetime
    ) -> None:
        await send_refund(database, gateways, tenant_id, refund_id=event.refund_id, now=now)

    async def transfer_at_provider(
        database: Database, tenant_id: TenantId, event: TransferRequested, now: datetime
    ) -> None:
        await send_transfer(database, gateways, tenant_id, transfer_id=event.transfer_id, now=now)

    return (
        Errand("payment.close_at_provider", CloseRequested, close_at_provider),
        Errand("payment.refund_at_provider", RefundRequested, refund_at_provider),
        Errand("payment.transfer_at_provider", TransferRequested, transfer_at_provider),
    )
