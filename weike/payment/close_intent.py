"""Close an intent: the shop no longer wants this money, and the provider is told.

Two halves. `close_intent` decides, inside the transaction that cancels the order; the telling
happens after its commit (`ask_provider`), and until the provider agrees, the buyer may be faster:
that payment is given back by `settle_payment`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.payment import queries
from weike.payment.events import CloseRequested
from weike.payment.model import Intent


async def close_intent(tx: Tx, *, order_id: UUID, now: datetime) -> bool:
    """Closes what is open of an order; false when one of its intents is paid already.

    An order that is cancelled although it is paid needs `request_refund`, not this.
    """
    intents = await queries.lock_intents_of_order(tx, order_id)
    await ask_to_close(tx, intents, now=now)
    return all(intent.state != "paid" for intent in intents)


async def ask_to_close(tx: Tx, intents: Sequence[Intent], *, now: datetime) -> None:
    """For intents that are locked already."""
    closing = [one for one in intents if one.is_open and one.close_requested_at is None]
    if not closing:
        return
    await queries.request_close(tx, [intent.id for intent in closing], now=now)
    for intent in closing:
        tx.announce(CloseRequested(intent_id=intent.id))
