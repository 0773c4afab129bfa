"""What the ledger refuses."""

from weike.kernel import Conflict, Invalid


class TransferDiffers(Conflict):
    """This transfer is in the books already, and it says something else."""

    code = "ledger.transfer_differs"


class UnknownAccount(Invalid):
    """The catalogue has no such account."""

    code = "ledger.unknown_account"
