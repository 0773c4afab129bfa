"""Freight of the demo shop: three templates, with the regions that are near, far and left out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx, derived_id
from weike.kernel.edge import Caller
from weike.trade.freight.keep_templates import put_template
from weike.trade.freight.rules import FreightRules, RegionZone, Zone

_NEAR = ["31", "32", "33"]
"""Shanghai, Jiangsu, Zhejiang: a day by courier."""
_FAR = ["15", "54", "62", "63", "64", "65"]
"""Inner Mongolia, Tibet, Gansu, Qinghai, Ningxia, Xinjiang."""
_OVERSEAS = ["71", "81", "82"]

_ORDINARY = FreightRules(
    measure="piece",
    elsewhere=Zone(first_fee_minor=800, free_from_minor=9900),
    zones=[
        RegionZone(regions=_NEAR, first_fee_minor=600, free_from_minor=6900),
        RegionZone(
            regions=_FAR,
            first_units=2,
            first_fee_minor=1500,
            step_units=1,
            step_fee_minor=300,
            free_from_minor=29900,
        ),
    ],
    not_delivered=_OVERSEAS,
)
_FRESH = FreightRules(
    measure="weight",
    elsewhere=Zone(
        first_units=3000,
        first_fee_minor=1000,
        step_units=1000,
        step_fee_minor=200,
        free_from_minor=12900,
    ),
    zones=[
        RegionZone(
            regions=_NEAR,
            first_units=3000,
            first_fee_minor=800,
            step_units=1000,
            step_fee_minor=150,
            free_from_minor=9900,
        ),
        RegionZone(
            regions=["15", "62", "64", "6501"],
            first_units=1000,
            first_fee_minor=2000,
            step_units=1000,
            step_fee_minor=800,
        ),
    ],
    not_delivered=["54", "63", "65", *_OVERSEAS],
)
"""Fresh goods reach Urumqi by air, and nothing else of Xinjiang."""
_HEAVY = FreightRules(
    measure="piece",
    elsewhere=Zone(first_fee_minor=1200, step_units=1, step_fee_minor=500, free_from_pieces=5),
    zones=[RegionZone(regions=_FAR, first_fee_minor=2800, step_units=1, step_fee_minor=1500)],
    not_delivered=_OVERSEAS,
)

_TEMPLATES = {"default": ("默认运费", _ORDINARY), "fresh": ("生鲜冷链", _FRESH)} | {
    "heavy": ("家居大件", _HEAVY)
}
_OF_CATEGORIES = {"fruit": "fresh", "home": "heavy"}


def template_of_category(shop_id: UUID, category_code: str) -> UUID | None:
    name = _OF_CATEGORIES.get(category_code)
    return _id(shop_id, name) if name else None


async def set_freight(tx: Tx, owner: Caller, *, now: datetime) -> None:
    for key, (name, rules) in _TEMPLATES.items():
        await put_template(
            tx,
            template_id=_id(tx.tenant_id, key),
            name=name,
            rules=rules,
            is_default=key == "default",
            caller=owner,
            now=now,
        )


def _id(shop_id: UUID, key: str) -> UUID:
    return derived_id(shop_id, f"demo freight {key}")
