"""Refusals of balances. Sentences are in payment's `texts/`."""

from weike.kernel import Conflict, Invalid


class BalanceOff(Conflict):
    """The shop takes no top-ups."""

    code = "payment.balance_off"


class BalanceTooSmall(Conflict):
    """Less than what is asked for. Fact: `balance_minor`."""

    code = "payment.balance_too_small"


class BalanceResting(Conflict):
    """An anonymous balance past its term rests until its holder wakes it."""

    code = "payment.balance_resting"


class BalanceFull(Conflict):
    """The law's limit, or the shop's stricter one. Facts: `limit_minor`, `room_minor`."""

    code = "payment.balance_full"


class BadTopUp(Invalid):
    """Too small. Fact: `smallest_minor`."""

    code = "payment.bad_top_up"


class BalanceNotFiled(Invalid):
    """A balance cannot be switched on without its issuer and its filing."""

    code = "payment.balance_not_filed"


class BalanceLimitAboveLaw(Invalid):
    """Above (or, for the term, below) what the law allows. Fact: `field`."""

    code = "payment.balance_limit_above_law"


class BadHolder(Invalid):
    """No name, or no number of an identity card."""

    code = "payment.bad_holder"
