"""Send a transfer, or ask what became of it. A transfer that was sent before is asked about first;
it is sent again, under its one number, only when the provider never heard of it (vendor: a new
number only after the old one reads FAIL or CANCELLED; we never take a new one)."""

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries
from weike.payment.model import Config, next_try
from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.ports import PayoutGateways, TransferGateway
from weike.payment.transfer_model import TRANSFER_AFTER_SECONDS, Transfer, TransferSeen
from weike.payment.transfers import queries as transfer_queries
from weike.payment.transfers.settle_transfer import fail_transfer, settle_transfer


async def send_transfer(
    database: Database,
    gateways: PayoutGateways,
    tenant_id: TenantId,
    *,
    transfer_id: UUID,
    now: datetime,
) -> None:
    """Does nothing about one that is done. May be called any number of times."""
    taken = await database.run(tenant_id, lambda tx: _take(tx, transfer_id, now))
    if taken is None:
        return
    transfer, config = taken
    gateway = gateways.transferring(config)
    name = gateways.open_name(transfer.id, transfer.name_cipher) if transfer.name_cipher else None
    answer = await _ask(gateway, transfer, name)

    async def write_down(tx: Tx) -> None:
        match answer:
            case Ok(seen):
                await settle_transfer(tx, seen, config=config, now=now)
            case Refused(code) if gateway.meaning(answer) == "no":
                await fail_transfer(tx, transfer, code=code, now=now)
            case Refused(code) | Unknown(code):
                await transfer_queries.mark_transfer(
                    tx,
                    transfer.id,
                    state="unknown",
                    last_code=code,
                    next_at=next_try(TRANSFER_AFTER_SECONDS, transfer.attempts, now),
                )

    await database.run(tenant_id, write_down)


async def _take(tx: Tx, transfer_id: UUID, now: datetime) -> tuple[Transfer, Config] | None:
    """Committed before the call: a crash during it leaves a transfer that was perhaps sent."""
    transfer = await transfer_queries.transfer_by_id(tx, transfer_id)
    if transfer is None:
        return None
    next_at = next_try(TRANSFER_AFTER_SECONDS, transfer.attempts, now)
    if not await transfer_queries.mark_sending(tx, transfer_id, next_at=next_at):
        return None
    config = await queries.config_by_id(tx, transfer.config_id)
    return (transfer, config) if config else None


async def _ask(
    gateway: TransferGateway, transfer: Transfer, name: str | None
) -> Outcome[TransferSeen]:
    if transfer.attempts > 0:
        known = await gateway.query_transfer(transfer)
        if not (isinstance(known, Refused) and gateway.meaning(known) == "absent"):
            # Refused for another reason says nothing about the transfer.
            return Unknown(known.code) if isinstance(known, Refused) else known
    return await gateway.transfer(transfer, name)
