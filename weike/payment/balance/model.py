"""Rules of balances, as the law on prepaid cards draws them. No SQL, no web, no clock.

Source: 单用途商业预付卡管理办法（试行）, 商务部令 2012 年第 9 号: a named card holds at most 5,000
yuan and an unnamed one at most 1,000, also after a top-up (art. 18); a named card never expires,
an unnamed one not within 3 years, and what is left on it then must be usable again (art. 19);
what is returned goes back onto the card it was paid with (art. 20); a card can be given back for
its money (art. 21); named are cards whose buyer's name and paper are kept (art. 15); who issues
them files within 30 days (art. 7). The figures are ceilings here: a shop may be stricter.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

LAW_ANONYMOUS_MINOR = 1_000_00
LAW_NAMED_MINOR = 5_000_00
LAW_VALIDITY_YEARS = 3
SMALLEST_TOP_UP_MINOR = 1_00

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_LETTERS = "10X98765432"


class BalanceSettings(Struct, frozen=True, kw_only=True):
    """A shop's own rules. `filing` is the number of its filing, or why it needs none."""

    is_on: bool = False
    issuer: str = ""
    filing: str = ""
    terms: str = ""
    anonymous_limit_minor: int = LAW_ANONYMOUS_MINOR
    named_limit_minor: int = LAW_NAMED_MINOR
    validity_years: int | None = None
    """Of anonymous balances; None: they never rest. Named ones never do."""
    choices_minor: tuple[int, ...] = (100_00, 200_00, 500_00)
    version: int = 0

    def limit_minor(self, *, is_named: bool) -> int:
        return self.named_limit_minor if is_named else self.anonymous_limit_minor


class Account(Struct, frozen=True):
    """Who holds a balance. What it is stands in the ledger."""

    member_id: UUID
    holder_cipher: bytes | None
    rests_at: datetime | None

    @property
    def is_named(self) -> bool:
        return self.holder_cipher is not None

    def is_resting(self, now: datetime) -> bool:
        """Not lost: its holder wakes it with one tap."""
        return not self.is_named and self.rests_at is not None and self.rests_at <= now


class Holder(Struct, frozen=True):
    """Sealed at rest. `id_number` is that of a mainland identity card."""

    name: str
    id_number: str


def rests_at(settings: BalanceSettings, *, is_named: bool, now: datetime) -> datetime | None:
    """Counted anew from every top-up and every waking."""
    if is_named or settings.validity_years is None:
        return None
    try:
        return now.replace(year=now.year + settings.validity_years)
    except ValueError:  # The 29th of February.
        return now.replace(year=now.year + settings.validity_years, month=3, day=1)


def is_id_number(text: str) -> bool:
    """GB 11643: seventeen digits and a check letter."""
    if len(text) != 18 or not (text[:17].isascii() and text[:17].isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return _CHECK_LETTERS[total % 11] == text[17].upper()


def masked_name(name: str) -> str:
    """陈晓棠 is shown as 陈**."""
    return name[:1] + "*" * max(1, len(name) - 1)


def parts_back(amount_minor: int, left: Sequence[tuple[UUID, int]]) -> list[tuple[UUID, int]]:
    """How much of each top-up goes back, in the order given; nothing is left when they are not
    enough, which cannot be: what was topped up and not given back is never less than a balance."""
    parts = []
    for top_up_id, left_minor in left:
        part = min(amount_minor, left_minor)
        if part > 0:
            parts.append((top_up_id, part))
            amount_minor -= part
    return parts if amount_minor == 0 else []
