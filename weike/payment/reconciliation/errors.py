"""Refusals of reconciliation and quarantine. Sentences are in payment's `texts/`."""

from weike.kernel import Conflict, Invalid, NotFound


class BillNotFound(NotFound):
    code = "payment.bill_not_found"


class BillNotReady(Conflict):
    """The channel has not written it yet. Fact: `day`."""

    code = "payment.bill_not_ready"


class DayNotOver(Invalid):
    """A bill is of a day that is over, and not older than the channel keeps it."""

    code = "payment.day_not_over"


class DifferenceNotFound(NotFound):
    code = "payment.difference_not_found"


class DifferenceNotOpen(Conflict):
    """It is repaired or explained already. Fact: `state`."""

    code = "payment.difference_not_open"


class RepairDoesNotFit(Conflict):
    """This class of difference is not repaired like that. Fact: `action`."""

    code = "payment.repair_does_not_fit"
