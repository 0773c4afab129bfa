"""What is refused around consents."""

from weike.kernel import Conflict


class ConsentTextChanged(Conflict):
    """The text was changed while it was being read; nobody agrees to what they did not read."""

    code = "members.consent_text_changed"
