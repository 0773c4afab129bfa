"""What the ledger knows about a person: what was booked on accounts of theirs.

Entries are kept as the law asks and name an id that stands for nobody after a deletion. Money that
is still on such an account stands in the way of deleting its owner.
"""

from __future__ import annotations

from uuid import UUID

from weike.kernel import Tx
from weike.kernel.personal import Holding, Obstacle, PersonalData
from weike.ledger.balances import balances

_ELSEWHERE = ("commission_", "points_", "balance")
"""Said by those who know more: distribution of commissions, payment of balances; points lapse."""


async def _obstacles(tx: Tx, person_id: UUID) -> list[Obstacle]:
    return [
        Obstacle(
            "ledger.obstacle.balance",
            {"amount_minor": abs(one.balance.minor), "account": one.account},
        )
        for one in await balances(tx, owner_id=person_id)
        if one.balance.minor and not one.account.startswith(_ELSEWHERE)
    ]


PERSONAL_DATA = PersonalData(
    "ledger",
    (
        Holding("entries", "ledger.entries", of="t.owner_id = $2", is_kept=True),
        Holding("points", "ledger.points_lots", is_kept=True),
        Holding("points_spent", "ledger.points_spends", is_kept=True),
        Holding("points_corrected", "ledger.points_adjustments", is_kept=True),
        Holding("points_holder", "ledger.points_holders", is_kept=True),
        Holding("balances", "ledger.snapshots", of="t.owner_id = $2", is_kept=True),
    ),
    obstacles=_obstacles,
)
