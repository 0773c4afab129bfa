"""Who stands on a member's own chain of shares, and how many steps away.

A → B when B opened a share of A while signed in, or shared on from a share of A. The walk goes up
from the member, and down, never up and then down: whoever the same sharer also reached is no
acquaintance. Each step takes the newest people only, so that a busy promoter stays cheap to ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from weike.kernel import Record, Tx

STEPS = 3
WIDTH = 300
"""People taken at each step of each direction."""
_ROWS = 3000
"""Touches and shares looked at for them."""


async def chain_of(tx: Tx, member_id: UUID) -> dict[UUID, int]:
    """Steps to everybody on the chain, the member herself left out; at most six statements."""
    found: dict[UUID, int] = {}
    for step_from in (_above, _below):
        for other, steps in (await _walk(tx, member_id, step_from)).items():
            found[other] = min(steps, found.get(other, steps))
    return found


async def sharers_of(tx: Tx, pairs: Sequence[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Which of the `(member, product)` pairs are a member who has shared that product."""
    rows = await tx.fetch(
        """
        select distinct s.sharer_id, s.product_id from sharing.shares s
        where s.tenant_id = $1 and s.sharer_id = any($2::uuid[])
            and s.product_id = any($3::uuid[])
        """,
        tx.tenant_id,
        [member_id for member_id, _ in pairs],
        [product_id for _, product_id in pairs],
    )
    return {(row["sharer_id"], row["product_id"]) for row in rows} & set(pairs)


_Step = Callable[[Tx, list[UUID]], Awaitable[list[Record]]]


async def _walk(tx: Tx, member_id: UUID, step_from: _Step) -> dict[UUID, int]:
    seen: dict[UUID, int] = {member_id: 0}
    edge = [member_id]
    for steps in range(1, STEPS + 1):
        rows = await step_from(tx, edge)
        edge = [row["member_id"] for row in rows if row["member_id"] not in seen]
        seen.update(dict.fromkeys(edge, steps))
        if not edge:
            break
    del seen[member_id]
    return seen


async def _above(tx: Tx, members: list[UUID]) -> list[Record]:
    """Whose shares they opened, or shared on from."""
    return await tx.fetch(
        f"""
        select x.member_id, max(x.at) as at from (
            (select s.sharer_id as member_id, t.at
             from sharing.touches t
             join sharing.shares s on s.tenant_id = t.tenant_id and s.id = t.share_id
             where t.tenant_id = $1 and s.tenant_id = $1 and t.member_id = any($2::uuid[])
             order by t.at desc limit {_ROWS})
            union all
            (select p.sharer_id, s.created_at
             from sharing.shares s
             join sharing.shares p on p.tenant_id = s.tenant_id and p.id = s.parent_share_id
             where s.tenant_id = $1 and p.tenant_id = $1 and s.sharer_id = any($2::uuid[])
             order by s.created_at desc limit {_ROWS})
        ) as x
        group by x.member_id order by 2 desc limit {WIDTH}
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        members,
    )


async def _below(tx: Tx, members: list[UUID]) -> list[Record]:
    """Who opened their shares while signed in, or shared on from them."""
    return await tx.fetch(
        f"""
        select x.member_id, max(x.at) as at from (
            (select t.member_id, t.at
             from sharing.shares s
             join sharing.touches t on t.tenant_id = s.tenant_id and t.share_id = s.id
             where s.tenant_id = $1 and t.tenant_id = $1 and s.sharer_id = any($2::uuid[])
               and t.member_id is not null
             order by t.at desc limit {_ROWS})
            union all
            (select s.sharer_id, s.created_at
             from sharing.shares p
             join sharing.shares s on s.tenant_id = p.tenant_id and s.parent_share_id = p.id
             where p.tenant_id = $1 and s.tenant_id = $1 and p.sharer_id = any($2::uuid[])
             order by s.created_at desc limit {_ROWS})
        ) as x
        group by x.member_id order by 2 desc limit {WIDTH}
        """,  # noqa: S608 - constants of this file
        tx.tenant_id,
        members,
    )
