"""Money: a whole number of minor units (fen) with a currency. Parts always add up to the whole.

Only money of one currency may be added or compared. Rounding happens in two named places:
`portion` rounds down, `split` gives the remainder to the largest fractions first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BASIS_POINTS = 10_000
"""One whole in basis points (万分比); every rate in the product is given in them."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` is the amount in the smallest unit of `currency` (fen); it may be negative."""

    minor: int
    currency: str = "CNY"

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def portion(self, rate_bp: int) -> Money:
        """This many basis points of the amount, rounded down to a whole minor unit."""
        return Money(self.minor * rate_bp // BASIS_POINTS, self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Parts in proportion to non-negative weights; they sum to the amount exactly.

        Largest-remainder method: every part is rounded down, then the units left over go to the
        largest fractions, earlier parts first among equals. All weights zero splits evenly.
        """
        return tuple(Money(part, self.currency) for part in split_minor(self.minor, weights))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")


def written(minor: int) -> str:
    """As accounts write it, always with two decimals: 128.00, -0.05."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def written_short(minor: int) -> str:
    """As people say it, without decimals that say nothing: 128, 99.50."""
    return written(minor).removesuffix(".00")


def split_minor(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """`Money.split` on bare minor units, for loops over many lines. Refuses negative weights."""
    if not weights:
        raise ValueError("nothing to split over")
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    # A negative amount is split as its positive twin, so that both round alike.
    sign, amount = (-1, -amount_minor) if amount_minor < 0 else (1, amount_minor)
    parts = [amount * weight // total for weight in weights]
    left = amount - sum(parts)
    by_fraction = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for index in by_fraction[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


def sum_of(amounts: Iterable[Money], *, currency: str = "CNY") -> Money:
    """The sum; zero of `currency` for none."""
    total = Money(0, currency)
    for amount in amounts:
        total = total + amount
    return total
