"""Freight as values and rules. Pure. docs/algorithms/freight.md.

Promises: a fee is never negative; the longest region prefix wins; one prefix stands in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from weike.trade.errors import RegionTwice

Measure = Literal["piece", "weight", "amount"]
"""Pieces, grams, or minor units of goods paid."""

RegionCode = Annotated[str, Meta(pattern="^[1-9][0-9](?:[0-9]{2}(?:[0-9]{2})?)?$")]
"""A prefix of GB/T 2260: a province (2), a city (4) or a district (6)."""
_Units = Annotated[int, Meta(ge=0, le=100_000_000)]
_Fee = Annotated[int, Meta(ge=0, le=100_000_00)]


class Zone(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it costs to go to some regions."""

    first_units: Annotated[int, Meta(ge=1, le=100_000_000)] = 1
    first_fee_minor: _Fee = 0
    step_units: _Units = 0
    """Zero: nothing more, however much there is."""
    step_fee_minor: _Fee = 0
    free_from_minor: Annotated[int, Meta(ge=0, le=10_000_000_00)] = 0
    """Of goods paid; zero: never."""
    free_from_pieces: Annotated[int, Meta(ge=0, le=100_000)] = 0


class RegionZone(Zone, frozen=True, kw_only=True, forbid_unknown_fields=True):
    regions: Annotated[list[RegionCode], Meta(min_length=1, max_length=500)]


class FreightRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One template: `elsewhere` is for every region that no zone names."""

    measure: Measure = "piece"
    elsewhere: Zone = msgspec.field(default_factory=Zone)
    zones: Annotated[list[RegionZone], Meta(max_length=40)] = []
    not_delivered: Annotated[list[RegionCode], Meta(max_length=500)] = []


FREE = FreightRules()
"""Everywhere for nothing: of a shop that has set nothing."""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    rules: FreightRules
    is_default: bool


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """Goods that go together, as a zone counts them."""

    pieces: int
    weight_g: int
    goods_paid_minor: int

    def units(self, measure: Measure) -> int:
        match measure:
            case "piece":
                return self.pieces
            case "weight":
                return self.weight_g
            case "amount":
                return self.goods_paid_minor


def check_rules(rules: FreightRules) -> None:
    """Refuses with RegionTwice."""
    seen: set[str] = set()
    for field, code in _regions(rules):
        if code in seen:
            raise RegionTwice(field=field, region=code)
        seen.add(code)


def _regions(rules: FreightRules) -> Iterator[tuple[str, str]]:
    for index, zone in enumerate(rules.zones):
        for code in zone.regions:
            yield f"zones[{index}].regions", code
    for code in rules.not_delivered:
        yield "not_delivered", code


def zone_for(rules: FreightRules, region_code: str | None) -> Zone | None:
    """None where the template does not deliver; nobody knows where: everywhere else."""
    if region_code is None:
        return rules.elsewhere
    best: Zone | None = rules.elsewhere
    length = 0
    for zone in rules.zones:
        for code in zone.regions:
            if len(code) > length and region_code.startswith(code):
                best, length = zone, len(code)
    for code in rules.not_delivered:
        if len(code) > length and region_code.startswith(code):
            best, length = None, len(code)
    return best


def is_free(zone: Zone, load: Load) -> bool:
    return (0 < zone.free_from_minor <= load.goods_paid_minor) or (
        0 < zone.free_from_pieces <= load.pieces
    )


def fee_of(zone: Zone, measure: Measure, load: Load) -> int:
    if is_free(zone, load):
        return 0
    beyond = load.units(measure) - zone.first_units
    steps = -(-beyond // zone.step_units) if beyond > 0 and zone.step_units else 0
    return zone.first_fee_minor + steps * zone.step_fee_minor


def template_of(templates: Sequence[Template], template_id: UUID | None) -> Template | None:
    """The one that is named, else the default; None in a shop that has none."""
    default = None
    for template in templates:
        if template.id == template_id:
            return template
        if template.is_default:
            default = template
    return default
