"""What orders would earn those who brought them, before they are placed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike import trade
from weike.distribution.model import Programme, commission_amount, resolve_rate
from weike.distribution.queries import programmes
from weike.kernel import Tx

_REMEMBERED = 10_000


class Estimator:
    """Implements trade's `CommissionPort`.

    A version of a programme never changes, so each is read once per process.
    """

    def __init__(self) -> None:
        self._programmes: dict[tuple[UUID, int], Programme] = {}

    async def estimate(
        self, tx: Tx, asks: Sequence[trade.CommissionAsk], *, now: datetime
    ) -> list[dict[int, int]]:
        answers = []
        for ask in asks:
            programme = await self._programme(tx, ask.attribution.rule_version)
            answers.append({line.position: commission_of(line, programme) for line in ask.lines})
        return answers

    async def _programme(self, tx: Tx, version: int) -> Programme:
        key = (tx.tenant_id, version)
        if key not in self._programmes:
            programme = await programmes.programme_of_version(tx, version)
            if len(self._programmes) >= _REMEMBERED:
                self._programmes.clear()
            self._programmes[key] = programme
        return self._programmes[key]


def commission_of(line: trade.EstimateLine, programme: Programme) -> int:
    """As `earn_commissions` will compute it once the order is paid."""
    margin = None
    if line.cost_minor is not None:
        margin = max(0, line.goods_paid_minor - line.cost_minor)
    return commission_amount(
        base_minor=line.goods_paid_minor,
        rate_bp=resolve_rate(line.commission_rate_bp, programme).rate_bp,
        cap_bp=programme.cap_bp,
        margin_minor=margin,
    )
