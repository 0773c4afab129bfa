"""The routes of tenancy.

Besides `caller`, `database` and `now` they are given by name: `passwords: Passwords` (one per
process) and `shop_facts: ShopFacts` (entry's wiring of the contexts above, or `NoShopFacts()`).
"""

from litestar.handlers import HTTPRouteHandler

from weike.tenancy.routes.audit import AUDIT_ROUTES
from weike.tenancy.routes.shop import SHOP_ROUTES
from weike.tenancy.routes.sign_in import SIGN_IN_ROUTES
from weike.tenancy.routes.staff import STAFF_ROUTES

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *SIGN_IN_ROUTES,
    *STAFF_ROUTES,
    *AUDIT_ROUTES,
    *SHOP_ROUTES,
)

__all__ = ["ROUTES"]
