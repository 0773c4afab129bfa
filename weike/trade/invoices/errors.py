"""What is refused around invoices."""

from weike.kernel import Conflict, Invalid, NotFound


class UnknownInvoice(NotFound):
    """There is no such invoice for whoever asks."""

    code = "trade.unknown_invoice"


class UnknownTitle(NotFound):
    """There is no such invoice title of this member."""

    code = "trade.unknown_invoice_title"


class TooManyTitles(Conflict):
    """More titles than one keeps."""

    code = "trade.too_many_invoice_titles"


class BadTaxNumber(Invalid):
    """A company has an 18-character credit code; its last character did not fit the others."""

    code = "trade.bad_tax_number"


class NothingToInvoice(Conflict):
    """The order is not paid, or nothing of its money is left."""

    code = "trade.nothing_to_invoice"


class InvoiceAskedBefore(Conflict):
    """The order has an invoice, or one is being made."""

    code = "trade.invoice_asked_before"


class InvoiceNotThere(Conflict):
    """The invoice is not in a state in which this can be done."""

    code = "trade.invoice_not_there"


class NotAnInvoiceFile(Invalid):
    """Neither a PDF nor an OFD file."""

    code = "trade.not_an_invoice_file"


class InvoiceFileTooLarge(Invalid):
    """The file is larger than an invoice is."""

    code = "trade.invoice_file_too_large"


class NoInvoiceFile(NotFound):
    """The merchant has not put a file here."""

    code = "trade.no_invoice_file"
