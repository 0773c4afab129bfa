"""Refusals about proposals. Sentences are in payment's `texts/`."""

from weike.kernel import Conflict, Forbidden, NotFound


class ProposalNotFound(NotFound):
    code = "payment.proposal_not_found"


class AlreadyProposed(Conflict):
    """Something is proposed for it already and waits for a second person."""

    code = "payment.already_proposed"


class AlreadyDecided(Conflict):
    """Fact: `state`."""

    code = "payment.already_decided"


class SecondPersonNeeded(Forbidden):
    """Nobody approves what they proposed, as long as somebody else can."""

    code = "payment.second_person_needed"
