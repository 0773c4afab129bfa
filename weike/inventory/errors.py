"""What inventory refuses."""

from weike.kernel import Conflict


class BelowReserved(Conflict):
    """Fewer pieces on the shelf than are promised to orders."""

    code = "inventory.below_reserved"
