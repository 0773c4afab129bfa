"""Open an intent: fix what a buyer is asked to pay, for which order, one way, under one number."""

from datetime import datetime
from uuid import UUID

from weike.kernel import IdTakenByOther, Money, Tx
from weike.payment import queries, way_queries
from weike.payment.errors import (
    NothingToPay,
    PayerUnknown,
    PaymentNotSetUp,
    WayNotOffered,
)
from weike.payment.model import (
    PROVIDER_OF,
    QUERY_AFTER_SECONDS,
    Intent,
    Method,
    Subject,
    next_try,
)


async def open_intent(
    tx: Tx,
    *,
    intent_id: UUID,
    order_id: UUID,
    amount: Money,
    description: str,
    expires_at: datetime,
    method: Method,
    payer_openid: str | None = None,
    subject: Subject = "order",
    member_id: UUID | None = None,
    now: datetime,
) -> Intent:
    """The same order asked the same way again gets the intent that is open, also under a new
    id: a buyer who taps twice is not asked twice.

    Refuses with NothingToPay, PaymentNotSetUp, WayNotOffered, PayerUnknown, IdTakenByOther.
    """
    if amount.minor <= 0:
        raise NothingToPay(field="amount")
    if earlier := await queries.intent_by_id(tx, intent_id):
        if (earlier.order_id, earlier.amount_minor) != (order_id, amount.minor):
            raise IdTakenByOther()
        return earlier
    config = await queries.config_of_shop(tx, PROVIDER_OF[method])
    app_id = config.app_id_for(method) if config and config.state == "active" else None
    if config is None or app_id is None or method == "balance":
        raise PaymentNotSetUp(method=method)
    if not (await way_queries.ways_offered(tx)).allow(method):
        raise WayNotOffered(method=method)
    if method in ("jsapi", "mini") and not payer_openid:
        raise PayerUnknown(field="payer_openid")
    intent = Intent(
        id=intent_id,
        order_id=order_id,
        config_id=config.id,
        method=method,
        app_id=app_id,
        # 32 letters of the id: unique for ever, and WeChat's limit to the letter.
        out_trade_no=intent_id.hex,
        description=description,
        amount_minor=amount.minor,
        currency=amount.currency,
        payer_openid=payer_openid,
        state="created",
        prepay=None,
        prepaid_at=None,
        expires_at=expires_at,
        close_requested_at=None,
        transaction_id=None,
        paid_at=None,
        refunding_minor=0,
        queries=0,
        subject=subject,
        member_id=member_id,
    )
    for known in await queries.intents_of_order(tx, order_id):
        if _asks_the_same(known, intent):
            return known
    await queries.insert_intent(
        tx, intent, now=now, next_query_at=next_try(QUERY_AFTER_SECONDS, 0, now)
    )
    return intent


def _asks_the_same(known: Intent, wanted: Intent) -> bool:
    return (
        known.is_open
        and known.close_requested_at is None
        and known.config_id == wanted.config_id
        and known.method == wanted.method
        and known.app_id == wanted.app_id
        and known.amount_minor == wanted.amount_minor
        and known.currency == wanted.currency
        and known.payer_openid == wanted.payer_openid
        and known.expires_at == wanted.expires_at
    )
