"""Prove that the books are sound and agree with the states of those who post into them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone

import msgspec

from weike.kernel import Tx
from weike.ledger import queries

FINDINGS_KEPT = timedelta(days=60)
SAFETY_LAG = timedelta(minutes=15)
"""Far longer than any transaction of ours lives, so no entry is stepped over."""
_CHINA = timezone(timedelta(hours=8))


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


async def reconcile(
    tx: Tx, checks: Sequence[Check] = (), *, now: datetime, is_thorough: bool = True
) -> Report:
    """Reads only; a difference is shown, never repaired.

    Run it with `one_snapshot`: a check reads states and balances in several statements, and what
    is committed between them would look like a difference. Unless it `is_thorough`, the ledger's
    own checks look at what is newer than the last proof.
    """
    results = list(await _own_checks(tx, is_thorough=is_thorough))
    for check in checks:
        results.extend(await check(tx))
    return Report(checked_at=now, checks=results)


async def _own_checks(tx: Tx, *, is_thorough: bool) -> list[CheckResult]:
    wrong = (
        await queries.soundness(tx)
        if is_thorough
        else await queries.newest_soundness(tx, seen_again=SAFETY_LAG)
    )
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
    """What the job does: the report, kept for people to read. Once in a night it is thorough."""
    is_thorough = proof_is_due(await queries.proven_at(tx), now)
    report = await reconcile(tx, checks, now=now, is_thorough=is_thorough)
    await queries.insert_finding(
        tx,
        at=now,
        ok=report.ok,
        checks=[
            {"key": c.key, "ok": c.ok, "expected": c.expected, "found": c.found}
            for c in report.checks
        ],
        is_thorough=is_thorough,
    )
    await queries.drop_findings(tx, before=now - FINDINGS_KEPT)
    return report


def proof_is_due(proven_at: datetime | None, now: datetime) -> bool:
    """Between two and five in the morning in China, or when that was missed."""
    if proven_at is None:
        return True
    age = now - proven_at
    is_night = now.astimezone(_CHINA).hour in range(2, 5)
    return age > timedelta(hours=30) or (is_night and age > timedelta(hours=12))
