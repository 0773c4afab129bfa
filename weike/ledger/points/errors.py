"""What points refuse."""

from weike.kernel import Conflict, Forbidden, NotFound


class NotEnoughPoints(Conflict):
    """There are not so many points to spend."""

    code = "ledger.not_enough_points"


class AdjustmentNotFound(NotFound):
    code = "ledger.adjustment_not_found"


class AdjustmentDecided(Conflict):
    """Somebody has approved or refused it already."""

    code = "ledger.adjustment_decided"


class SecondPersonNeeded(Forbidden):
    """Whoever asked for an adjustment cannot approve it."""

    code = "ledger.second_person_needed"
