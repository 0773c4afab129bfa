"""Open a top-up: a payment whose money becomes the member's balance.

A member has one open top-up at a time: another one closes the first, so that what lies open
cannot reach above the limit together. Should the closed one be paid all the same, it is given
back like any payment that nobody wants.
"""

from datetime import datetime, timedelta
from uuid import UUID

from weike import ledger
from weike.kernel import Invalid, Money, Tx, is_chosen, uuid7, written_short
from weike.payment import queries as payment_queries
from weike.payment.balance import queries
from weike.payment.balance.errors import BadTopUp, BalanceFull, BalanceOff
from weike.payment.balance.model import SMALLEST_TOP_UP_MINOR, rests_at
from weike.payment.close_intent import ask_to_close
from weike.payment.errors import WayNotOffered
from weike.payment.model import Intent, Method
from weike.payment.open_intent import open_intent

OPEN_FOR = timedelta(minutes=30)


async def open_top_up(
    tx: Tx,
    *,
    top_up_id: UUID,
    member_id: UUID,
    amount: Money,
    method: Method,
    description: str,
    payer_openid: str | None = None,
    now: datetime,
) -> Intent:
    """The same top-up asked the same way again gets the payment that is open.

    Refuses with BalanceOff, BadTopUp, BalanceFull, WayNotOffered and what `open_intent` refuses.
    """
    if not is_chosen(top_up_id):
        raise Invalid(field="id")
    if method == "balance":
        raise WayNotOffered(method=method)
    settings = await queries.settings_of_shop(tx)
    if not settings.is_on:
        raise BalanceOff()
    if amount.minor < SMALLEST_TOP_UP_MINOR:
        raise BadTopUp(field="amount_minor", smallest_minor=SMALLEST_TOP_UP_MINOR)
    await queries.open_account(tx, member_id, now=now)
    intents = await payment_queries.lock_top_ups_of_member(tx, member_id)
    account = await queries.lock_account(tx, member_id)
    is_named = account is not None and account.is_named
    held = await ledger.balance(tx, "balance", member_id, currency=amount.currency)
    leaving = await ledger.balance(tx, "balance_leaving", member_id, currency=amount.currency)
    limit = settings.limit_minor(is_named=is_named)
    # What is leaving may come back.
    room = max(0, limit - held.minor - leaving.minor)
    if amount.minor > room:
        raise BalanceFull(limit_minor=limit, room_minor=room, room=written_short(room))
    await ask_to_close(
        tx, [one for one in intents if one.is_open and one.order_id != top_up_id], now=now
    )
    await queries.let_rest_at(tx, member_id, rests_at(settings, is_named=is_named, now=now))
    mine = [one for one in intents if one.order_id == top_up_id]
    return await open_intent(
        tx,
        intent_id=uuid7(now),
        order_id=top_up_id,
        amount=amount,
        description=description,
        # The same top-up another way, or again: one end for all of them.
        expires_at=mine[0].expires_at if mine else now + OPEN_FOR,
        method=method,
        payer_openid=payer_openid,
        subject="top_up",
        member_id=member_id,
        now=now,
    )
