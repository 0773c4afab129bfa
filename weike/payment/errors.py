"""Refusals of payment. Sentences are in `texts/`."""

from weike.kernel import Conflict, Invalid, NotFound, Unavailable


class PaymentNotSetUp(Conflict):
    """The shop has no way to be paid like this. Fact: `method`."""

    code = "payment.not_set_up"


class NothingToPay(Invalid):
    """An amount that is not above zero never reaches a provider."""

    code = "payment.nothing_to_pay"


class PayerUnknown(Invalid):
    """Paying inside WeChat needs the buyer's openid of that app."""

    code = "payment.payer_unknown"


class IntentNotFound(NotFound):
    code = "payment.intent_not_found"


class IntentNotPayable(Conflict):
    """Paid, closed, expired or under examination. Fact: `state`."""

    code = "payment.intent_not_payable"


class ProviderRefused(Conflict):
    """The provider said no. Facts: `provider_code`, `provider_message`."""

    code = "payment.provider_refused"


class ProviderUnreachable(Unavailable):
    """Nobody knows whether the provider did it; ask again, the number stays the same."""

    code = "payment.provider_unreachable"


class NothingPaid(Conflict):
    """There is no payment of this order to refund."""

    code = "payment.nothing_paid"


class RefundTooLarge(Conflict):
    """More than what is left of the payment. Fact: `left_minor`."""

    code = "payment.refund_too_large"


class CredentialsUnusable(Invalid):
    """The keys cannot be used. Fact: `problem`."""

    code = "payment.credentials_unusable"


class CredentialsIncomplete(Invalid):
    """A first set-up needs all keys. Fact: `field`."""

    code = "payment.credentials_incomplete"


class SettingsChanged(Conflict):
    """Somebody else saved these settings since they were shown."""

    code = "payment.settings_changed"


class WayNotOffered(Conflict):
    """The shop does not offer this way of paying here. Fact: `method`."""

    code = "payment.way_not_offered"


class PayeeUnknown(Conflict):
    """WeChat Pay pays people only whom one of the shop's own WeChat apps knows."""

    code = "payment.payee_unknown"
