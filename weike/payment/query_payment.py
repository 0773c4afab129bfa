"""Query a payment: ask the provider what became of an intent, and close it when that is wished.

Notifications are not guaranteed to arrive, so every open intent is asked about until it is
settled. The call is made between transactions, always under the intent's one number.
"""

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries
from weike.payment.close_intent import ask_to_close
from weike.payment.model import QUERY_AFTER_SECONDS, Config, Intent, next_try
from weike.payment.outcome import Ok, Refused
from weike.payment.ports import Gateway, Gateways
from weike.payment.settle_payment import settle_payment


async def query_payment(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    intent_id: UUID,
    now: datetime,
) -> None:
    """Settles what can be settled and puts off the rest. Does nothing about what is settled."""
    found = await database.run(tenant_id, lambda tx: _open(tx, intent_id))
    if found is None:
        return
    intent, config = found
    gateway = gateways.of(config)
    if (
        intent.subject == "top_up"
        and intent.close_requested_at is None
        and intent.expires_at <= now
    ):
        # An order closes its own; a top-up that was left alone has nobody else.
        await database.run(tenant_id, lambda tx: ask_to_close(tx, [intent], now=now))
        return
    if intent.close_requested_at is None:
        await _query(database, gateway, tenant_id, intent, config, now=now)
    elif not await _closed(database, gateway, tenant_id, intent):
        # Not closed: paid a moment before, or nobody knows.
        await _query(database, gateway, tenant_id, intent, config, now=now)


async def _open(tx: Tx, intent_id: UUID) -> tuple[Intent, Config] | None:
    intent = await queries.intent_by_id(tx, intent_id)
    if intent is None or not intent.is_open:
        return None
    config = await queries.config_by_id(tx, intent.config_id)
    return (intent, config) if config else None


async def _closed(
    database: Database, gateway: Gateway, tenant_id: TenantId, intent: Intent
) -> bool:
    asked = await gateway.close(intent.out_trade_no)
    agreed = isinstance(asked, Ok) or (
        # What the provider never heard of cannot be paid there.
        isinstance(asked, Refused) and gateway.meaning(asked) in ("closed", "absent")
    )
    if agreed:
        await database.run(tenant_id, lambda tx: queries.mark_ended(tx, intent.id, "closed"))
    return agreed


async def _query(
    database: Database,
    gateway: Gateway,
    tenant_id: TenantId,
    intent: Intent,
    config: Config,
    *,
    now: datetime,
) -> None:
    asked = await gateway.query(intent.out_trade_no)

    async def write_down(tx: Tx) -> None:
        # First put off, then settled: settling what is paid or closed ends the asking.
        await queries.query_later(
            tx, intent.id, at=next_try(QUERY_AFTER_SECONDS, intent.queries, now)
        )
        if isinstance(asked, Ok):
            await settle_payment(tx, asked.value, config=config, now=now)

    await database.run(tenant_id, write_down)
