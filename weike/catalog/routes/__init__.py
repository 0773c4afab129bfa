"""Console routes of categories and pictures, and the pictures themselves.

Handlers ask for `media_store: MediaStore` by name; entry wires `build_media_store(…)`.
"""

from litestar.handlers import HTTPRouteHandler

from weike.catalog.routes import categories, media, member_prices

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *categories.ROUTES,
    *media.ROUTES,
    *member_prices.ROUTES,
)
