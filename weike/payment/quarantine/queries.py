"""SQL of quarantined money: one function per question or write. `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.payment.quarantine.model import Quarantined

_COLUMNS = ", ".join(f"q.{name}" for name in Quarantined.__struct_fields__)


async def insert(tx: Tx, one: Quarantined) -> bool:
    """False when it is known already."""
    names = Quarantined.__struct_fields__
    return 1 == await tx.execute(
        f"insert into payment.quarantined (tenant_id, {', '.join(names)})"  # noqa: S608
        f" values ($1, {', '.join(f'${n}' for n in range(2, len(names) + 2))})"
        " on conflict (tenant_id, config_id, out_trade_no, transaction_id) do nothing",
        tx.tenant_id,
        *(getattr(one, name) for name in names),
    )


async def by_id(tx: Tx, quarantined_id: UUID, *, lock: bool = False) -> Quarantined | None:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from payment.quarantined q"  # noqa: S608
        " where q.tenant_id = $1 and q.id = $2" + (" for update" if lock else ""),
        tx.tenant_id,
        quarantined_id,
    )
    return _one(row)


async def by_return(tx: Tx, return_id: UUID) -> Quarantined | None:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from payment.quarantined q"  # noqa: S608
        " where q.tenant_id = $1 and q.return_id = $2 for update",
        tx.tenant_id,
        return_id,
    )
    return _one(row)


async def correct_amount(tx: Tx, quarantined_id: UUID, amount_minor: int) -> None:
    await tx.execute(
        "update payment.quarantined set amount_minor = $3"
        " where tenant_id = $1 and id = $2 and state = 'held'",
        tx.tenant_id,
        quarantined_id,
        amount_minor,
    )


async def mark_returning(
    tx: Tx, quarantined_id: UUID, *, return_id: UUID, reason: str, now: datetime
) -> bool:
    return 1 == await tx.execute(
        "update payment.quarantined set state = 'returning', return_id = $3, return_reason = $4,"
        " next_at = $5, last_code = null where tenant_id = $1 and id = $2 and state = 'held'",
        tx.tenant_id,
        quarantined_id,
        return_id,
        reason,
        now,
    )


async def mark_sending(tx: Tx, quarantined_id: UUID, *, next_at: datetime) -> bool:
    """Written and committed before the call: a crash in between leaves one to ask about."""
    return 1 == await tx.execute(
        "update payment.quarantined set attempts = attempts + 1, next_at = $3"
        " where tenant_id = $1 and id = $2 and state = 'returning'",
        tx.tenant_id,
        quarantined_id,
        next_at,
    )


async def mark_waiting(
    tx: Tx, quarantined_id: UUID, *, code: str | None, next_at: datetime
) -> None:
    await tx.execute(
        "update payment.quarantined set last_code = $3, next_at = $4"
        " where tenant_id = $1 and id = $2 and state = 'returning'",
        tx.tenant_id,
        quarantined_id,
        code,
        next_at,
    )


async def mark_held_again(tx: Tx, quarantined_id: UUID, *, code: str) -> None:
    """The channel would not give it back; nothing moved."""
    await tx.execute(
        "update payment.quarantined set state = 'held', next_at = null, last_code = $3"
        " where tenant_id = $1 and id = $2 and state = 'returning'",
        tx.tenant_id,
        quarantined_id,
        code,
    )


async def mark_ended(tx: Tx, quarantined_id: UUID, *, state: str, at: datetime) -> bool:
    return 1 == await tx.execute(
        "update payment.quarantined set state = $3, ended_at = $4, next_at = null"
        " where tenant_id = $1 and id = $2 and state = $5",
        tx.tenant_id,
        quarantined_id,
        state,
        at,
        "returning" if state == "returned" else "held",
    )


async def take_to_send(tx: Tx, *, now: datetime, next_at: datetime, limit: int) -> list[UUID]:
    """Moved on before they are sent, as refunds are and why."""
    rows = await tx.fetch(
        "update payment.quarantined u set next_at = $3 where u.tenant_id = $1 and u.id in ("
        "select q.id from payment.quarantined q where q.tenant_id = $1 and q.next_at <= $2"
        " order by q.next_at limit $4 for update skip locked) returning u.id",
        tx.tenant_id,
        now,
        next_at,
        limit,
    )
    return [row["id"] for row in rows]


async def newest(
    tx: Tx,
    *,
    state: str | None,
    number: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Quarantined]:
    rows = await tx.fetch(
        f"""
        select {_COLUMNS} from payment.quarantined q
        where q.tenant_id = $1 and ($2::text is null or q.state = $2)
          and ($3::text is null or starts_with(q.out_trade_no, $3)
               or starts_with(q.transaction_id, $3))
          and ($4::timestamptz is null or (q.created_at, q.id) < ($4, $5))
        order by q.created_at desc, q.id desc limit $6
        """,  # noqa: S608 - columns are constants
        tx.tenant_id,
        state,
        number,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [one for row in rows if (one := _one(row))]


async def acceptable(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    """Those that could become the payment of their order as things stand."""
    rows = await tx.fetch(
        """
        select q.id from payment.quarantined q
        join payment.intents i on i.tenant_id = $1 and i.id = q.intent_id
        where q.tenant_id = $1 and q.id = any($2::uuid[]) and q.state = 'held'
          and q.order_id = i.order_id and i.state = 'quarantined'
          and q.amount_minor = i.amount_minor and q.currency = i.currency
          and not exists (select 1 from payment.intents o where o.tenant_id = $1
                          and o.order_id = i.order_id and o.state = 'paid')
        """,
        tx.tenant_id,
        list(ids),
    )
    return {row["id"] for row in rows}


async def counts(tx: Tx) -> dict[str, int]:
    rows = await tx.fetch(
        "select q.state, count(*) as n from payment.quarantined q where q.tenant_id = $1"
        " group by q.state",
        tx.tenant_id,
    )
    return {row["state"]: row["n"] for row in rows}


async def sums(tx: Tx) -> Sequence[Record]:
    """By provider: what lies in quarantine, and what of it is still with the channel. Money that
    came twice or too late lies there too, until its refund is through."""
    return await tx.fetch(
        """
        select x.provider, sum(x.held_minor)::bigint as held_minor,
               sum(x.own_minor)::bigint as own_minor
        from (
            select q.provider, q.amount_minor as held_minor, q.amount_minor as own_minor
            from payment.quarantined q
            where q.tenant_id = $1 and q.state in ('held', 'returning') and q.currency = 'CNY'
            union all
            select c.provider, r.amount_minor, 0
            from payment.refunds r
            join payment.intents i on i.tenant_id = $1 and i.id = r.intent_id
            join payment.configs c on c.tenant_id = $1 and c.id = i.config_id
            where r.tenant_id = $1 and r.purpose = 'return' and r.state <> 'succeeded'
        ) x
        group by x.provider
        """,
        tx.tenant_id,
    )


def _one(row: Record | None) -> Quarantined | None:
    return msgspec.convert(dict(row), type=Quarantined) if row else None
