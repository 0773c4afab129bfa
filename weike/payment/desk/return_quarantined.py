"""Return quarantined money to whoever paid it: promised in one transaction, sent after it under
one number for ever, booked when the channel says that it is back.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries as payment_queries
from weike.payment.model import REFUND_AFTER_SECONDS, Config, next_try
from weike.payment.outcome import Ok, Refused, Unknown
from weike.payment.ports import Gateways
from weike.payment.quarantine import queries
from weike.payment.quarantine.errors import NotHeld, QuarantinedNotFound
from weike.payment.quarantine.model import Quarantined, as_intent, as_refund, return_id_of
from weike.payment.quarantine.settle_return import settle_return
from weike.payment.send_refund import ask_provider


async def begin_return(tx: Tx, quarantined_id: UUID, *, reason: str, now: datetime) -> Quarantined:
    """Refuses with QuarantinedNotFound, NotHeld."""
    one = await queries.by_id(tx, quarantined_id, lock=True)
    if one is None:
        raise QuarantinedNotFound()
    if not await queries.mark_returning(
        tx, one.id, return_id=return_id_of(one.id), reason=reason, now=now
    ):
        raise NotHeld(state=one.state)
    return one


async def send_return(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    quarantined_id: UUID,
    now: datetime,
) -> None:
    """Does nothing about what is back already. May be called any number of times."""
    taken = await database.run(tenant_id, lambda tx: _take(tx, quarantined_id, now))
    if taken is None:
        return
    one, config = taken
    gateway = gateways.of(config)
    refund = as_refund(one)
    answer = await ask_provider(gateway, refund, as_intent(one, config))

    async def write_down(tx: Tx) -> None:
        match answer:
            case Ok(seen):
                await settle_return(tx, seen, config=config, now=now)
            case Refused(code) if gateway.meaning(answer) == "no":
                await queries.mark_held_again(tx, one.id, code=code)
            case Refused(code) | Unknown(code):
                later = next_try(REFUND_AFTER_SECONDS, one.attempts, now)
                await queries.mark_waiting(tx, one.id, code=code, next_at=later)

    await database.run(tenant_id, write_down)


async def _take(tx: Tx, quarantined_id: UUID, now: datetime) -> tuple[Quarantined, Config] | None:
    one = await queries.by_id(tx, quarantined_id)
    if one is None:
        return None
    next_at = next_try(REFUND_AFTER_SECONDS, one.attempts, now)
    if not await queries.mark_sending(tx, one.id, next_at=next_at):
        return None
    config = await payment_queries.config_by_id(tx, one.config_id)
    return (one, config) if config else None
