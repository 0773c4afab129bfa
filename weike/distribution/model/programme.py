"""The merchant's rules, in versions, and the rate they give."""

from __future__ import annotations

from dataclasses import dataclass, field

from weike.distribution.model.binding import BindingRules


@dataclass(frozen=True, slots=True)
class Programme:
    """The merchant's rules in force from `effective_at`; a new version never changes the past."""

    version: int
    rate_bp: int
    cap_bp: int
    hold_days: int
    click_window_days: int
    binding: BindingRules = field(default_factory=BindingRules)


DEFAULT_PROGRAMME = Programme(
    version=0,
    rate_bp=1000,
    cap_bp=3000,
    hold_days=7,
    click_window_days=7,
)
"""What a shop starts with: 10 %, at most 30 %, one tier, the law's seven days of hold."""


@dataclass(frozen=True, slots=True)
class Rate:
    rate_bp: int
    source: str
    """"line" when the goods carried their own rate, else "programme"."""


def resolve_rate(line_rate_bp: int | None, programme: Programme) -> Rate:
    if line_rate_bp is not None:
        return Rate(line_rate_bp, "line")
    return Rate(programme.rate_bp, "programme")
