"""Pay an order by balance: the member's row is locked, the balance read, and all of it decided
and booked in one transaction. Nobody outside is asked, so nothing is unknown."""

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import Money, Tx, derived_id
from weike.payment import queries as payment_queries
from weike.payment import way_queries
from weike.payment.balance import queries
from weike.payment.balance.errors import BalanceOff, BalanceResting, BalanceTooSmall
from weike.payment.close_intent import ask_to_close
from weike.payment.errors import IntentNotPayable, NothingToPay, WayNotOffered
from weike.payment.model import Intent


async def pay_by_balance(
    tx: Tx,
    *,
    intent_id: UUID,
    order_id: UUID,
    member_id: UUID,
    amount: Money,
    description: str,
    now: datetime,
) -> Intent:
    """The order's row must be locked by the caller, who accepts the payment in this transaction:
    no `PaymentReceived` is announced.

    Refuses with NothingToPay, WayNotOffered, BalanceOff, IntentNotPayable, BalanceResting,
    BalanceTooSmall.
    """
    if amount.minor <= 0:
        raise NothingToPay(field="amount")
    config = await payment_queries.config_of_shop(tx, "balance")
    if config is None:
        raise BalanceOff()
    if not (await way_queries.ways_offered(tx)).allow("balance"):
        raise WayNotOffered(method="balance")
    account = await queries.lock_account(tx, member_id)
    # After the member's row: of two taps the second one sees what the first one paid.
    intents = await payment_queries.lock_intents_of_order(tx, order_id)
    if any(one.state in ("paid", "quarantined") for one in intents):
        raise IntentNotPayable(state="paid")
    held = await ledger.balance(tx, "balance", member_id, currency=amount.currency)
    if account is None or held.minor < amount.minor:
        raise BalanceTooSmall(balance_minor=held.minor)
    if account.is_resting(now):
        raise BalanceResting()
    # Should one of these be paid at its provider all the same, it is given back.
    await ask_to_close(tx, intents, now=now)
    intent = Intent(
        id=intent_id,
        order_id=order_id,
        config_id=config.id,
        method="balance",
        app_id=config.app_id or "",
        out_trade_no=intent_id.hex,
        description=description,
        amount_minor=amount.minor,
        currency=amount.currency,
        payer_openid=None,
        state="created",
        prepay=None,
        prepaid_at=None,
        expires_at=now,
        close_requested_at=None,
        transaction_id=intent_id.hex,
        paid_at=now,
        refunding_minor=0,
        queries=0,
        member_id=member_id,
    )
    await payment_queries.insert_intent(tx, intent, now=now, next_query_at=None)
    await payment_queries.mark_paid(
        tx, intent.id, transaction_id=intent_id.hex, payer=str(member_id), paid_at=now
    )
    await ledger.post(
        tx,
        ledger.moving(
            amount,
            debit="balance",
            debit_owner=member_id,
            credit="escrow",
            id=derived_id(intent.id, "ledger.payment"),
            kind="balance_paid",
            source_type="order",
            source_id=order_id,
            at=now,
        ),
    )
    return intent
