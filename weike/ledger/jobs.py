"""What the ledger does by itself: roll snapshots forward, prove the books."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from weike.kernel import Job, Tx
from weike.ledger import queries
from weike.ledger.reconcile import SAFETY_LAG, Check, reconcile_and_keep

log = logging.getLogger(__name__)

# A shop has a ledger from its first order number on, and counters are few.
_SHOPS_WITH_BOOKS = """
    select c.tenant_id
    from (select distinct k.tenant_id from kernel.counters k) c
    left join ledger.books b on b.tenant_id = c.tenant_id
"""


async def roll_up(tx: Tx, now: datetime) -> int:
    await queries.roll_up(tx, now - SAFETY_LAG)
    return 0


def jobs(checks: Sequence[Check]) -> tuple[Job, ...]:
    """`checks` come from the contexts whose states the accounts must equal."""

    async def prove(tx: Tx, now: datetime) -> int:
        report = await reconcile_and_keep(tx, checks, now=now)
        for check in report.checks:
            if not check.ok:
                log.error(
                    "ledger check failed",
                    extra={
                        "tenant_id": str(tx.tenant_id),
                        "check": check.key,
                        "expected": check.expected,
                        "found": check.found,
                    },
                )
        return 0

    return (
        Job(
            name="ledger.roll_up",
            every_seconds=600,
            due_tenants=_SHOPS_WITH_BOOKS
            + """
    where b.rolled_through is null or b.rolled_through < $1::timestamptz - interval '30 minutes'
""",
            run=roll_up,
        ),
        Job(
            name="ledger.reconcile",
            every_seconds=900,
            due_tenants=_SHOPS_WITH_BOOKS
            + """
    where b.reconciled_at is null or b.reconciled_at < $1::timestamptz - interval '14 minutes'
""",
            run=prove,
            one_snapshot=True,
        ),
    )
