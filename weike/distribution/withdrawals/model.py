"""Withdrawals as values: states, limits, who the payee is. docs/algorithms/withdrawal.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from weike.distribution.tax.rules import CHINA, TaxMethod, Withholding


class WithdrawalState(StrEnum):
    ASKED = "asked"
    APPROVED = "approved"
    CONFIRMING = "confirming"
    """WeChat waits for the payee's yes."""
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    FAILED = "failed"


class PayoutChannel(StrEnum):
    WECHAT = "wechat"
    BANK = "bank"
    """Paid by the merchant from a file; the bank's reference is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRules:
    """A version of the merchant's rules. Amounts in fen."""

    version: int = 0
    min_minor: int = 100
    max_minor: int = 2_000_000
    two_people_from_minor: int = 100_000
    tax_method: TaxMethod = TaxMethod.LABOUR
    reason: str = ""

    def approvals_needed(self, gross_minor: int) -> int:
        return 2 if gross_minor >= self.two_people_from_minor else 1


class BankAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Where the bank shall pay; sealed at rest."""

    bank: str
    number: str

    @property
    def tail(self) -> str:
        return self.number[-4:]


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    promoter_id: UUID
    person_hash: bytes
    channel: PayoutChannel
    gross_minor: int
    tax_minor: int
    net_minor: int
    currency: str
    state: WithdrawalState
    state_reason: str
    rule_version: int
    asked_at: datetime
    state_at: datetime
    paid_at: datetime | None
    account_tail: str


@dataclass(frozen=True, slots=True)
class Part:
    commission_id: UUID
    amount_minor: int


def lay_on(amount_minor: int, available: Sequence[tuple[UUID, int]]) -> list[Part]:
    """The amount on commissions of (id, what is left of them), the first ones first. What a debt
    took from the account is not laid on anything."""
    parts = []
    for commission_id, left in available:
        if amount_minor <= 0:
            break
        take = min(left, amount_minor)
        if take > 0:
            parts.append(Part(commission_id, take))
            amount_minor -= take
    return parts


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
ADULT_YEARS = 18


def is_identity_number(number: str) -> bool:
    """A citizen's identity number: 17 digits, a real date of birth, the check digit of GB 11643."""
    if len(number) != 18 or not number[:17].isascii() or not number[:17].isdigit():
        return False
    if born_on(number) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11] == number[17].upper()


def born_on(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_adult(number: str, *, now: datetime) -> bool:
    """At least 18 years old, by the calendar of China."""
    born, today = born_on(number), now.astimezone(CHINA).date()
    if born is None:
        return False
    had_birthday = (today.month, today.day) >= (born.month, born.day)
    return today.year - born.year - (0 if had_birthday else 1) >= ADULT_YEARS


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a withdrawal would bring; shown before it is asked for."""

    gross_minor: int
    tax_minor: int
    net_minor: int
    tax: Withholding
