"""How often something may be tried: counters in fixed windows, kept in the database.

They hold over all web processes and restarts. Every try is counted and committed before the work
it guards, so that many tries at once cannot all pass on the same count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.tenancy import queries
from weike.tenancy.errors import TriedTooOften

PLATFORM = TenantId(UUID(int=0))
"""Never a shop: counters of callers whose shop is not known yet live here."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` in `window`; `what` and `who` name the counter and are kept as a hash."""

    what: str
    who: str
    times: int
    window: timedelta

    @property
    def subject(self) -> bytes:
        return hashlib.sha256(f"{self.what}\0{self.who}".encode()).digest()


async def count_attempt(
    database: Database, tenant_id: TenantId, limits: Sequence[Limit], *, now: datetime
) -> None:
    """Counts one try against every limit. Refuses with TriedTooOften, the longest wait first."""
    # In key order, because the statement locks one counter row per limit.
    by_subject = {limit.subject: limit for limit in sorted(limits, key=lambda one: one.subject)}

    async def count(tx: Tx) -> list[int]:
        rows = await queries.count_attempts(
            tx, [(key, now + limit.window) for key, limit in by_subject.items()], now=now
        )
        return [
            max(1, int((row["resets_at"] - now).total_seconds()))
            for row in rows
            if row["tried"] > by_subject[row["subject"]].times
        ]

    if waits := await database.run(tenant_id, count):
        raise TriedTooOften(retry_after=max(waits))


async def forget_attempts(database: Database, tenant_id: TenantId, limits: Sequence[Limit]) -> None:
    """The right answer was given: earlier wrong ones no longer count."""
    subjects = [limit.subject for limit in limits]
    await database.run(tenant_id, lambda tx: queries.delete_attempts(tx, subjects))
