"""Send a refund: ask the provider, after the commit that promised it, under its one number.

A refund that was sent before is asked about first; only when the provider never heard of it is
it sent again (the vendor: a failed refund is repeated under the same number, never a new one).
"""

from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries, refund_queries
from weike.payment.model import REFUND_AFTER_SECONDS, Config, Intent, Refund, RefundSeen, next_try
from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.ports import Gateway, Gateways
from weike.payment.settle_refund import refuse_refund, settle_refund


async def send_refund(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    refund_id: UUID,
    now: datetime,
) -> None:
    """Does nothing about a refund that is done. May be called any number of times."""
    taken = await database.run(tenant_id, lambda tx: _take(tx, refund_id, now))
    if taken is None:
        return
    refund, intent, config = taken
    gateway = gateways.of(config)
    answer = await ask_provider(gateway, refund, intent)

    async def write_down(tx: Tx) -> None:
        match answer:
            case Ok(seen):
                await settle_refund(tx, seen, config=config, now=now)
            case Refused(code) if gateway.meaning(answer) == "no":
                await refuse_refund(tx, refund, intent, code=code, now=now)
            case Refused(code) | Unknown(code):
                # Refused for now is as unsent as before; the next time it is asked about first.
                await refund_queries.mark_refund(
                    tx,
                    refund.id,
                    state="unknown",
                    last_code=code,
                    next_at=next_try(REFUND_AFTER_SECONDS, refund.attempts, now),
                )

    await database.run(tenant_id, write_down)


async def _take(tx: Tx, refund_id: UUID, now: datetime) -> tuple[Refund, Intent, Config] | None:
    """Committed before the call: a crash during it leaves a refund that was perhaps sent."""
    refund = await refund_queries.refund_by_id(tx, refund_id)
    if refund is None:
        return None
    next_at = next_try(REFUND_AFTER_SECONDS, refund.attempts, now)
    if not await refund_queries.mark_sending(tx, refund_id, next_at=next_at):
        return None
    intent = await queries.intent_by_id(tx, refund.intent_id)
    config = await queries.config_by_id(tx, intent.config_id) if intent else None
    return (refund, intent, config) if intent and config else None


async def ask_provider(gateway: Gateway, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
    """About it when it was sent before, else for it."""
    if refund.attempts > 0:
        known = await gateway.query_refund(refund, intent)
        if not (isinstance(known, Refused) and gateway.meaning(known) == "absent"):
            # Also when it was refused for another reason: that says nothing about the refund.
            return known if isinstance(known, Ok) else Unknown(_code(known))
    return await gateway.refund(refund, intent)


def _code(outcome: Refused | Unknown) -> str:
    return outcome.code if isinstance(outcome, Refused) else outcome.reason
