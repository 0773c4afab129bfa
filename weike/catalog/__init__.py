"""What is sold: products with their SKUs, categories, pictures, and the words they are found by.

Promises: a SKU code is active once per shop; a description is safe HTML; a picture was re-encoded
by us; a withdrawn SKU keeps its row. Stock is not known here (see `inventory`).
"""

from weike.catalog.addresses import picture_url
from weike.catalog.categories import (
    Category,
    CategoryDraft,
    categories,
    categories_count,
    category_and_below,
    category_paths,
    counts_with_descendants,
    delete_category,
    put_category,
)
from weike.catalog.errors import UnknownCategory, UnknownProduct
from weike.catalog.exchange.columns import column_heading
from weike.catalog.exchange.import_products import ImportedProducts, import_products
from weike.catalog.exchange.reading import RowFailure, Sheet, read_sheet
from weike.catalog.exchange.writing import Row, headings, product_rows, template_rows
from weike.catalog.media_stores import S3Settings, build_media_store
from weike.catalog.model import (
    BasisPoints,
    Cost,
    DeliveryNote,
    Description,
    Line,
    Picture,
    Position,
    Price,
    Product,
    ProductDraft,
    ProductKind,
    ProductOrder,
    ProductState,
    SkuCode,
    SkuDraft,
    SkuForSale,
    Spec,
    Title,
    TitleInEnglish,
    Weight,
    Word,
)
from weike.catalog.ports import MediaStore
from weike.catalog.put_product import archive_product, create_product, put_product, set_state
from weike.catalog.queries import (
    category_names,
    pictures_by_id,
    products_after,
    products_by_id,
)
from weike.catalog.selling import (
    HandOver,
    add_sold,
    count_review,
    hand_overs,
    sku_ids_of_kind,
    skus_for_sale,
)
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
from weike.catalog.store_media import read_picture, store_media

__all__ = [
    "BasisPoints",
    "Category",
    "CategoryDraft",
    "Cost",
    "DeliveryNote",
    "Description",
    "HandOver",
    "ImportedProducts",
    "Line",
    "MediaStore",
    "Picture",
    "Position",
    "Price",
    "Product",
    "ProductCounts",
    "ProductDraft",
    "ProductKind",
    "ProductOrder",
    "ProductState",
    "Row",
    "RowFailure",
    "S3Settings",
    "Sheet",
    "Shelf",
    "ShelfCard",
    "ShelfQuestion",
    "SkuCode",
    "SkuDraft",
    "SkuForSale",
    "Spec",
    "Title",
    "TitleInEnglish",
    "UnknownCategory",
    "UnknownProduct",
    "Weight",
    "Word",
    "add_sold",
    "archive_product",
    "build_media_store",
    "categories",
    "categories_count",
    "category_and_below",
    "category_names",
    "category_paths",
    "column_heading",
    "count_review",
    "counts_with_descendants",
    "create_product",
    "delete_category",
    "hand_overs",
    "headings",
    "hot_words",
    "import_products",
    "picture_url",
    "pictures_by_id",
    "product_cards",
    "product_counts",
    "product_rows",
    "products_after",
    "products_by_id",
    "put_category",
    "put_product",
    "read_picture",
    "read_sheet",
    "set_state",
    "shelf",
    "sku_ids_of_kind",
    "skus_for_sale",
    "skus_on_sale",
    "store_media",
    "template_rows",
]
