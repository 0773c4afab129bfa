"""What distribution knows about a person, as a promoter and as somebody who was brought.

Who is still owed a commission is not deleted before it is paid or void.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.kernel import Tx
from weike.kernel.personal import Holding, Obstacle, PersonalData


async def _obstacles(tx: Tx, person_id: UUID) -> list[Obstacle]:
    due = await tx.fetchval(
        """
        select coalesce(sum(c.amount_minor - c.reversed_minor), 0)::bigint
        from distribution.commissions c
        where c.tenant_id = $1 and c.promoter_id = $2
          and c.state in ('estimated', 'pending', 'available', 'reserved', 'on_hold')
        """,
        tx.tenant_id,
        person_id,
    )
    return [Obstacle("distribution.obstacle.commission", {"amount_minor": due})] if due else []


async def _erase(tx: Tx, person_id: UUID, now: datetime) -> None:
    await tx.execute(
        "update distribution.promoters p set state = 'quit', state_reason = null, state_at = $3 "
        "where p.tenant_id = $1 and p.member_id = $2",
        tx.tenant_id,
        person_id,
        now,
    )


PERSONAL_DATA = PersonalData(
    "distribution",
    (
        Holding("promoter", "distribution.promoters", is_kept=True),
        Holding("customers", "distribution.relations", of="t.promoter_id = $2", is_kept=True),
        Holding("brought_by", "distribution.relations", of="t.customer_id = $2", is_kept=True),
        Holding("bindings", "distribution.bindings", of="t.customer_id = $2", is_kept=True),
        Holding("bound_by", "distribution.binding_decisions", of="t.customer_id = $2"),
        Holding("decisions", "distribution.binding_decisions", of="t.sharer_id = $2"),
        Holding(
            "invitations",
            "distribution.invitations",
            of="(t.promoter_id = $2 or t.inviter_id = $2)",
            is_kept=True,
        ),
        # Who was paid is declared to the tax office, and kept as long as it asks.
        Holding("payee", "distribution.payees", without=("person_hash",), is_kept=True),
        Holding(
            "withdrawals",
            "distribution.withdrawals",
            of="t.promoter_id = $2",
            without=("person_hash", "account_cipher"),
            is_kept=True,
        ),
        Holding(
            "commissions",
            "distribution.commissions",
            of="t.promoter_id = $2",
            without=("buyer_id", "margin_minor"),
            is_kept=True,
        ),
    ),
    erase=_erase,
    obstacles=_obstacles,
)
