"""Prove that the books are sound and agree with the states of those who post into them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from weike.kernel import Tx
from weike.ledger import queries

FINDINGS_KEPT = timedelta(days=60)


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """`expected` and `found` are minor units or counts. `key` is "trade.escrow"; its title is the
    sentence `trade.check.escrow` of whoever brings it."""

    key: str
    expected: int
    found: int

    @property
    def ok(self) -> bool:
        return self.expected == self.found


Check = Callable[[Tx], Awaitable[Sequence[CheckResult]]]
"""What an upper context brings: its states summed, beside the balances they must equal."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    checked_at: datetime
    checks: list[CheckResult]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)


async def reconcile(tx: Tx, checks: Sequence[Check] = (), *, now: datetime) -> Report:
    """Reads only; a difference is shown, never repaired.

    A transaction may commit between a check's reading of states and of balances. What is off is
    therefore asked once more; a real difference stays.
    """
    results = list(await _own_checks(tx))
    for check in checks:
        found = await check(tx)
        if not all(result.ok for result in found):
            found = await check(tx)
        results.extend(found)
    return Report(checked_at=now, checks=results)


async def _own_checks(tx: Tx) -> list[CheckResult]:
    wrong = await queries.soundness(tx)
    return [
        CheckResult(key=f"ledger.{key}", expected=0, found=wrong[column])
        for key, column in (
            ("sum_zero", "sum_minor"),
            ("transfers_balance", "unbalanced"),
            ("entries_owned", "strays"),
            ("snapshots", "snapshot_minor"),
        )
    ]


async def reconcile_and_keep(tx: Tx, checks: Sequence[Check], *, now: datetime) -> Report:
    """What the job does: the report, kept for people to read."""
    report = await reconcile(tx, checks, now=now)
    await queries.insert_finding(
        tx,
        at=now,
        ok=report.ok,
        checks=[
            {"key": c.key, "ok": c.ok, "expected": c.expected, "found": c.found}
            for c in report.checks
        ],
    )
    await queries.drop_findings(tx, before=now - FINDINGS_KEPT)
    return report
