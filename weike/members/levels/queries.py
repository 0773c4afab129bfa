"""SQL of levels and growth. Whoever writes a standing has locked it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx
from weike.members.levels.model import Level, LevelSettings, Standing

_LEVEL = (
    "l.id, l.name, l.name_en, l.growth_from, l.discount_bp, l.points_bp, l.free_freight, "
    "l.note, l.note_en"
)


async def levels(tx: Tx) -> list[Level]:
    """The lowest first."""
    rows = await tx.fetch(
        f"select {_LEVEL} from members.levels l "  # noqa: S608 - columns of ours
        "where l.tenant_id = $1 order by l.growth_from",
        tx.tenant_id,
    )
    return [Level(**dict(row)) for row in rows]


async def settings(tx: Tx) -> LevelSettings:
    row = await tx.fetchrow(
        "select s.growth_per_yuan, s.term_days from members.level_settings s "
        "where s.tenant_id = $1",
        tx.tenant_id,
    )
    return LevelSettings(**dict(row)) if row else LevelSettings()


async def put_settings(tx: Tx, settings: LevelSettings) -> None:
    await tx.execute(
        """
        insert into members.level_settings (tenant_id, growth_per_yuan, term_days)
        values ($1, $2, $3)
        on conflict (tenant_id) do update
            set growth_per_yuan = excluded.growth_per_yuan, term_days = excluded.term_days
        """,
        tx.tenant_id,
        settings.growth_per_yuan,
        settings.term_days,
    )


async def put_levels(tx: Tx, levels: Sequence[Level]) -> None:
    """These and no others."""
    await tx.execute("delete from members.levels where tenant_id = $1", tx.tenant_id)
    await tx.execute(
        """
        insert into members.levels (tenant_id, id, name, name_en, growth_from, discount_bp,
            points_bp, free_freight, note, note_en)
        select $1, l.id, l.name, l.name_en, l.growth_from, l.discount_bp, l.points_bp,
               l.free_freight, l.note, l.note_en
        from unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::integer[],
                    $7::integer[], $8::boolean[], $9::text[], $10::text[])
             as l(id, name, name_en, growth_from, discount_bp, points_bp, free_freight, note,
                  note_en)
        """,
        tx.tenant_id,
        [level.id for level in levels],
        [level.name for level in levels],
        [level.name_en for level in levels],
        [level.growth_from for level in levels],
        [level.discount_bp for level in levels],
        [level.points_bp for level in levels],
        [level.free_freight for level in levels],
        [level.note for level in levels],
        [level.note_en for level in levels],
    )


async def regrade(tx: Tx, *, term_days: int, now: datetime) -> int:
    """After the levels were changed: whoever has the growth for a higher one rises, whoever's
    level is gone gets the one their growth reaches. How many."""
    return await tx.execute(
        """
        with reached as (
            select s.member_id, n.id, n.growth_from,
                   h.growth_from as held_from
            from members.standings s
            left join members.levels h on h.tenant_id = $1 and h.id = s.level_id
            left join lateral (
                select l.id, l.growth_from from members.levels l
                where l.tenant_id = $1 and l.growth_from <= s.growth
                order by l.growth_from desc limit 1
            ) n on true
            where s.tenant_id = $1
        )
        update members.standings s
        set level_id = r.id, since = $2::timestamptz,
            until = case when r.growth_from > 0 then $2::timestamptz + make_interval(days => $3) end
        from reached r
        where s.tenant_id = $1 and s.member_id = r.member_id
          and ((r.held_from is null and s.level_id is distinct from r.id)
               or r.growth_from > r.held_from)
        """,
        tx.tenant_id,
        now,
        term_days,
    )


async def members_by_level(tx: Tx) -> dict[UUID, int]:
    """Without those who never had growth: they have the lowest level and no row."""
    rows = await tx.fetch(
        "select s.level_id, count(*) as members from members.standings s "
        "where s.tenant_id = $1 and s.level_id is not null group by s.level_id",
        tx.tenant_id,
    )
    return {row["level_id"]: row["members"] for row in rows}


async def levels_of(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Level]:
    rows = await tx.fetch(
        f"""
        select m.id as member_id, {_LEVEL}
        from unnest($2::uuid[]) as m(id)
        left join members.standings s on s.tenant_id = $1 and s.member_id = m.id
        join members.levels l on l.tenant_id = $1
         and (l.id = s.level_id or (s.level_id is null and l.growth_from = 0))
        """,  # noqa: S608 - columns of ours
        tx.tenant_id,
        list(member_ids),
    )
    return {
        row["member_id"]: Level(**{k: v for k, v in row.items() if k != "member_id"})
        for row in rows
    }


async def lock_standings(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Made where missing; in key order, so that nobody waits in a circle."""
    rows = await tx.fetch(
        """
        insert into members.standings as s (tenant_id, member_id)
        select $1, m.id from unnest($2::uuid[]) as m(id)
        on conflict (tenant_id, member_id) do update set growth = s.growth
        returning s.member_id, s.growth, s.level_id, s.since, s.until
        """,
        tx.tenant_id,
        sorted(set(member_ids)),
    )
    return {row["member_id"]: _standing(row) for row in rows}


async def standings(tx: Tx, member_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    rows = await tx.fetch(
        """
        select s.member_id, s.growth, s.level_id, s.since, s.until from members.standings s
        where s.tenant_id = $1 and s.member_id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(member_ids),
    )
    return {row["member_id"]: _standing(row) for row in rows}


async def put_standings(tx: Tx, standings: Mapping[UUID, Standing]) -> None:
    await tx.execute(
        """
        update members.standings s
        set growth = n.growth, level_id = n.level_id, since = n.since, until = n.until
        from unnest($2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
             as n(member_id, growth, level_id, since, until)
        where s.tenant_id = $1 and s.member_id = n.member_id
        """,
        tx.tenant_id,
        list(standings),
        [one.growth for one in standings.values()],
        [one.level_id for one in standings.values()],
        [one.since for one in standings.values()],
        [one.until for one in standings.values()],
    )


async def lock_ended_terms(tx: Tx, *, now: datetime, limit: int) -> dict[UUID, Standing]:
    rows = await tx.fetch(
        """
        select s.member_id, s.growth, s.level_id, s.since, s.until from members.standings s
        where s.tenant_id = $1 and s.until <= $2
        order by s.member_id limit $3 for update skip locked
        """,
        tx.tenant_id,
        now,
        limit,
    )
    return {row["member_id"]: _standing(row) for row in rows}


async def gained(tx: Tx, since: Mapping[UUID, datetime]) -> dict[UUID, int]:
    """What each has gained since then; what terms took does not count."""
    rows = await tx.fetch(
        """
        select m.id as member_id, coalesce(sum(g.amount), 0)::integer as gained
        from unnest($2::uuid[], $3::timestamptz[]) as m(id, since)
        left join members.growth g on g.tenant_id = $1 and g.member_id = m.id
         and g.at > m.since and g.kind <> 'term'
        group by m.id
        """,
        tx.tenant_id,
        list(since),
        list(since.values()),
    )
    return {row["member_id"]: max(0, row["gained"]) for row in rows}


async def counted(tx: Tx, source_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What each source counts for so far."""
    rows = await tx.fetch(
        "select g.source_id, sum(g.amount)::integer as amount from members.growth g "
        "where g.tenant_id = $1 and g.source_id = any($2::uuid[]) group by g.source_id",
        tx.tenant_id,
        list(source_ids),
    )
    return {row["source_id"]: row["amount"] for row in rows}


async def insert_growth(
    tx: Tx, lines: Sequence[tuple[UUID, UUID, int, str, UUID]], *, now: datetime
) -> None:
    """Each is id, member, amount, kind, source."""
    await tx.execute(
        """
        insert into members.growth (tenant_id, id, member_id, amount, kind, source_id, at)
        select $1, g.id, g.member_id, g.amount, g.kind, g.source_id, $7
        from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::uuid[])
             as g(id, member_id, amount, kind, source_id)
        """,
        tx.tenant_id,
        [line[0] for line in lines],
        [line[1] for line in lines],
        [line[2] for line in lines],
        [line[3] for line in lines],
        [line[4] for line in lines],
        now,
    )


async def newest_growth(
    tx: Tx, member_id: UUID, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    return await tx.fetch(
        """
        select g.id, g.amount, g.kind, g.source_id, g.at from members.growth g
        where g.tenant_id = $1 and g.member_id = $2
          and ($3::timestamptz is null or (g.at, g.id) < ($3, $4))
        order by g.at desc, g.id desc limit $5
        """,
        tx.tenant_id,
        member_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


def _standing(row: Record) -> Standing:
    return Standing(
        growth=row["growth"], level_id=row["level_id"], since=row["since"], until=row["until"]
    )
