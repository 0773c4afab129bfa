"""What after-sale refuses."""

from weike.kernel import Conflict, Forbidden, Invalid, NotFound


class UnknownAfterSale(NotFound):
    """There is no such case for whoever asks."""

    code = "trade.unknown_after_sale"


class AfterSaleNotPossible(Conflict):
    """The case is not where this step begins."""

    code = "trade.after_sale_not_possible"


class AfterSaleOver(Conflict):
    """The guarantee has ended, or the order was never paid: nothing can be asked for any more."""

    code = "trade.after_sale_over"


class LineInAfterSale(Conflict):
    """A line of the order is in an open case already."""

    code = "trade.line_in_after_sale"


class TooManyPiecesBack(Invalid):
    """More pieces than are left, or than were shipped."""

    code = "trade.too_many_pieces_back"


class NothingToSendBack(Invalid):
    """Nobody carried it: a key or a note is refunded, never sent back or exchanged."""

    code = "trade.nothing_to_send_back"


class AmountTooHigh(Invalid):
    """More money than may come back for these pieces."""

    code = "trade.amount_too_high"


class AmountTooLow(Invalid):
    """Less money than the buyer asked for, or none at all."""

    code = "trade.amount_too_low"


class ReasonNeeded(Invalid):
    """Whoever refuses says why."""

    code = "trade.reason_needed"


class NoReplacement(Invalid):
    """Not of the same product at the same price, or not on sale."""

    code = "trade.no_replacement"


class ReturnAddressMissing(Invalid):
    """The buyer has to know where the goods go."""

    code = "trade.return_address_missing"


class TooManyPicturesOfCase(Invalid):
    """More pictures than one message may have."""

    code = "trade.too_many_pictures_of_case"


class AppealOver(Conflict):
    """The time to appeal has passed, or has not come."""

    code = "trade.appeal_over"


class OnlyBuyersDoThis(Forbidden):
    """The step belongs to the other side."""

    code = "trade.only_buyers_do_this"
