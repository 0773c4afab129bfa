"""Settle a transfer: take the provider's word about one, compare it, and book what left."""

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment.events import PaymentQuarantined
from weike.payment.model import Config, next_try
from weike.payment.settle_payment import Settled
from weike.payment.transfer_model import (
    TRANSFER_AFTER_SECONDS,
    Transfer,
    TransferSeen,
    transfer_mismatch,
)
from weike.payment.transfers import queries
from weike.payment.transfers.events import TransferFailed, TransferSucceeded, TransferWaits


async def settle_transfer(tx: Tx, seen: TransferSeen, *, config: Config, now: datetime) -> Settled:
    """Believes it once. A mismatch is quarantined and moves nothing."""
    transfer = await _locked(tx, seen.out_bill_no)
    if transfer is None or transfer.config_id != config.id:
        return _quarantined(tx, config, "number", now)
    if reason := transfer_mismatch(seen, transfer, mch_id=config.mch_id):
        return _quarantined(tx, config, reason, now)
    if transfer.state == "failed" and seen.state == "done":
        # We were told no and gave the money back, and yet it has gone: a person must look.
        return _quarantined(tx, config, "failed_before", now)
    if transfer.state in ("succeeded", "failed"):
        return Settled("repeated")
    match seen.state:
        case "done":
            await _succeed(tx, transfer, seen, config, done_at=seen.done_at or now)
        case "failed":
            await fail_transfer(tx, transfer, code=seen.reason or "FAIL", now=now)
        case _:
            await queries.mark_transfer(
                tx,
                transfer.id,
                state="confirming" if seen.state == "confirming" else "sent",
                last_code=None,
                provider_transfer_id=seen.provider_transfer_id,
                package_info=seen.package_info,
                next_at=next_try(TRANSFER_AFTER_SECONDS, transfer.attempts, now),
            )
            if seen.state == "confirming" and transfer.state != "confirming":
                tx.announce(
                    TransferWaits(transfer_id=transfer.id, purpose_id=transfer.purpose_id, at=now)
                )
    return Settled("applied")


async def _locked(tx: Tx, out_bill_no: str) -> Transfer | None:
    try:
        transfer_id = UUID(hex=out_bill_no)
    except ValueError:
        return None
    return await queries.lock_transfer(tx, transfer_id)


async def _succeed(
    tx: Tx, transfer: Transfer, seen: TransferSeen, config: Config, *, done_at: datetime
) -> None:
    await queries.mark_transfer(
        tx,
        transfer.id,
        state="succeeded",
        last_code=None,
        next_at=None,
        provider_transfer_id=seen.provider_transfer_id,
        done_at=done_at,
    )
    await ledger.post(
        tx,
        ledger.moving(
            Money(transfer.amount_minor, transfer.currency),
            debit="payouts_clearing",
            credit=ledger.channel_cash(config.provider),
            id=derived_id(transfer.id, "ledger.transfer"),
            kind="paid_out",
            source_type=transfer.purpose,
            source_id=transfer.purpose_id,
            at=done_at,
        ),
    )
    tx.announce(
        TransferSucceeded(
            transfer_id=transfer.id,
            purpose_id=transfer.purpose_id,
            amount_minor=transfer.amount_minor,
            currency=transfer.currency,
            at=done_at,
        )
    )


async def fail_transfer(tx: Tx, transfer: Transfer, *, code: str, now: datetime) -> None:
    """Nothing moved; whoever asked gets word once."""
    if await queries.mark_transfer(
        tx, transfer.id, state="failed", last_code=code, next_at=None, done_at=now
    ):
        tx.announce(
            TransferFailed(
                transfer_id=transfer.id, purpose_id=transfer.purpose_id, code=code, at=now
            )
        )


def _quarantined(tx: Tx, config: Config, reason: str, now: datetime) -> Settled:
    tx.announce(
        PaymentQuarantined(config_id=config.id, order_id=None, reason=f"transfer_{reason}", at=now)
    )
    return Settled("quarantined", f"transfer_{reason}")
