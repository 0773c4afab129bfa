"""What the storefront refuses."""

from __future__ import annotations

from weike.kernel import Conflict, Invalid


class StockFollowsKeys(Conflict):
    """The stock of a product with card keys is the keys that are left; it is not typed."""

    code = "storefront.stock_follows_keys"


class UnknownBannerPicture(Invalid):
    """A banner names a picture that was never uploaded to this shop."""

    code = "storefront.unknown_banner_picture"
