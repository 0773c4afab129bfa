"""How often something may be tried, by whom: named limits on top of the kernel's counters.

A try is counted and committed before the work it guards, so that many tries at once cannot all
pass on the same count. Who tried is kept as a hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.kernel.edge import allow, forget

PLATFORM = TenantId(UUID(int=0))
"""Never a shop: counters of callers whose shop is not known yet live here."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `window`; `what` and `who` name the counter."""

    what: str
    who: str
    times: int
    window: timedelta

    @property
    def key(self) -> str:
        return f"{self.what}:{hashlib.sha256(self.who.encode()).hexdigest()}"


async def use_limits(tx: Tx, limits: Sequence[Limit], *, now: datetime) -> None:
    """Counts one try against every limit. Refuses with TooMany, which undoes the count."""
    # In key order, because every counter is a row that others may be waiting for.
    for limit in sorted(limits, key=lambda one: one.key):
        await allow(
            tx,
            key=limit.key,
            at_most=limit.times,
            per_seconds=int(limit.window.total_seconds()),
            now=now,
        )


async def count_attempt(
    database: Database, tenant_id: TenantId, limits: Sequence[Limit], *, now: datetime
) -> None:
    """`use_limits` in a transaction of its own. Refuses with TooMany."""
    await database.run(tenant_id, lambda tx: use_limits(tx, limits, now=now))


async def forget_attempts(database: Database, tenant_id: TenantId, limits: Sequence[Limit]) -> None:
    """The right answer was given: earlier wrong ones no longer count."""
    keys = [limit.key for limit in limits]
    await database.run(tenant_id, lambda tx: forget(tx, keys=keys))
