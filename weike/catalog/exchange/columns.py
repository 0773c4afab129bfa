"""The columns of an import or export file, and how each cell is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from weike.catalog.errors import CellInvalid, CellTooLong
from weike.catalog.model import PRICE_LIMIT_MINOR, ProductKind, ProductState
from weike.kernel.edge.sheet_uploads import heading_key

Read = Callable[[str, str], Any]
"""Column key and cell in, value out. Refuses with CellInvalid or CellTooLong."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATORS = re.compile(r"[;；,，、|]")
_STATES = {
    "draft": ProductState.DRAFT,
    "草稿": ProductState.DRAFT,
    "on sale": ProductState.ON_SALE,
    "on_sale": ProductState.ON_SALE,
    "上架": ProductState.ON_SALE,
    "出售中": ProductState.ON_SALE,
    "在售": ProductState.ON_SALE,
    "销售中": ProductState.ON_SALE,
    "off sale": ProductState.OFF_SALE,
    "off_sale": ProductState.OFF_SALE,
    "下架": ProductState.OFF_SALE,
    "已下架": ProductState.OFF_SALE,
}
_KINDS = {
    "physical": ProductKind.PHYSICAL,
    "实物": ProductKind.PHYSICAL,
    "实物商品": ProductKind.PHYSICAL,
    "virtual": ProductKind.VIRTUAL,
    "虚拟": ProductKind.VIRTUAL,
    "虚拟商品": ProductKind.VIRTUAL,
    "card keys": ProductKind.CARD_KEY,
    "card_key": ProductKind.CARD_KEY,
    "卡密": ProductKind.CARD_KEY,
    "卡密商品": ProductKind.CARD_KEY,
}
_STOCK_LIMIT = 1_000_000_000


def _line(limit: int) -> Read:
    def read(column: str, cell: str) -> str:
        plain = " ".join(cell.split())
        return _bounded(column, plain, limit)

    return read


def _text(limit: int) -> Read:
    def read(column: str, cell: str) -> str:
        return _bounded(column, cell, limit)

    return read


def _bounded(column: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise CellTooLong(field=column, column=column, limit=limit)
    if _CONTROLS.search(text):
        raise _invalid(column, _CONTROLS.sub("?", text))
    return text


def _invalid(column: str, cell: str) -> CellInvalid:
    return CellInvalid(field=column, column=column, value=cell[:40])


def _number(column: str, cell: str) -> Decimal:
    plain = unicodedata.normalize("NFKC", cell).strip().lstrip("¥￥").replace(",", "").strip()
    try:
        number = Decimal(plain)
    except InvalidOperation as error:
        raise _invalid(column, cell) from error
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise _invalid(column, cell)
    return number


def _whole(column: str, cell: str, number: Decimal, *, most: int, least: int = 0) -> int:
    if number != number.to_integral_value() or not least <= number <= most:
        raise _invalid(column, cell)
    return int(number)


def _integer(most: int) -> Read:
    def read(column: str, cell: str) -> int:
        return _whole(column, cell, _number(column, cell), most=most)

    return read


def _money(least: int) -> Read:
    """Yuan with at most two decimals become fen; a third decimal is refused, never rounded."""

    def read(column: str, cell: str) -> int:
        return _whole(
            column, cell, _number(column, cell) * 100, most=PRICE_LIMIT_MINOR, least=least
        )

    return read


def _percent(column: str, cell: str) -> int:
    number = _number(column, cell.strip().removesuffix("%").removesuffix("％")) * 100
    return _whole(column, cell, number, most=10_000)


def _state(column: str, cell: str) -> ProductState:
    state = _STATES.get(cell.strip().lower())
    if state is None:
        raise _invalid(column, cell)
    return state


def _kind(column: str, cell: str) -> ProductKind:
    kind = _KINDS.get(cell.strip().lower())
    if kind is None:
        raise _invalid(column, cell)
    return kind


def _tags(column: str, cell: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(tag.strip() for tag in _SEPARATORS.split(cell) if tag.strip()))
    if len(tags) > 10:
        raise CellTooLong(field=column, column=column, limit=10)
    return tuple(_bounded(column, tag, 30) for tag in tags)


def _levels(limit: int, *, blanks: bool) -> Read:
    """Names of categories from the root down, divided by slashes."""

    def read(column: str, cell: str) -> tuple[str, ...]:
        names = tuple(" ".join(name.split()) for name in cell.replace("／", "/").split("/"))
        if len(names) > 3 or not (blanks or all(names)):
            raise _invalid(column, cell)
        return tuple(_bounded(column, name, limit) for name in names)

    return read


@dataclass(frozen=True, slots=True)
class Column:
    """`of_product`: all rows of a product must agree on it."""

    key: str
    zh: str
    en: str
    read: Read
    of_product: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("product_no", "商品编号", "Product no.", _line(64)),
    Column("title", "商品名称", "Title", _line(120), of_product=True),
    Column("title_en", "英文名称", "English title", _line(120), of_product=True),
    Column("subtitle", "副标题", "Subtitle", _line(200), of_product=True),
    Column("category", "分类", "Category", _levels(40, blanks=False), of_product=True),
    Column(
        "category_en",
        "分类英文名",
        "Category in English",
        _levels(60, blanks=True),
        of_product=True,
    ),
    Column("tags", "标签", "Tags", _tags, of_product=True),
    Column("state", "状态", "State", _state, of_product=True),
    Column("kind", "商品类型", "Kind", _kind, of_product=True),
    Column("delivery_note", "发货说明", "Delivery note", _text(2_000), of_product=True),
    Column("commission_rate", "佣金比例(%)", "Commission rate (%)", _percent, of_product=True),
    Column("description", "商品详情", "Description", _text(50_000), of_product=True),
    Column("spec1_name", "规格一名称", "Spec 1 name", _line(30), of_product=True),
    Column("spec2_name", "规格二名称", "Spec 2 name", _line(30), of_product=True),
    Column("spec3_name", "规格三名称", "Spec 3 name", _line(30), of_product=True),
    Column("spec1_name_en", "规格一英文名称", "Spec 1 English name", _line(60), of_product=True),
    Column("spec2_name_en", "规格二英文名称", "Spec 2 English name", _line(60), of_product=True),
    Column("spec3_name_en", "规格三英文名称", "Spec 3 English name", _line(60), of_product=True),
    Column("spec1_value", "规格一", "Spec 1", _line(30)),
    Column("spec2_value", "规格二", "Spec 2", _line(30)),
    Column("spec3_value", "规格三", "Spec 3", _line(30)),
    Column("spec1_value_en", "规格一英文", "Spec 1 in English", _line(60)),
    Column("spec2_value_en", "规格二英文", "Spec 2 in English", _line(60)),
    Column("spec3_value_en", "规格三英文", "Spec 3 in English", _line(60)),
    Column("sku_code", "SKU编码", "SKU code", _line(64)),
    Column("price", "售价(元)", "Price", _money(1)),
    Column("market_price", "划线价(元)", "Market price", _money(1)),
    Column("cost", "成本价(元)", "Cost", _money(0)),
    Column("stock", "库存", "Stock", _integer(_STOCK_LIMIT)),
    Column("weight_g", "重量(克)", "Weight (g)", _integer(1_000_000_000)),
)


BY_HEADING: dict[str, Column] = {
    heading_key(heading): column
    for column in COLUMNS
    for heading in (column.key, column.zh, column.en)
}

BY_KEY = {column.key: column for column in COLUMNS}


def column_heading(key: str, language: str) -> str:
    """The heading people know a column by."""
    column = BY_KEY[key]
    return column.en if language == "en" else column.zh
