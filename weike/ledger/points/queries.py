"""SQL of points: lots, spends, debts. Whoever writes has locked the holders first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.ledger.points.model import CURRENCY, Grant, Lot, Settings, Spend, Use


async def settings(tx: Tx) -> Settings:
    row = await tx.fetchrow(
        """
        select s.enabled, s.per_yuan, s.value_minor, s.most_share_bp, s.least, s.life_months,
               s.review, s.approve_above
        from ledger.points_settings s where s.tenant_id = $1
        """,
        tx.tenant_id,
    )
    return Settings(**dict(row)) if row else Settings()


async def put_settings(tx: Tx, settings: Settings) -> None:
    await tx.execute(
        """
        insert into ledger.points_settings (tenant_id, enabled, per_yuan, value_minor,
            most_share_bp, least, life_months, review, approve_above)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (tenant_id) do update
            set enabled = excluded.enabled, per_yuan = excluded.per_yuan,
                value_minor = excluded.value_minor, most_share_bp = excluded.most_share_bp,
                least = excluded.least, life_months = excluded.life_months,
                review = excluded.review, approve_above = excluded.approve_above
        """,
        tx.tenant_id,
        settings.enabled,
        settings.per_yuan,
        settings.value_minor,
        settings.most_share_bp,
        settings.least,
        settings.life_months,
        settings.review,
        settings.approve_above,
    )


# Holders: the row that everybody who moves a member's points waits for.


async def lock_or_make_holders(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Debts by member. In key order, so that nobody waits in a circle."""
    rows = await tx.fetch(
        """
        insert into ledger.points_holders as h (tenant_id, member_id)
        select $1, m.id from unnest($2::uuid[]) as m(id)
        on conflict (tenant_id, member_id) do update set debt = h.debt
        returning h.member_id, h.debt
        """,
        tx.tenant_id,
        sorted(set(member_ids)),
    )
    return {row["member_id"]: row["debt"] for row in rows}


async def lock_holders(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Debts by member, of those who ever had points."""
    rows = await tx.fetch(
        """
        select h.member_id, h.debt from ledger.points_holders h
        where h.tenant_id = $1 and h.member_id = any($2::uuid[])
        order by h.member_id for update
        """,
        tx.tenant_id,
        list(set(member_ids)),
    )
    return {row["member_id"]: row["debt"] for row in rows}


async def put_debts(tx: Tx, debts: dict[UUID, int]) -> None:
    await tx.execute(
        """
        update ledger.points_holders h set debt = d.debt
        from unnest($2::uuid[], $3::integer[]) as d(member_id, debt)
        where h.tenant_id = $1 and h.member_id = d.member_id
        """,
        tx.tenant_id,
        list(debts),
        list(debts.values()),
    )


# Lots.


async def insert_lots(tx: Tx, grants: Sequence[Grant], *, now: datetime) -> set[UUID]:
    """The ids that were new."""
    rows = await tx.fetch(
        """
        insert into ledger.points_lots (tenant_id, id, member_id, state, granted, remaining,
            source_type, source_id, granted_at, expires_at)
        select $1, l.id, l.member_id, l.state, l.points, l.points, l.source_type, l.source_id, $8,
               l.expires_at
        from unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::text[], $7::uuid[],
                    $9::timestamptz[])
             as l(id, member_id, state, points, source_type, source_id, expires_at)
        on conflict (tenant_id, id) do nothing
        returning id
        """,
        tx.tenant_id,
        [grant.id for grant in grants],
        [grant.member_id for grant in grants],
        ["pending" if grant.pending else "available" for grant in grants],
        [grant.points for grant in grants],
        [grant.source_type for grant in grants],
        [grant.source_id for grant in grants],
        now,
        [grant.expires_at for grant in grants],
    )
    return {row["id"] for row in rows}


async def lots_by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Record]:
    rows = await tx.fetch(
        """
        select l.id, l.member_id, l.state, l.granted, l.remaining, l.taken_back, l.expired,
               l.source_type, l.source_id, l.granted_at, l.expires_at
        from ledger.points_lots l where l.tenant_id = $1 and l.id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def spendable_lots(
    tx: Tx, member_ids: Sequence[UUID], *, now: datetime
) -> dict[UUID, list[Lot]]:
    """By member."""
    rows = await tx.fetch(
        """
        select l.id, l.member_id, l.remaining, l.expires_at, l.granted_at
        from ledger.points_lots l
        where l.tenant_id = $1 and l.member_id = any($2::uuid[]) and l.remaining > 0
          and l.state = 'available' and (l.expires_at is null or l.expires_at > $3)
        """,
        tx.tenant_id,
        list(set(member_ids)),
        now,
    )
    found: dict[UUID, list[Lot]] = {}
    for row in rows:
        lot = Lot(
            row["id"], row["member_id"], row["remaining"], row["expires_at"], row["granted_at"]
        )
        found.setdefault(lot.member_id, []).append(lot)
    return found


async def lower_remaining(tx: Tx, points: dict[UUID, int]) -> None:
    await tx.execute(
        """
        update ledger.points_lots l set remaining = l.remaining - r.points
        from unnest($2::uuid[], $3::integer[]) as r(id, points)
        where l.tenant_id = $1 and l.id = r.id
        """,
        tx.tenant_id,
        list(points),
        list(points.values()),
    )


async def release_lots(tx: Tx, expiries: dict[UUID, datetime | None]) -> None:
    await tx.execute(
        """
        update ledger.points_lots l set state = 'available', expires_at = r.expires_at
        from unnest($2::uuid[], $3::timestamptz[]) as r(id, expires_at)
        where l.tenant_id = $1 and l.id = r.id and l.state = 'pending'
        """,
        tx.tenant_id,
        list(expiries),
        list(expiries.values()),
    )


async def add_taken_back(tx: Tx, points: dict[UUID, int]) -> None:
    await tx.execute(
        """
        update ledger.points_lots l set taken_back = l.taken_back + r.points
        from unnest($2::uuid[], $3::integer[]) as r(id, points)
        where l.tenant_id = $1 and l.id = r.id
        """,
        tx.tenant_id,
        list(points),
        list(points.values()),
    )


async def expired_owners(tx: Tx, *, now: datetime, limit: int) -> list[UUID]:
    rows = await tx.fetch(
        """
        select distinct x.member_id from (
            select l.member_id from ledger.points_lots l
            where l.tenant_id = $1 and l.state = 'available' and l.remaining > 0
              and l.expires_at <= $2
            order by l.expires_at limit $3
        ) x
        """,
        tx.tenant_id,
        now,
        limit,
    )
    return [row["member_id"] for row in rows]


async def expire_lots(tx: Tx, member_ids: Sequence[UUID], *, now: datetime) -> list[Record]:
    """What is left of lots whose time is over, and was moved to `expired`."""
    return await tx.fetch(
        """
        with due as (
            select l.id, l.member_id, l.remaining from ledger.points_lots l
            where l.tenant_id = $1 and l.member_id = any($2::uuid[]) and l.state = 'available'
              and l.remaining > 0 and l.expires_at <= $3
        )
        update ledger.points_lots l
        set remaining = 0, expired = l.expired + due.remaining
        from due
        where l.tenant_id = $1 and l.id = due.id
        returning l.id, l.member_id, due.remaining as points
        """,
        tx.tenant_id,
        list(member_ids),
        now,
    )


# Spends.


async def spends_by_id(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Record]:
    rows = await tx.fetch(
        """
        select s.id, s.member_id, s.points, s.given_back, s.source_type, s.source_id
        from ledger.points_spends s where s.tenant_id = $1 and s.id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(ids),
    )
    return {row["id"]: row for row in rows}


async def uses_of(tx: Tx, spend_ids: Sequence[UUID]) -> dict[UUID, list[Use]]:
    rows = await tx.fetch(
        """
        select u.spend_id, u.position, u.lot_id, u.points, u.given_back
        from ledger.points_uses u where u.tenant_id = $1 and u.spend_id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(spend_ids),
    )
    found: dict[UUID, list[Use]] = {}
    for row in rows:
        found.setdefault(row["spend_id"], []).append(Use(**dict(row)))
    return found


async def write_spends(
    tx: Tx, spends: Sequence[Spend], uses: Sequence[Use], *, now: datetime
) -> None:
    """Spends, their uses and what remains of the lots, in one statement."""
    taken: dict[UUID, int] = {}
    for use in uses:
        taken[use.lot_id] = taken.get(use.lot_id, 0) + use.points
    await tx.execute(
        """
        with spent as (
            insert into ledger.points_spends
                (tenant_id, id, member_id, points, source_type, source_id, at)
            select $1, s.id, s.member_id, s.points, s.source_type, s.source_id, $7
            from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::uuid[])
                 as s(id, member_id, points, source_type, source_id)
        ), used as (
            insert into ledger.points_uses (tenant_id, spend_id, position, lot_id, points)
            select $1, u.spend_id, u.position, u.lot_id, u.points
            from unnest($8::uuid[], $9::integer[], $10::uuid[], $11::integer[])
                 as u(spend_id, position, lot_id, points)
        )
        update ledger.points_lots l set remaining = l.remaining - t.points
        from unnest($12::uuid[], $13::integer[]) as t(id, points)
        where l.tenant_id = $1 and l.id = t.id
        """,
        tx.tenant_id,
        [spend.id for spend in spends],
        [spend.member_id for spend in spends],
        [spend.points for spend in spends],
        [spend.source_type for spend in spends],
        [spend.source_id for spend in spends],
        now,
        [use.spend_id for use in uses],
        [use.position for use in uses],
        [use.lot_id for use in uses],
        [use.points for use in uses],
        list(taken),
        list(taken.values()),
    )


async def write_given_back(
    tx: Tx, given_back: dict[UUID, int], uses: Sequence[Use], remaining: dict[UUID, int]
) -> None:
    """`given_back` is cumulative, by spend; `remaining` is what comes back into each lot."""
    await tx.execute(
        """
        with spends as (
            update ledger.points_spends s set given_back = g.points
            from unnest($2::uuid[], $3::integer[]) as g(id, points)
            where s.tenant_id = $1 and s.id = g.id
        ), used as (
            update ledger.points_uses u set given_back = g.given_back
            from unnest($4::uuid[], $5::integer[], $6::integer[])
                 as g(spend_id, position, given_back)
            where u.tenant_id = $1 and u.spend_id = g.spend_id and u.position = g.position
        )
        update ledger.points_lots l set remaining = l.remaining + r.points
        from unnest($7::uuid[], $8::integer[]) as r(id, points)
        where l.tenant_id = $1 and l.id = r.id
        """,
        tx.tenant_id,
        list(given_back),
        list(given_back.values()),
        [use.spend_id for use in uses],
        [use.position for use in uses],
        [use.given_back for use in uses],
        list(remaining),
        list(remaining.values()),
    )


# Reading.


async def standings(
    tx: Tx, member_ids: Sequence[UUID], *, now: datetime, soon: datetime
) -> list[Record]:
    """What each has available (a debt is below zero), pending, and loses before `soon`."""
    return await tx.fetch(
        """
        select m.id as member_id,
               (coalesce(l.available, 0) - coalesce(h.debt, 0))::integer as available,
               coalesce(l.pending, 0)::integer as pending,
               coalesce(l.expiring, 0)::integer as expiring,
               l.expires_first
        from unnest($2::uuid[]) as m(id)
        left join ledger.points_holders h on h.tenant_id = $1 and h.member_id = m.id
        left join lateral (
            select sum(p.remaining) filter (where p.state = 'available') as available,
                   sum(p.remaining) filter (where p.state = 'pending') as pending,
                   sum(p.remaining) filter (
                       where p.state = 'available' and p.expires_at <= $4) as expiring,
                   min(p.expires_at) filter (
                       where p.state = 'available' and p.expires_at <= $4) as expires_first
            from ledger.points_lots p
            where p.tenant_id = $1 and p.member_id = m.id and p.remaining > 0
              and (p.expires_at is null or p.expires_at > $3)
        ) l on true
        """,
        tx.tenant_id,
        list(member_ids),
        now,
        soon,
    )


async def history(
    tx: Tx, member_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """What has moved the points a member can spend, newest first; straight from the books."""
    return await tx.fetch(
        """
        select t.id, t.at, t.kind, t.reason, t.source_type, t.source_id,
               (-e.amount_minor)::integer as points
        from ledger.entries e
        join ledger.transfers t on t.tenant_id = $1 and t.id = e.transfer_id
        where e.tenant_id = $1 and e.account = 'points_outstanding' and e.owner_id = $2
          and e.currency = $3
          and ($4::timestamptz is null or (t.at, t.id) < ($4, $5))
        order by t.at desc, t.id desc limit $6
        """,
        tx.tenant_id,
        member_id,
        CURRENCY,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def pending_lots(tx: Tx, member_id: UUID) -> list[Record]:
    return await tx.fetch(
        """
        select l.id, l.remaining, l.source_type, l.source_id, l.granted_at
        from ledger.points_lots l
        where l.tenant_id = $1 and l.member_id = $2 and l.remaining > 0 and l.state = 'pending'
        order by l.granted_at desc, l.id desc limit 20
        """,
        tx.tenant_id,
        member_id,
    )


async def differences(tx: Tx) -> int:
    """How far lots and accounts are apart, member by member."""
    return int(
        await tx.fetchval(
            """
            with held as (
                select l.member_id,
                       case l.state when 'pending' then 'points_pending'
                                    else 'points_outstanding' end as account,
                       l.remaining as points
                from ledger.points_lots l where l.tenant_id = $1 and l.remaining > 0
                union all
                select h.member_id, 'points_outstanding', -h.debt
                from ledger.points_holders h where h.tenant_id = $1
            ), booked as (
                select s.owner_id as member_id, s.account, s.balance_minor as minor
                from ledger.snapshots s
                where s.tenant_id = $1 and s.currency = $2
                  and s.account in ('points_pending', 'points_outstanding')
                union all
                select e.owner_id, e.account, e.amount_minor
                from ledger.entries e
                where e.tenant_id = $1 and e.currency = $2
                  and e.account in ('points_pending', 'points_outstanding')
                  and e.written_at > coalesce((
                      select b.rolled_through from ledger.books b where b.tenant_id = $1
                  ), '-infinity')
            )
            select coalesce(sum(abs(d.apart)), 0)::bigint from (
                select sum(x.points) as apart from (
                    select h.member_id, h.account, h.points from held h
                    union all
                    select b.member_id, b.account, b.minor from booked b
                ) x group by x.member_id, x.account
            ) d
            """,
            tx.tenant_id,
            CURRENCY,
        )
    )
