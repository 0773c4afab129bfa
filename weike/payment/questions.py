"""What others ask payment about an order or a shop."""

from uuid import UUID

from weike.kernel import Tx
from weike.payment import queries, refund_queries
from weike.payment.model import Intent, Refund


async def intent_of(tx: Tx, order_id: UUID) -> Intent | None:
    """The intent that tells the order's story: the paid one, else the newest."""
    intents = await queries.intents_of_order(tx, order_id)
    paid = [intent for intent in intents if intent.state == "paid"]
    return next(iter(paid or intents[-1:]), None)


async def refunds_of(tx: Tx, order_id: UUID) -> list[Refund]:
    return await refund_queries.refunds_of_order(tx, order_id)


async def payment_is_set_up(tx: Tx) -> bool:
    return bool(await queries.active_providers(tx) - {"balance"})


async def quarantined_count(tx: Tx) -> int:
    """How much of the provider's word did not match and waits for a person."""
    return await queries.quarantined_count(tx)
