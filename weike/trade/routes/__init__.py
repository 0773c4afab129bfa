"""The routes of trade.

Besides the kernel's, handlers are given by name: `order_batcher: OrderBatcher` and
`trade_ports: Ports` (entry's wiring), `gateways: payment.Gateways`, `phone_seal:
members.PhoneSeal`, `words: Words`.
"""

from litestar.handlers import HTTPRouteHandler

from weike.trade.routes.after_sale import AFTER_SALE_ROUTES
from weike.trade.routes.after_sale_desk import AFTER_SALE_DESK_ROUTES
from weike.trade.routes.cart import CART_ROUTES
from weike.trade.routes.console import CONSOLE_ROUTES
from weike.trade.routes.desk import DESK_ROUTES
from weike.trade.routes.freight import FREIGHT_ROUTES
from weike.trade.routes.fulfilment import FULFILMENT_ROUTES
from weike.trade.routes.fulfilment_hooks import HOOK_ROUTES
from weike.trade.routes.invoices import INVOICE_ROUTES
from weike.trade.routes.orders import ORDER_ROUTES
from weike.trade.routes.pay import PAY_ROUTES
from weike.trade.routes.review_desk import REVIEW_DESK_ROUTES
from weike.trade.routes.reviews import REVIEW_ROUTES

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *CART_ROUTES,
    *ORDER_ROUTES,
    *AFTER_SALE_ROUTES,
    *AFTER_SALE_DESK_ROUTES,
    *PAY_ROUTES,
    *DESK_ROUTES,
    *CONSOLE_ROUTES,
    *FULFILMENT_ROUTES,
    *HOOK_ROUTES,
    *REVIEW_ROUTES,
    *REVIEW_DESK_ROUTES,
    *INVOICE_ROUTES,
    *FREIGHT_ROUTES,
)

__all__ = ["ROUTES"]
