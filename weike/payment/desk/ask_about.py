"""Ask about quarantined money: what the channel says of it now. Its last word about the amount
counts as long as the money lies here."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries as payment_queries
from weike.payment.errors import ProviderRefused, ProviderUnreachable
from weike.payment.model import Config
from weike.payment.outcome import Ok, Refused
from weike.payment.ports import Gateways
from weike.payment.quarantine import queries
from weike.payment.quarantine.errors import QuarantinedNotFound
from weike.payment.quarantine.model import Quarantined
from weike.payment.settle_payment import settle_payment


async def ask_about(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    quarantined_id: UUID,
    now: datetime,
) -> None:
    """Refuses with QuarantinedNotFound, ProviderRefused, ProviderUnreachable."""
    one, config = await database.run(tenant_id, lambda tx: _known(tx, quarantined_id))
    asked = await gateways.of(config).query(one.out_trade_no)
    if isinstance(asked, Refused):
        raise ProviderRefused(provider_code=asked.code, provider_message=asked.message)
    if not isinstance(asked, Ok):
        raise ProviderUnreachable()
    seen = asked.value
    await database.run(tenant_id, lambda tx: settle_payment(tx, seen, config=config, now=now))


async def _known(tx: Tx, quarantined_id: UUID) -> tuple[Quarantined, Config]:
    one = await queries.by_id(tx, quarantined_id)
    config = await payment_queries.config_by_id(tx, one.config_id) if one else None
    if one is None or config is None:
        raise QuarantinedNotFound()
    return one, config
