"""Every way this context refuses."""

from __future__ import annotations

from weike.kernel import Conflict, Forbidden, Invalid, NotFound


class NotAPromoter(Forbidden):
    """The page is for active promoters."""

    code = "distribution.not_a_promoter"


class AgreementOutdated(Conflict):
    """The accepted agreement is not the one in force; read it again."""

    code = "distribution.agreement_outdated"


class PromoterUnknown(NotFound):
    """No such promoter in this shop."""

    code = "distribution.promoter_unknown"


class PromoterNotActive(Conflict):
    """Only an active promoter can be suspended, or a promoter who left cannot rejoin this way."""

    code = "distribution.promoter_not_active"


class PromoterNotSuspended(Conflict):
    """Only a suspended promoter can be resumed."""

    code = "distribution.promoter_not_suspended"


class HoldTooShort(Invalid):
    """Commission may not be released before the buyer's after-sale window has passed."""

    code = "distribution.hold_too_short"


class RateOverCap(Invalid):
    """The rate is above the cap."""

    code = "distribution.rate_over_cap"
