"""Pick-up codes: made when the goods are ready, shown to their buyer, used once by staff."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import msgspec
import segno

from weike.kernel import Tx, derived_id
from weike.kernel.sealing import TenantBox, TenantHash
from weike.trade.errors import (
    BeingRefunded,
    NotFetchable,
    PickupCodeUsed,
    PickupCodeVoid,
    UnknownOrder,
    UnknownPickupCode,
)
from weike.trade.fulfilment import queries as parcel_queries
from weike.trade.fulfilment.pickup import queries
from weike.trade.fulfilment.ship_order import carried_lines
from weike.trade.fulfilment.shipped_pieces import hand_over, unshipped
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.queries import OrderRow, Told
from weike.trade.order.receive_orders import receive

CODE_DIGITS = 12


class CodeSeal:
    """How codes are kept: found by a keyed hash, shown from a sealed copy."""

    def __init__(self, secret: str) -> None:
        self.box = TenantBox(secret, "pickup code")
        self.hash = TenantHash(secret, "pickup code")


class PickupCode(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer shows at the counter."""

    code: str
    picture: str
    """The code to be scanned, as the address of an SVG picture that holds itself."""
    ready_at: datetime
    used_at: datetime | None


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """The order a code belongs to, with the pieces to hand over by position."""

    order_id: UUID
    number: str
    pieces: dict[int, int]
    ready_at: datetime


async def make_ready(
    tx: Tx, seal: CodeSeal, *, order_id: UUID, actor: Actor, now: datetime
) -> None:
    """The goods lie ready; saying so again changes nothing.

    Refuses with UnknownOrder, BeingRefunded, NotFetchable.
    """
    order = await order_queries.lock_order(tx, order_id)
    delivery = await parcel_queries.delivery_of(tx, order_id)
    if await queries.code_of_order(tx, order_id):
        return
    if order.pay_state == "refunding":
        raise BeingRefunded(number=order.number)
    fetched = delivery["delivery_kind"] == "pickup"
    if not fetched or (order.state, order.pay_state) != ("paid", "paid"):
        raise NotFetchable(number=order.number)
    if not await unshipped(tx, order_id):
        raise NotFetchable(number=order.number)
    while True:
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        if await queries.insert_code(
            tx,
            order_id,
            code_hash=seal.hash.of(tx.tenant_id, code),
            code_cipher=seal.box.seal(tx.tenant_id, code),
            now=now,
        ):
            break
    await parcel_queries.mark_fulfilment(tx, order_id, "ready")
    await order_queries.tell(tx, [Told(order_id, "ready_for_pickup", actor)], now=now)


async def my_pickup_code(tx: Tx, seal: CodeSeal, *, order_id: UUID, member_id: UUID) -> PickupCode:
    """Refuses with UnknownOrder, also for somebody else's, and with NotFetchable before the goods
    lie ready or when the order is over."""
    order = await order_queries.lock_order(tx, order_id, member_id=member_id)
    kept = await queries.code_of_order(tx, order_id)
    if kept is None or order.state == "cancelled":
        raise NotFetchable(number=order.number)
    code = seal.box.open(tx.tenant_id, kept["code_cipher"])
    return PickupCode(
        code=code,
        picture=segno.make(code, error="m", micro=False).svg_data_uri(border=1, scale=8),
        ready_at=kept["ready_at"],
        used_at=kept["used_at"],
    )


async def read_code(tx: Tx, seal: CodeSeal, *, code: str) -> HandOver:
    """What to hand over for this code. Refuses with UnknownPickupCode (also of another shop),
    PickupCodeUsed, PickupCodeVoid."""
    order, ready_at = await _order_of_code(tx, seal, code)
    left = {line.position: line.left for line in await carried_lines(tx, order.id) if line.left}
    if not left:
        raise PickupCodeVoid(number=order.number)
    return HandOver(order_id=order.id, number=order.number, pieces=left, ready_at=ready_at)


async def write_off(tx: Tx, seal: CodeSeal, *, code: str, actor: Actor, now: datetime) -> UUID:
    """The goods are with their buyer, and so the order is received; its id.

    Refuses as `read_code` does: of two that use a code at once, the second finds it used.
    """
    order, _ = await _order_of_code(tx, seal, code)
    left = {line.position: line.left for line in await carried_lines(tx, order.id) if line.left}
    if not left:
        raise PickupCodeVoid(number=order.number)
    number = len(await parcel_queries.parcels_of(tx, order.id))
    is_last = await hand_over(
        tx,
        order,
        derived_id(order.id, f"trade.parcel:pickup:{number}"),
        kind="pickup",
        pieces=left,
        actor=actor,
        told_whole="handed_over",
        told_part="handed_over",
        now=now,
    )
    # While a case holds pieces back the code stays good for them, should the case fail.
    if is_last:
        if not await queries.use_code(tx, order.id, staff_id=actor.id, now=now):
            raise PickupCodeUsed(number=order.number, used_at=now)
        await receive(tx, [order.id], actor=actor, kind="received", now=now)
    return order.id


async def _order_of_code(tx: Tx, seal: CodeSeal, code: str) -> tuple[OrderRow, datetime]:
    """The order, ours until the commit, with a code that can be used."""
    digits = "".join(character for character in code if character.isdigit())
    found = await queries.code_by_hash(tx, seal.hash.of(tx.tenant_id, digits))
    if found is None:
        raise UnknownPickupCode(field="code")
    try:
        order = await order_queries.lock_order(tx, found["order_id"])
    except UnknownOrder as gone:
        raise UnknownPickupCode(field="code") from gone
    kept = await queries.code_of_order(tx, order.id)
    assert kept is not None  # noqa: S101 - it was found just now and is never deleted
    if kept["used_at"] is not None:
        raise PickupCodeUsed(number=order.number, used_at=kept["used_at"])
    if (order.state, order.pay_state) != ("paid", "paid"):
        raise PickupCodeVoid(number=order.number)
    return order, kept["ready_at"]
