"""Invoices as values: states, titles, and the check character of a company's credit code."""

from __future__ import annotations

from typing import Literal

import msgspec

from weike.trade.invoices.errors import BadTaxNumber

TitleKind = Literal["personal", "company"]
State = Literal["requested", "issued", "sent", "refused", "red"]

TRANSITIONS: dict[State, frozenset[State]] = {
    "requested": frozenset({"issued", "refused"}),
    "issued": frozenset({"sent", "red"}),
    "sent": frozenset({"red"}),
    "refused": frozenset(),
    "red": frozenset(),
}
TITLES_LIMIT = 20
FILE_LIMIT_BYTES = 3 * 1024 * 1024

# GB 32100-2015: 31 signs without I, O, S, V, Z; every place weighs three times the one before.
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: tuple[int, ...] = tuple(pow(3, place, 31) for place in range(17))


class InvoiceTitle(msgspec.Struct, frozen=True, kw_only=True):
    """In whose name. `tax_no` is empty for a person."""

    kind: TitleKind
    title: str
    tax_no: str = ""
    email: str = ""


def is_credit_code(text: str) -> bool:
    """A unified social credit code (统一社会信用代码) whose check character fits."""
    if len(text) != 18 or any(sign not in _SIGNS for sign in text):
        return False
    total = sum(
        _SIGNS.index(sign) * weight for sign, weight in zip(text[:17], _WEIGHTS, strict=True)
    )
    return _SIGNS.index(text[17]) == (31 - total % 31) % 31


def checked(title: InvoiceTitle) -> InvoiceTitle:
    """As it will be kept. Refuses with BadTaxNumber."""
    if title.kind == "personal":
        return msgspec.structs.replace(title, tax_no="")
    tax_no = "".join(title.tax_no.split()).upper()
    if not is_credit_code(tax_no):
        raise BadTaxNumber(field="tax_no")
    return msgspec.structs.replace(title, tax_no=tax_no)


def file_ending(content: bytes) -> Literal["pdf", "ofd"] | None:
    """By what the file begins with; OFD is a zip that holds OFD.xml."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04") and b"OFD.xml" in content:
        return "ofd"
    return None
