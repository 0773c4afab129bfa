"""HTTP of distribution: becoming a promoter, the promoter's pages, the merchant's pages."""

from litestar.handlers import HTTPRouteHandler

from weike.distribution.routes import console, joining, promoter

ROUTES: tuple[HTTPRouteHandler, ...] = (*joining.ROUTES, *promoter.ROUTES, *console.ROUTES)
