"""What is sold: products with their SKUs, categories, pictures, and the words they are found by.

Promises: a SKU code is active once per shop; a description is safe HTML; a picture was re-encoded
by us; a withdrawn SKU keeps its row. Stock is not known here (see `inventory`).
"""

from weike.catalog.addresses import picture_url
from weike.catalog.errors import UnknownProduct
from weike.catalog.model import (
    Picture,
    Product,
    ProductDraft,
    ProductOrder,
    ProductState,
    SkuDraft,
    SkuForSale,
    Spec,
)
from weike.catalog.put_product import archive_product, create_product, put_product, set_state
from weike.catalog.queries import add_sold, skus_for_sale

__all__ = [
    "Picture",
    "Product",
    "ProductDraft",
    "ProductOrder",
    "ProductState",
    "SkuDraft",
    "SkuForSale",
    "Spec",
    "UnknownProduct",
    "add_sold",
    "archive_product",
    "create_product",
    "picture_url",
    "put_product",
    "set_state",
    "skus_for_sale",
]
