"""How often: token buckets in the process for addresses, counted rows for what must not be missed.

A bucket is cheap and forgets with its process; it keeps a flood away. `allow` counts in the
tenant's own database, so that several processes and restarts count together (sign-in codes).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime

from weike.kernel.database import Tx
from weike.kernel.edge.policy import Rate
from weike.kernel.errors import TooMany

_BUCKETS_KEPT = 50_000


class Buckets:
    """`factor` widens every limit, for tests and benchmarks that come from one address."""

    def __init__(
        self, *, factor: float = 1.0, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._factor = factor
        self._monotonic = monotonic
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable, rate: Rate) -> None:
        """Refuses with TooMany."""
        at = self._monotonic()
        burst, per_second = rate.burst * self._factor, rate.per_minute * self._factor / 60
        left, last = self._left.get(key, (burst, at))
        left = min(burst, left + (at - last) * per_second)
        if left < 1:
            raise TooMany(retry_after=math.ceil((1 - left) / per_second))
        if len(self._left) >= _BUCKETS_KEPT:
            self._forget_full(at)
        self._left[key] = (left - 1, at)

    def _forget_full(self, at: float) -> None:
        # A bucket that nobody touched for ten minutes is full again, whatever its rate.
        self._left = {key: value for key, value in self._left.items() if at - value[1] < 600}
        if len(self._left) >= _BUCKETS_KEPT:
            self._left.clear()


async def allow(tx: Tx, *, key: str, at_most: int, per_seconds: int, now: datetime) -> None:
    """Counts one more use of `key` in its window of time. Refuses with TooMany.

    The refusal undoes the transaction and with it the count, so a refused try costs nothing. Keys
    must not be personal data: hash what people typed.
    """
    window = int(now.timestamp()) // per_seconds
    count: int = await tx.fetchval(
        """
        insert into kernel.limits (tenant_id, key, time_window, used, expires_at)
        values ($1, $2, $3, 1, $4::timestamptz + make_interval(secs => $5))
        on conflict (tenant_id, key, time_window) do update set used = limits.used + 1
        returning used
        """,
        tx.tenant_id,
        key,
        window,
        now,
        float(per_seconds),
    )
    if count > at_most:
        raise TooMany(retry_after=(window + 1) * per_seconds - int(now.timestamp()))


async def forget(tx: Tx, *, keys: Sequence[str]) -> None:
    """Uses of these keys count no more: a right password clears the wrong ones before it."""
    await tx.execute(
        "delete from kernel.limits l where l.tenant_id = $1 and l.key = any($2)",
        *(tx.tenant_id, list(keys)),
    )
