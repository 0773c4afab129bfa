"""Settle a refund: take the provider's word about one, compare it, and let the money out."""

from datetime import datetime, timedelta

from weike import ledger
from weike.kernel import Tx
from weike.payment import queries, refund_queries
from weike.payment.events import PaymentQuarantined, RefundRefused
from weike.payment.let_out import let_out, out_undone
from weike.payment.model import (
    REFUND_AFTER_SECONDS,
    Config,
    Intent,
    Refund,
    RefundSeen,
    next_try,
    refund_mismatch,
)
from weike.payment.quarantine.settle_return import settle_return
from weike.payment.settle_payment import Settled

# The buyer's account is gone or frozen: the merchant repairs it in the provider's console.
_LOOK_AGAIN_AT_ABNORMAL = timedelta(hours=6)


async def settle_refund(tx: Tx, seen: RefundSeen, *, config: Config, now: datetime) -> Settled:
    """Believes it once. A mismatch is quarantined and moves nothing."""
    if await settle_return(tx, seen, config=config, now=now):
        return Settled("applied")
    refund = await refund_queries.lock_refund_of_number(tx, seen.out_refund_no)
    intent = await queries.intent_by_id(tx, refund.intent_id) if refund else None
    if refund is None or intent is None or intent.config_id != config.id:
        return _quarantined(tx, config, None, "number", now)
    if reason := refund_mismatch(seen, refund, intent, mch_id=config.mch_id):
        return _quarantined(tx, config, refund, reason, now)
    if refund.state == "refused" and seen.state == "done":
        # We were told no, so the order goes on, and yet the money has gone: a person must look.
        return _quarantined(tx, config, refund, "refused_before", now)
    if refund.state in ("succeeded", "refused"):
        return Settled("repeated")
    match seen.state:
        case "done":
            await let_out(
                tx,
                config.provider,
                refund,
                intent,
                provider_refund_id=seen.provider_refund_id,
                done_at=seen.done_at or now,
            )
        case "closed":
            await refuse_refund(tx, refund, intent, code="CLOSED", now=now)
        case _:
            abnormal = seen.state == "abnormal"
            await refund_queries.mark_refund(
                tx,
                refund.id,
                state="sent",
                last_code="ABNORMAL" if abnormal else None,
                provider_refund_id=seen.provider_refund_id,
                next_at=now + _LOOK_AGAIN_AT_ABNORMAL
                if abnormal
                else next_try(REFUND_AFTER_SECONDS, refund.attempts, now),
            )
    return Settled("applied")


async def refuse_refund(
    tx: Tx, refund: Refund, intent: Intent, *, code: str, now: datetime
) -> None:
    """Nothing moved: what was promised may be asked for again."""
    if not await refund_queries.mark_refund(
        tx, refund.id, state="refused", last_code=code, next_at=None, done_at=now
    ):
        return
    await queries.keep_after_all(tx, refund.intent_id, refund.amount_minor)
    if refund.purpose == "balance_out" and intent.member_id:
        await ledger.post(tx, out_undone(refund, intent.member_id, at=now))
        return
    tx.announce(
        RefundRefused(
            refund_id=refund.id,
            order_id=refund.order_id,
            amount_minor=refund.amount_minor,
            currency=refund.currency,
            provider_code=code,
            at=now,
        )
    )


def _quarantined(
    tx: Tx, config: Config, refund: Refund | None, reason: str, now: datetime
) -> Settled:
    tx.announce(
        PaymentQuarantined(
            config_id=config.id,
            order_id=refund.order_id if refund else None,
            reason=f"refund_{reason}",
            at=now,
        )
    )
    return Settled("quarantined", f"refund_{reason}")
