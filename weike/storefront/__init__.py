"""The shop window: goods with their stock as buyers see them, and as merchants keep them.

It joins catalog and inventory, which do not know each other, and promises that a list costs two
statements and that what it shows is the same for everybody in the shop.
"""

from weike.storefront.banners import BannerDraft, set_banners
from weike.storefront.import_products import ImportReport, export_products, import_products
from weike.storefront.keep_products import out_of_stock_count
from weike.storefront.shop_facts import ShopFacts

__all__ = [
    "BannerDraft",
    "ImportReport",
    "ShopFacts",
    "export_products",
    "import_products",
    "out_of_stock_count",
    "set_banners",
]
