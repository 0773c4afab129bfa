"""Change how points work in a shop. What was granted or spent before stays as it was."""

from __future__ import annotations

from datetime import datetime

import msgspec

from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.ledger.points import queries
from weike.ledger.points.model import Settings
from weike.tenancy import record_audit


async def put_settings(
    tx: Tx, settings: Settings, *, actor: Caller | str, now: datetime
) -> Settings:
    before = msgspec.to_builtins(await queries.settings(tx))
    after = msgspec.to_builtins(settings)
    if before != after:
        await queries.put_settings(tx, settings)
        await record_audit(
            tx,
            actor=actor,
            action="points.settings_changed",
            subject_type="shop",
            subject_id=tx.tenant_id,
            detail={"changed": {key: after[key] for key in after if after[key] != before[key]}},
            now=now,
        )
    return settings
