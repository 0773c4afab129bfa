"""What is sold: products with their SKUs, categories, pictures, and the words they are found by.

Promises: a SKU code is active once per shop; a description is safe HTML; a picture was re-encoded
by us; a withdrawn SKU keeps its row. Stock is not known here (see `inventory`).
"""

from weike.catalog.addresses import picture_url
from weike.catalog.categories import (
    Category,
    CategoryDraft,
    categories,
    category_and_below,
    category_paths,
    counts_with_descendants,
    delete_category,
    put_category,
)
from weike.catalog.errors import UnknownCategory, UnknownProduct
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
from weike.catalog.queries import add_sold, pictures_by_id, products_by_id, skus_for_sale
from weike.catalog.shelf import (
    ProductCounts,
    Shelf,
    ShelfCard,
    ShelfQuestion,
    hot_words,
    product_cards,
    product_counts,
    shelf,
    skus_on_sale,
)

__all__ = [
    "Category",
    "CategoryDraft",
    "Picture",
    "Product",
    "ProductCounts",
    "ProductDraft",
    "ProductOrder",
    "ProductState",
    "Shelf",
    "ShelfCard",
    "ShelfQuestion",
    "SkuDraft",
    "SkuForSale",
    "Spec",
    "UnknownCategory",
    "UnknownProduct",
    "add_sold",
    "archive_product",
    "categories",
    "category_and_below",
    "category_paths",
    "counts_with_descendants",
    "create_product",
    "delete_category",
    "hot_words",
    "picture_url",
    "pictures_by_id",
    "product_cards",
    "product_counts",
    "products_by_id",
    "put_category",
    "put_product",
    "set_state",
    "shelf",
    "skus_for_sale",
    "skus_on_sale",
]
