"""Set the shop's levels. Members keep theirs, except that nobody waits to rise."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime

import msgspec

from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.members.errors import LevelsUnfit
from weike.members.levels import queries
from weike.members.levels.model import Level, LevelSettings
from weike.tenancy import record_audit

LEVELS_LIMIT = 12


async def put_levels(
    tx: Tx,
    levels: Sequence[Level],
    settings: LevelSettings,
    *,
    actor: Caller | str,
    now: datetime,
) -> list[Level]:
    """These and no others, the lowest first. Whoever has the growth for a higher one rises;
    whoever's level is gone gets the one that their growth reaches.

    Refuses with LevelsUnfit: two with one threshold, or a higher one that gives less.
    """
    ordered = sorted(levels, key=lambda level: level.growth_from)
    if len(ordered) > LEVELS_LIMIT:
        raise LevelsUnfit(field="items", name="")
    for lower, higher in itertools.pairwise(ordered):
        if (
            lower.growth_from == higher.growth_from
            or lower.discount_bp > higher.discount_bp
            or lower.points_bp > higher.points_bp
        ):
            raise LevelsUnfit(field="items", name=higher.name)
    if len({level.id for level in ordered}) < len(ordered):
        raise LevelsUnfit(field="items", name="")
    before = (await queries.levels(tx), await queries.settings(tx))
    if before != (ordered, settings):
        await queries.put_levels(tx, ordered)
        await queries.put_settings(tx, settings)
        await queries.regrade(tx, term_days=settings.term_days, now=now)
        await record_audit(
            tx,
            actor=actor,
            action="levels.changed",
            subject_type="shop",
            subject_id=tx.tenant_id,
            detail={
                "levels": [level.name for level in ordered],
                "settings": msgspec.to_builtins(settings),
            },
            now=now,
        )
    return ordered
