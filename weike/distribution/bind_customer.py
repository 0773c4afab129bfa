"""Bind a customer to the promoter whose share she touched (docs/algorithms/attribution.md)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from weike.distribution.model import Binding, Relation, decide_binding, relation_times
from weike.distribution.queries import programmes, promoters
from weike.kernel import Tx, derived_id


async def bind_customer(
    tx: Tx, *, customer_id: UUID, sharer_id: UUID, share_id: UUID, now: datetime
) -> Binding:
    """What the touch did, and why. `now` is the time of the touch, not of its delivery."""
    state = await promoters.promoter_state(tx, sharer_id)
    current = await promoters.lock_relation(tx, customer_id)
    binding = decide_binding(
        current, customer_id=customer_id, sharer_id=sharer_id, sharer_state=state, now=now
    )
    if not binding.binds:
        return binding
    # A touch delivered late must not undo a relation that began after it.
    if current is not None and current.bound_at >= now:
        return Binding.PROTECTED
    if current is not None:
        await promoters.insert_relation_end(
            tx,
            current.id,
            reason="expired" if binding is Binding.EXPIRED else "replaced",
            now=now,
        )
    programme = await programmes.programme_at(tx, now)
    protected_until, expires_at = relation_times(programme, now)
    await promoters.insert_relation(
        tx,
        Relation(
            id=derived_id(share_id, f"relation:{customer_id}:{now.isoformat()}"),
            customer_id=customer_id,
            promoter_id=sharer_id,
            bound_at=now,
            protected_until=protected_until,
            expires_at=expires_at,
        ),
        share_id=share_id,
        reason=binding.value,
        rule_version=programme.version,
        is_first=current is None,
    )
    return binding
