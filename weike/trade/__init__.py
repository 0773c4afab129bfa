"""Trade: carts, prices that sum, orders from placing to settlement, refunds before shipping.

`place_orders` serves many buyers in one transaction. Every step of an order is a guarded update,
told in its timeline with actor and reason, booked in the ledger and announced. Trade asks upwards
through `Ports` only.
"""

from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.model import AskAfterSale, AskedPieces
from weike.trade.after_sale.open_cases import guaranteed_until, open_after_sales
from weike.trade.after_sale.refund_everything import refund_order
from weike.trade.cart.keep_cart import put_in_cart
from weike.trade.checks import order_checks
from weike.trade.events import (
    AfterSaleClosed,
    AfterSaleOpened,
    OrderCancelled,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderRefunded,
    OrderSettled,
    OrderShipped,
    PaidLine,
    ParcelCorrected,
    ParcelSent,
    RefundedLine,
    ReviewPosted,
)
from weike.trade.fulfilment.building import (
    FulfilmentKit,
    build_fulfilment,
    errands,
    outside_jobs,
)
from weike.trade.fulfilment.pickup.points import PickupPlaces
from weike.trade.fulfilment.ship_order import ship_order
from weike.trade.jobs import jobs
from weike.trade.model import (
    TRANSITIONS,
    ActivityRef,
    Actor,
    AskedLine,
    Choices,
    Delivery,
    DeliveryKind,
    OrderState,
    Placed,
    PlaceOrder,
)
from weike.trade.order.accept_payment import accept_payment
from weike.trade.order.buyers import buyers_who
from weike.trade.order.cancel_orders import cancel_order
from weike.trade.order.figures import (
    DayOfSales,
    MemberTotals,
    counts_by_state,
    has_paid_before,
    member_totals,
    sales_by_day,
)
from weike.trade.order.place_orders import OrderBatcher, order_batcher, place_order, place_orders
from weike.trade.order.receive_orders import receive_order
from weike.trade.order.refund_order import complete_refund
from weike.trade.order.settle_orders import settle_due
from weike.trade.ports import (
    Attribution,
    AttributionAsk,
    AttributionPort,
    AttributionReason,
    AttributionSource,
    CommissionAsk,
    CommissionPort,
    EstimateLine,
    PickupPort,
    Ports,
)
from weike.trade.price.ports import Buyer, Offer, PriceRule, TakenDiscounts
from weike.trade.price.pricing import (
    Basket,
    Discount,
    Label,
    LinePrice,
    PriceNote,
    Step,
    Taken,
)
from weike.trade.subscribers import subscribers

__all__ = [
    "TRANSITIONS",
    "ActivityRef",
    "Actor",
    "AfterSaleClosed",
    "AfterSaleOpened",
    "AskAfterSale",
    "AskedLine",
    "AskedPieces",
    "Attribution",
    "AttributionAsk",
    "AttributionPort",
    "AttributionReason",
    "AttributionSource",
    "Basket",
    "Buyer",
    "Choices",
    "CommissionAsk",
    "CommissionPort",
    "DayOfSales",
    "Delivery",
    "DeliveryKind",
    "Discount",
    "EstimateLine",
    "FulfilmentKit",
    "Label",
    "LinePrice",
    "MemberTotals",
    "Offer",
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
    "ParcelCorrected",
    "ParcelSent",
    "PickupPlaces",
    "PickupPort",
    "PlaceOrder",
    "Placed",
    "Ports",
    "PriceNote",
    "PriceRule",
    "RefundedLine",
    "ReviewPosted",
    "Step",
    "Taken",
    "TakenDiscounts",
    "accept_payment",
    "ask_after_sale",
    "build_fulfilment",
    "buyers_who",
    "cancel_order",
    "complete_refund",
    "counts_by_state",
    "errands",
    "guaranteed_until",
    "has_paid_before",
    "jobs",
    "member_totals",
    "open_after_sales",
    "order_batcher",
    "order_checks",
    "outside_jobs",
    "place_order",
    "place_orders",
    "put_in_cart",
    "receive_order",
    "refund_order",
    "sales_by_day",
    "settle_due",
    "ship_order",
    "subscribers",
]
