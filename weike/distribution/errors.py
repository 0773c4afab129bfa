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


class RateOverCap(Invalid):
    """The rate is above the cap."""

    code = "distribution.rate_over_cap"


class PayeeUndeclared(Conflict):
    """She has not said yet who is to be paid."""

    code = "distribution.payee_undeclared"


class IdentityInvalid(Invalid):
    """No citizen's identity number looks like this (GB 11643)."""

    code = "distribution.identity_invalid"


class PayeeNotAdult(Invalid):
    """Payees are at least 18 years old."""

    code = "distribution.payee_not_adult"


class WithdrawalOpen(Conflict):
    """One withdrawal at a time."""

    code = "distribution.withdrawal_open"


class WithdrawalOutOfBounds(Invalid):
    """Facts: `least_minor`, `most_minor`."""

    code = "distribution.withdrawal_out_of_bounds"


class NotEnoughAvailable(Conflict):
    """Fact: `available_minor`."""

    code = "distribution.not_enough_available"


class NetTooSmall(Invalid):
    """After tax too little is left to be sent. Fact: `net_minor`."""

    code = "distribution.net_too_small"


class WithdrawalUnknown(NotFound):
    """No such withdrawal in this shop, or not hers."""

    code = "distribution.withdrawal_unknown"


class WithdrawalNotAsked(Conflict):
    """It is decided already. Facts: `id`, `state`."""

    code = "distribution.withdrawal_not_asked"


class WithdrawalNotApproved(Conflict):
    """Only an approved withdrawal can be paid. Facts: `id`, `state`."""

    code = "distribution.withdrawal_not_approved"


class SecondPersonNeeded(Forbidden):
    """Whoever approved it alone may not also say that it is paid."""

    code = "distribution.second_person_needed"


class PlanUnlawful(Invalid):
    """The plan breaks a rule. Facts: `rule` (a code of compliance), `article` (a key
    of the texts)."""

    code = "distribution.plan_unlawful"
