"""Every way this context refuses."""

from __future__ import annotations

from weike.kernel import Conflict, NotFound


class UnknownShare(NotFound):
    """The code was not made by this platform, or its share belongs to another shop."""

    code = "sharing.unknown_share"


class NothingToShare(Conflict):
    """The product is not on sale, so a link to it would disappoint."""

    code = "sharing.nothing_to_share"
