"""Refusals about quarantined money. Sentences are in payment's `texts/`."""

from weike.kernel import Conflict, NotFound


class QuarantinedNotFound(NotFound):
    code = "payment.quarantined_not_found"


class NotHeld(Conflict):
    """It is on its way back, back, or accepted. Fact: `state`."""

    code = "payment.quarantined_not_held"


class NotAcceptable(Conflict):
    """It cannot become the payment of its order. Fact: `why`: no_order, amount, order_paid."""

    code = "payment.quarantined_not_acceptable"
