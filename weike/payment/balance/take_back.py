"""Take a balance back: it returns to where it was topped up from, newest top-up first.

Set aside in the transaction that decides it, sent after it like every refund, and back in the
balance should the channel refuse (it does after a year): then the shop pays it out by hand.
"""

from datetime import datetime
from uuid import UUID

from weike import ledger
from weike.kernel import IdTakenByOther, Invalid, Money, Tx, derived_id, is_chosen
from weike.payment import queries as payment_queries
from weike.payment import refund_queries
from weike.payment.balance import queries
from weike.payment.balance.errors import BalanceTooSmall
from weike.payment.balance.model import parts_back
from weike.payment.let_out import out_requested
from weike.payment.model import Refund
from weike.payment.request_refund import promise

_REASON = "余额退回"


async def take_back(
    tx: Tx, *, request_id: UUID, member_id: UUID, amount: Money, now: datetime
) -> list[Refund]:
    """The same request again answers the refunds of the first. A resting balance can be taken
    back as well: it is its member's.

    Refuses with BalanceTooSmall, IdTakenByOther, Invalid (an id that is no uuid v7).
    """
    if not is_chosen(request_id):
        raise Invalid(field="id")
    top_ups = await payment_queries.lock_top_ups_of_member(tx, member_id)
    if earlier := await refund_queries.refunds_of_request(tx, request_id):
        own = await payment_queries.intent_by_id(tx, earlier[0].intent_id)
        if own is None or own.member_id != member_id:
            raise IdTakenByOther(field="id")
        return earlier
    account = await queries.lock_account(tx, member_id)
    held = await ledger.balance(tx, "balance", member_id, currency=amount.currency)
    paid = sorted(
        (one for one in top_ups if one.paid_at and one.currency == amount.currency),
        key=lambda one: (one.paid_at, one.id),
        reverse=True,
    )
    left = [(one.id, one.amount_minor - one.refunding_minor) for one in paid]
    parts = parts_back(amount.minor, left) if 0 < amount.minor <= held.minor else []
    if account is None or not parts:
        raise BalanceTooSmall(balance_minor=held.minor)
    by_id = {one.id: one for one in paid}
    refunds = []
    for intent_id, part_minor in parts:
        refund = await promise(
            tx,
            by_id[intent_id],
            refund_id=derived_id(request_id, intent_id.hex),
            amount_minor=part_minor,
            reason=_REASON,
            purpose="balance_out",
            request_id=request_id,
            now=now,
        )
        await ledger.post(tx, out_requested(refund, member_id, at=now))
        refunds.append(refund)
    return refunds
