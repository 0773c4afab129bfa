"""What the storefront refuses."""

from __future__ import annotations

from weike.kernel import Invalid


class UnknownBannerPicture(Invalid):
    """A banner names a picture that was never uploaded to this shop."""

    code = "storefront.unknown_banner_picture"
