"""HTTP of distribution: becoming a promoter, the promoter's pages, the merchant's pages."""

from litestar.handlers import HTTPRouteHandler

from weike.distribution.routes import console, joining, promoter
from weike.distribution.routes.relations import RELATION_ROUTES
from weike.distribution.routes.withdrawals import WITHDRAWAL_ROUTES

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *joining.ROUTES,
    *promoter.ROUTES,
    *console.ROUTES,
    *RELATION_ROUTES,
    *WITHDRAWAL_ROUTES,
)
