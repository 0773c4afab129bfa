"""What is refused around reviews."""

from weike.kernel import Conflict, Forbidden, Invalid, NotFound


class UnknownReview(NotFound):
    """There is no such review for whoever asks."""

    code = "trade.unknown_review"


class NotReviewable(Conflict):
    """Not received yet, or received too long ago."""

    code = "trade.not_reviewable"


class AlreadyReviewed(Conflict):
    """The line has its review; more can be appended to it."""

    code = "trade.already_reviewed"


class NotAppendable(Conflict):
    """It was appended to already, or too long ago, or is hidden."""

    code = "trade.not_appendable"


class NothingSaid(Invalid):
    """What is appended has neither words nor pictures."""

    code = "trade.nothing_said"


class UnknownReviewPicture(Invalid):
    """A picture that was not uploaded here."""

    code = "trade.unknown_review_picture"


class OwnReview(Conflict):
    """Nobody votes for their own review."""

    code = "trade.own_review"


class AlreadyAnswered(Conflict):
    """The shop has answered this part; an answer stays as it is."""

    code = "trade.already_answered"


class AppealOpen(Conflict):
    """An appeal against this review waits for its decision."""

    code = "trade.appeal_open"


class UnknownAppeal(NotFound):
    """There is no such appeal."""

    code = "trade.unknown_appeal"


class AppealDecided(Conflict):
    """The appeal was decided already."""

    code = "trade.appeal_decided"


class OwnAppeal(Forbidden):
    """Whoever appealed does not decide."""

    code = "trade.own_appeal"


class NotSuspected(Conflict):
    """Nothing about this review waits for a person's judgement."""

    code = "trade.not_suspected"
