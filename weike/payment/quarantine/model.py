"""Values and rules of quarantined money. No SQL, no web, no clock."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from weike.kernel import derived_id
from weike.payment.model import Config, Intent, Provider, Refund

State = Literal["held", "returning", "returned", "accepted"]


class Quarantined(Struct, frozen=True, kw_only=True):
    """A row of `payment.quarantined`."""

    id: UUID
    config_id: UUID
    provider: Provider
    out_trade_no: str
    transaction_id: str
    intent_id: UUID | None
    order_id: UUID | None
    reason: str
    amount_minor: int
    currency: str
    expected_minor: int | None
    payer: str
    paid_at: datetime
    state: State
    return_id: UUID | None
    return_reason: str | None
    attempts: int
    next_at: datetime | None
    last_code: str | None
    ended_at: datetime | None
    created_at: datetime


def quarantined_id(config_id: UUID, out_trade_no: str, transaction_id: str) -> UUID:
    return derived_id(config_id, f"payment.quarantined.{out_trade_no}.{transaction_id}")


def return_id_of(quarantined_id: UUID) -> UUID:
    """One number for ever: what was refused is tried again under it, never under another."""
    return derived_id(quarantined_id, "payment.quarantined_return")


def as_refund(one: Quarantined) -> Refund:
    """What a gateway is asked to give back."""
    return_id = return_id_of(one.id)
    return Refund(
        id=return_id,
        intent_id=one.intent_id or one.id,
        order_id=one.order_id or one.id,
        purpose="return",
        out_refund_no=return_id.hex,
        amount_minor=one.amount_minor,
        currency=one.currency,
        reason=one.return_reason or "",
        state="sent",
        last_code=one.last_code,
        attempts=one.attempts,
    )


def as_intent(one: Quarantined, config: Config) -> Intent:
    """The payment as the channel knows it: with the amount that came, not the one we asked for."""
    return Intent(
        id=one.intent_id or one.id,
        order_id=one.order_id or one.id,
        config_id=config.id,
        method="alipay_wap" if one.provider == "alipay" else "jsapi",
        app_id=config.app_id or config.app_id_official or config.app_id_mini or "",
        out_trade_no=one.out_trade_no,
        description="",
        amount_minor=one.amount_minor,
        currency=one.currency,
        payer_openid=None,
        state="paid",
        prepay=None,
        prepaid_at=None,
        expires_at=one.paid_at,
        close_requested_at=None,
        transaction_id=one.transaction_id,
        paid_at=one.paid_at,
        refunding_minor=one.amount_minor,
        queries=0,
    )
