"""Trade: carts, prices that sum, orders from placing to settlement, refunds before shipping.

`place_orders` serves many buyers in one transaction. Every step of an order is a guarded update,
told in its timeline with actor and reason, booked in the ledger and announced. Trade asks upwards
through `Ports` only.
"""

from weike.trade.events import (
    OrderCancelled,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderRefunded,
    OrderSettled,
    OrderShipped,
    PaidLine,
    RefundedLine,
)
from weike.trade.model import TRANSITIONS, Actor, AskedLine, OrderState, Placed, PlaceOrder
from weike.trade.place_orders import OrderBatcher, order_batcher, place_order, place_orders
from weike.trade.ports import (
    Attribution,
    AttributionAsk,
    AttributionPort,
    AttributionReason,
    AttributionSource,
    Ports,
    PriceRule,
)
from weike.trade.pricing import Basket, Column, Discount, LinePrice

__all__ = [
    "TRANSITIONS",
    "Actor",
    "AskedLine",
    "Attribution",
    "AttributionAsk",
    "AttributionPort",
    "AttributionReason",
    "AttributionSource",
    "Basket",
    "Column",
    "Discount",
    "LinePrice",
    "OrderBatcher",
    "OrderCancelled",
    "OrderPaid",
    "OrderPlaced",
    "OrderReceived",
    "OrderRefunded",
    "OrderSettled",
    "OrderShipped",
    "OrderState",
    "PaidLine",
    "PlaceOrder",
    "Placed",
    "Ports",
    "PriceRule",
    "RefundedLine",
    "order_batcher",
    "place_order",
    "place_orders",
]
