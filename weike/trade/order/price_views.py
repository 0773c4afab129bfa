"""What a price is made of, in its reader's words: what was taken off, what freight is for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from weike.kernel.words import Words
from weike.trade.price.ports import Offer, OfferKind
from weike.trade.price.pricing import FreightPart, Label, PriceNote


class TakenOff(msgspec.Struct, frozen=True, kw_only=True):
    step: str
    text: str
    amount_minor: int


class FreightView(msgspec.Struct, frozen=True, kw_only=True):
    """`positions` are the lines that go together; `free_gap_minor`: what is missing to free
    delivery, none when it is free already or never is."""

    text: str
    fee_minor: int
    positions: list[int]
    free_gap_minor: int | None


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """`refused` says why it cannot be chosen now."""

    kind: OfferKind
    id: UUID | None
    text: str
    saves_minor: int
    points: int
    held: int
    is_chosen: bool
    refused: str | None


def say(label: Label, words: Words) -> str:
    """A fact `name` beside a `name_en` is what people wrote in two languages."""
    facts = {
        name: words.of(str(value), str(label.facts[f"{name}_en"] or ""))
        if f"{name}_en" in label.facts
        else value
        for name, value in label.facts.items()
    }
    return words(label.key, **facts)


def taken_off(notes: Sequence[PriceNote], words: Words) -> list[TakenOff]:
    """What one rule took off line by line under one sentence is one amount."""
    sums: dict[tuple[str, str], int] = {}
    for note in notes:
        said = (note.step.value, say(note.label, words))
        sums[said] = sums.get(said, 0) + note.amount_minor
    return [
        TakenOff(step=step, text=text, amount_minor=minor) for (step, text), minor in sums.items()
    ]


def notes_of(stored: object) -> list[PriceNote]:
    return msgspec.convert(stored, list[PriceNote])


def freight_views(parts: Sequence[FreightPart], words: Words) -> list[FreightView]:
    return [
        FreightView(
            text=freight_text(part, words),
            fee_minor=part.fee_minor,
            positions=[*part.positions],
            free_gap_minor=_gap(part),
        )
        for part in parts
    ]


def freight_text(part: FreightPart, words: Words) -> str:
    """The rule in one sentence: the first units, the further ones, from where on it is free."""
    zone = part.zone
    if not zone.first_fee_minor and not (zone.step_units and zone.step_fee_minor):
        return words("trade.freight.free")
    kind = "flat" if not zone.step_units else part.measure
    said = [
        words(
            f"trade.freight.{kind}",
            first=_units(part.measure, zone.first_units),
            first_fee=zone.first_fee_minor,
            step=_units(part.measure, zone.step_units),
            step_fee=zone.step_fee_minor,
        )
    ]
    if zone.free_from_minor:
        said.append(words("trade.freight.free_from", minor=zone.free_from_minor))
    if zone.free_from_pieces:
        said.append(words("trade.freight.free_from_pieces", pieces=zone.free_from_pieces))
    return words("trade.freight.comma").join(said)


def _units(measure: str, units: int) -> str:
    """Grams as kilograms, minor units as amounts, pieces as they are."""
    match measure:
        case "weight":
            return f"{units / 1000:g}"
        case "amount":
            return f"{units / 100:g}"
        case _:
            return str(units)


def _gap(part: FreightPart) -> int | None:
    free_from = part.zone.free_from_minor
    if not free_from or not part.fee_minor:
        return None
    return max(0, free_from - part.load.goods_paid_minor)


def offer_views(offers: Sequence[Offer], words: Words) -> list[OfferView]:
    return [
        OfferView(
            kind=offer.kind,
            id=offer.id,
            text=say(offer.label, words),
            saves_minor=offer.saves_minor,
            points=offer.points,
            held=offer.held,
            is_chosen=offer.is_chosen,
            refused=say(offer.refused, words) if offer.refused else None,
        )
        for offer in offers
    ]
