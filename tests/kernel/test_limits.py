"""How often: buckets that refill, and counts that hold across processes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from weike.kernel import TooMany, Tx
from weike.kernel.edge import allow, forget
from weike.kernel.edge.limits import Buckets
from weike.kernel.edge.policy import Rate


def test_a_bucket_refills_evenly() -> None:
    clock = [0.0]
    buckets = Buckets(monotonic=lambda: clock[0])
    rate = Rate(per_minute=60, burst=3)
    for _ in range(3):
        buckets.take("a", rate)
    with pytest.raises(TooMany) as refused:
        buckets.take("a", rate)
    assert refused.value.facts == {"retry_after": 1}
    buckets.take("b", rate)
    clock[0] = 1.0
    buckets.take("a", rate)
    with pytest.raises(TooMany):
        buckets.take("a", rate)


async def test_a_count_holds_in_its_window(tx: Tx, now: datetime) -> None:
    for _ in range(2):
        await allow(tx, key="code", at_most=2, per_seconds=60, now=now)
    with pytest.raises(TooMany) as refused:
        async with tx.savepoint():
            await allow(tx, key="code", at_most=2, per_seconds=60, now=now)
    assert refused.value.facts == {"retry_after": 60}
    await allow(tx, key="other", at_most=2, per_seconds=60, now=now)
    await allow(tx, key="code", at_most=2, per_seconds=60, now=now + timedelta(seconds=60))


async def test_a_forgotten_count_begins_again(tx: Tx, now: datetime) -> None:
    await allow(tx, key="code", at_most=1, per_seconds=60, now=now)
    await forget(tx, keys=["code"])
    await allow(tx, key="code", at_most=1, per_seconds=60, now=now)
