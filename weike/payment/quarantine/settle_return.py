"""Settle a return: take the channel's word about quarantined money on its way back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment.model import REFUND_AFTER_SECONDS, Config, RefundSeen, next_try
from weike.payment.quarantine import queries
from weike.payment.quarantine.model import Quarantined, return_id_of

_LOOK_AGAIN_AT_ABNORMAL = timedelta(hours=6)


async def settle_return(
    tx: Tx, seen: RefundSeen, *, config: Config, now: datetime
) -> Quarantined | None:
    """The channel's word about one of these; None when it is about none of them, or not as it was
    asked for."""
    try:
        return_id = UUID(hex=seen.out_refund_no)
    except ValueError:
        return None
    one = await queries.by_return(tx, return_id)
    if one is None or one.config_id != config.id:
        return None
    said = (seen.out_trade_no, seen.refund_minor, seen.mch_id or config.mch_id)
    if said != (one.out_trade_no, one.amount_minor, config.mch_id):
        return None
    match seen.state:
        case "done":
            await _let_out(tx, one, seen.done_at or now)
        case "closed":
            await queries.mark_held_again(tx, one.id, code="CLOSED")
        case "abnormal":
            again = now + _LOOK_AGAIN_AT_ABNORMAL
            await queries.mark_waiting(tx, one.id, code="ABNORMAL", next_at=again)
        case _:
            later = next_try(REFUND_AFTER_SECONDS, one.attempts, now)
            await queries.mark_waiting(tx, one.id, code=None, next_at=later)
    return one


async def _let_out(tx: Tx, one: Quarantined, done_at: datetime) -> None:
    if not await queries.mark_ended(tx, one.id, state="returned", at=done_at):
        return
    await ledger.post(
        tx,
        ledger.moving(
            Money(one.amount_minor, one.currency),
            debit="quarantine",
            credit=ledger.channel_cash(one.provider),
            id=derived_id(return_id_of(one.id), "ledger.refund"),
            kind="quarantine_refunded",
            source_type="intent",
            source_id=one.intent_id or one.id,
            at=done_at,
            reason=one.return_reason or "",
        ),
    )
