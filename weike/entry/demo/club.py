"""The demo's club: four levels, and points that its orders earn."""

from __future__ import annotations

from datetime import datetime

from weike import ledger, members
from weike.kernel import Tx, derived_id
from weike.kernel.edge import Caller

_LEVELS = (
    ("普通会员", "Member", 0, 0, 10_000, False, "", ""),
    ("银卡会员", "Silver", 300, 200, 11_000, False, "", ""),
    (
        "金卡会员",
        "Gold",
        1000,
        500,
        12_000,
        False,
        "生日当月送小样",
        "A sample in the birthday month",
    ),
    (
        *("黑金会员", "Black", 2500, 800, 15_000, True),
        *("生日礼盒，新品优先尝", "A birthday box, first taste of what is new"),
    ),
)
"""Name, English name, growth, discount, points, free freight, note, English note: small
thresholds, because the demo's past is short."""


async def set_club(tx: Tx, owner: Caller, *, now: datetime) -> None:
    """Before the first order, so that the past has earned what the present shows."""
    levels = [
        members.Level(
            id=derived_id(tx.tenant_id, f"demo level {name_en}"),
            name=name,
            name_en=name_en,
            growth_from=growth,
            discount_bp=discount,
            points_bp=points,
            free_freight=free,
            note=note,
            note_en=note_en,
        )
        for name, name_en, growth, discount, points, free, note, note_en in _LEVELS
    ]
    await members.put_levels(tx, levels, members.LevelSettings(), actor=owner, now=now)
    points = ledger.points.Settings(enabled=True, per_yuan=1, value_minor=1, least=50)
    await ledger.points.put_settings(tx, points, actor=owner, now=now)
