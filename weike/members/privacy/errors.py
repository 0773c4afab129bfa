"""What is refused around personal data."""

from weike.kernel import Conflict, NotFound


class UnknownRequest(NotFound):
    """There is no such request of this member."""

    code = "members.unknown_request"


class ExportNotReady(Conflict):
    """The file is still being made, or has expired."""

    code = "members.export_not_ready"


class DeletionBlocked(Conflict):
    """Orders, money or after-sales are still open; the page lists them."""

    code = "members.deletion_blocked"


class NoDeletionWaiting(Conflict):
    """There is no deletion to take back."""

    code = "members.no_deletion_waiting"
