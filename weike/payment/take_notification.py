"""Take a notification: verify it, remember it, settle what it says, all before answering.

A notification is known by its id within its config: the second time it comes, nothing happens.
What does not verify leaves no trace in the database and causes no outgoing call.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Database, NotFound, TenantId, Tx
from weike.payment import queries
from weike.payment.model import Config, PaymentSeen
from weike.payment.ports import Gateways, Notice
from weike.payment.settle_payment import Settled, settle_payment
from weike.payment.settle_refund import settle_refund
from weike.payment.transfer_model import TransferSeen
from weike.payment.transfers.settle_transfer import settle_transfer


async def take_notification(
    database: Database,
    gateways: Gateways,
    *,
    config_id: UUID,
    headers: Mapping[str, str],
    raw: bytes,
    now: datetime,
) -> None:
    """Refuses with NotFound (no such config) and NotificationRefused (not verified)."""
    tenant_id = await queries.tenant_of_hook(database, config_id)
    if tenant_id is None:
        raise NotFound()
    config = await database.run(tenant_id, lambda tx: _config(tx, config_id))
    # A config that is switched off still listens: money asked for before may yet arrive.
    notice = gateways.of(config).open_notification(headers, raw, now=now)
    await _remember(database, tenant_id, config, notice, now)


async def _config(tx: Tx, config_id: UUID) -> Config:
    config = await queries.config_by_id(tx, config_id)
    if config is None:
        raise NotFound()
    return config


async def _remember(
    database: Database, tenant_id: TenantId, config: Config, notice: Notice, now: datetime
) -> None:
    async def settle(tx: Tx) -> None:
        if await queries.knows_notification(tx, config.id, notice.id):
            return
        settled = await _settle(tx, config, notice, now)
        # The key lets one of two that arrive at once through; the other is run again and finds
        # it above.
        await queries.insert_notification(
            tx,
            config_id=config.id,
            notification_id=notice.id,
            event_type=notice.event_type,
            outcome=settled.outcome if settled else "ignored",
            reason=settled.reason if settled else None,
            content=msgspec.json.decode(notice.plain),
            now=now,
        )

    await database.run(tenant_id, settle)


async def _settle(tx: Tx, config: Config, notice: Notice, now: datetime) -> Settled | None:
    if notice.content is None:
        return None
    if isinstance(notice.content, PaymentSeen):
        return await settle_payment(tx, notice.content, config=config, now=now)
    if isinstance(notice.content, TransferSeen):
        return await settle_transfer(tx, notice.content, config=config, now=now)
    return await settle_refund(tx, notice.content, config=config, now=now)
