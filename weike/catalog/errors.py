"""What the catalogue refuses."""

from __future__ import annotations

from weike.kernel import Conflict, Invalid, NotFound, Unavailable


class UnknownProduct(NotFound):
    """No such product in this shop."""

    code = "catalog.unknown_product"


class UnknownCategory(NotFound):
    """No such category in this shop."""

    code = "catalog.unknown_category"


class UnknownMedia(Invalid):
    """A picture is named that was never uploaded to this shop."""

    code = "catalog.unknown_media"


class CategoryMissing(Invalid):
    """A product or category points to a category that does not exist in this shop."""

    code = "catalog.category_missing"


class VersionConflict(Conflict):
    """Somebody else changed the product in the meantime. Fact: `version`, the present one."""

    code = "catalog.version_conflict"


class KindFixed(Conflict):
    """The kind of a product that exists cannot be changed. Fact: `kind`, what it is."""

    code = "catalog.kind_fixed"


class CodeTaken(Conflict):
    """Another product has a SKU with this code. Fact: `sku_code`."""

    code = "catalog.code_taken"


class CodeTwice(Invalid):
    """One code is used twice. Fact: `sku_code`."""

    code = "catalog.code_twice"


class SpecsUnfit(Invalid):
    """The values of a SKU do not fit the specs of its product. Fact: `sku_code`."""

    code = "catalog.specs_unfit"


class SpecsTwice(Invalid):
    """A spec or a value of it is named twice. Fact: `name`."""

    code = "catalog.specs_twice"


class SameSpecsTwice(Invalid):
    """Two SKUs have the same spec values. Fact: `sku_code`, the second one."""

    code = "catalog.same_specs_twice"


class MarketPriceTooLow(Invalid):
    """The crossed-out price is below the price. Fact: `sku_code`."""

    code = "catalog.market_price_too_low"


class MemberPriceTooHigh(Invalid):
    """Members would pay more than everybody."""

    code = "catalog.member_price_too_high"


class CategoryCycle(Invalid):
    """A category would lie below itself."""

    code = "catalog.category_cycle"


class CategoryTooDeep(Invalid):
    """Categories nest to a fixed depth. Fact: `limit`."""

    code = "catalog.category_too_deep"


class CategoryNotEmpty(Conflict):
    """A category with goods or sub-categories cannot be deleted. Facts: `products`, `children`."""

    code = "catalog.category_not_empty"


class NotAPicture(Invalid):
    """The upload is not a JPEG, PNG or WebP picture that can be read to its end."""

    code = "catalog.not_a_picture"


class PictureTooLarge(Invalid):
    """The upload has too many bytes or too many pixels. Facts: `limit_mb`, `limit_megapixels`."""

    code = "catalog.picture_too_large"


class UnknownPicture(NotFound):
    """No stored picture has this address."""

    code = "catalog.unknown_picture"


class MediaStoreUnavailable(Unavailable):
    """The place where pictures lie cannot be reached or is full."""

    code = "catalog.media_store_unavailable"


class CellInvalid(Invalid):
    """A cell of an import file cannot be read as what its column says. Facts: `column`, `value`."""

    code = "catalog.cell_invalid"


class CellMissing(Invalid):
    """A cell that must be filled in is empty. Fact: `column`."""

    code = "catalog.cell_missing"


class CellTooLong(Invalid):
    """A cell is longer than its column allows. Facts: `column`, `limit`."""

    code = "catalog.cell_too_long"


class RowsDisagree(Invalid):
    """Rows of one product say different things about it. Fact: `column`."""

    code = "catalog.rows_disagree"


class TooManySkus(Invalid):
    """More SKUs than a product may have. Fact: `limit`."""

    code = "catalog.too_many_skus"


class NeighbourRowFailed(Invalid):
    """Another row of the same product is wrong, so the product was left alone."""

    code = "catalog.neighbour_row_failed"
