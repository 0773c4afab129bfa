"""SQL of writing and judging reviews; reading lists has its own in `list_queries`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx


async def bought_line(tx: Tx, order_id: UUID, position: int, *, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        """
        select l.product_id, l.title, o.number, o.received_at, o.address
        from trade.orders o
        join trade.order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id
        where o.tenant_id = $1 and l.tenant_id = $1 and o.id = $2 and o.member_id = $3
          and l.position = $4
        """,
        tx.tenant_id,
        order_id,
        member_id,
        position,
    )


async def review_of_line(tx: Tx, order_id: UUID, position: int) -> Record | None:
    return await tx.fetchrow(
        "select r.* from trade.reviews r "
        "where r.tenant_id = $1 and r.order_id = $2 and r.position = $3",
        tx.tenant_id,
        order_id,
        position,
    )


async def review(tx: Tx, review_id: UUID, *, lock: bool = False) -> Record | None:
    sql = "select r.* from trade.reviews r where r.tenant_id = $1 and r.id = $2"
    return await tx.fetchrow(
        f"{sql} for no key update" if lock else sql,
        tx.tenant_id,
        review_id,
    )


async def insert_review(
    tx: Tx,
    *,
    review_id: UUID,
    order_id: UUID,
    position: int,
    product_id: UUID,
    member_id: UUID,
    score: int,
    tags: Sequence[str],
    is_anonymous: bool,
    device_hash: bytes | None,
    address_hash: bytes | None,
    substance: float,
    rank: float,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.reviews (tenant_id, id, order_id, position, product_id, member_id, score,
            tags, is_anonymous, device_hash, address_hash, substance, rank, posted_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        tx.tenant_id,
        review_id,
        order_id,
        position,
        product_id,
        member_id,
        score,
        list(tags),
        is_anonymous,
        device_hash,
        address_hash,
        substance,
        rank,
        now,
    )


async def insert_part(
    tx: Tx,
    *,
    review_id: UUID,
    part: int,
    text: str,
    pictures: Sequence[str],
    fingerprint: bytes | None,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.review_parts
            (tenant_id, review_id, part, text, pictures, fingerprint, at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        tx.tenant_id,
        review_id,
        part,
        text,
        list(pictures),
        fingerprint,
        now,
    )


async def parts_of(tx: Tx, review_ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    """With the shop's answers beside them, the first part first."""
    rows = await tx.fetch(
        """
        select p.review_id, p.part, p.text, p.pictures, p.at, a.text as answer, a.at as answered_at
        from trade.review_parts p
        left join trade.review_answers a
            on a.tenant_id = p.tenant_id and a.review_id = p.review_id and a.part = p.part
            and a.tenant_id = $1
        where p.tenant_id = $1 and p.review_id = any($2::uuid[])
        order by p.review_id, p.part
        """,
        tx.tenant_id,
        review_ids,
    )
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["review_id"], []).append(row)
    return found


async def mark_appended(
    tx: Tx, review_id: UUID, *, substance: float, rank: float, now: datetime
) -> bool:
    """False when it was appended to already."""
    return bool(
        await tx.execute(
            "update trade.reviews r set appended_at = $3, substance = $4, rank = $5 "
            "where r.tenant_id = $1 and r.id = $2 and r.appended_at is null",
            tx.tenant_id,
            review_id,
            now,
            substance,
            rank,
        )
    )


async def set_votes(tx: Tx, review_id: UUID, *, votes: int, rank: float) -> None:
    await tx.execute(
        "update trade.reviews r set votes = $3, rank = $4 where r.tenant_id = $1 and r.id = $2",
        tx.tenant_id,
        review_id,
        votes,
        rank,
    )


async def insert_vote(tx: Tx, review_id: UUID, member_id: UUID, *, now: datetime) -> bool:
    return bool(
        await tx.execute(
            "insert into trade.review_votes (tenant_id, review_id, member_id, at) "
            "values ($1, $2, $3, $4) on conflict do nothing",
            tx.tenant_id,
            review_id,
            member_id,
            now,
        )
    )


async def delete_vote(tx: Tx, review_id: UUID, member_id: UUID) -> bool:
    return bool(
        await tx.execute(
            "delete from trade.review_votes v "
            "where v.tenant_id = $1 and v.review_id = $2 and v.member_id = $3",
            tx.tenant_id,
            review_id,
            member_id,
        )
    )


async def count(
    tx: Tx,
    product_id: UUID,
    *,
    score: int,
    reviews: int = 0,
    with_pictures: int = 0,
    appended: int = 0,
    hidden: int = 0,
) -> None:
    """Adds to what is shown of a product; every figure may be negative."""
    by_score = [0, 0, 0, 0, 0]
    by_score[score - 1] = reviews
    await tx.execute(
        """
        insert into trade.review_counts as c
            (tenant_id, product_id, by_score, with_pictures, appended, hidden)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, product_id) do update set
            by_score = array[
                c.by_score[1] + excluded.by_score[1], c.by_score[2] + excluded.by_score[2],
                c.by_score[3] + excluded.by_score[3], c.by_score[4] + excluded.by_score[4],
                c.by_score[5] + excluded.by_score[5]],
            with_pictures = c.with_pictures + excluded.with_pictures,
            appended = c.appended + excluded.appended,
            hidden = c.hidden + excluded.hidden
        """,
        tx.tenant_id,
        product_id,
        by_score,
        with_pictures,
        appended,
        hidden,
    )


async def insert_answer(
    tx: Tx, review_id: UUID, part: int, *, text: str, staff_id: UUID, now: datetime
) -> bool:
    """False when there is one."""
    return bool(
        await tx.execute(
            """
            insert into trade.review_answers (tenant_id, review_id, part, text, staff_id, at)
            values ($1, $2, $3, $4, $5, $6) on conflict do nothing
            """,
            tx.tenant_id,
            review_id,
            part,
            text,
            staff_id,
            now,
        )
    )


async def insert_appeal(
    tx: Tx,
    *,
    appeal_id: UUID,
    review_id: UUID,
    ground: str,
    reason: str,
    evidence: Sequence[str],
    staff_id: UUID,
    now: datetime,
) -> None:
    await tx.execute(
        """
        insert into trade.review_appeals
            (tenant_id, id, review_id, ground, reason, evidence, state, staff_id, at)
        values ($1, $2, $3, $4, $5, $6, 'open', $7, $8)
        """,
        tx.tenant_id,
        appeal_id,
        review_id,
        ground,
        reason,
        list(evidence),
        staff_id,
        now,
    )


async def appeal(tx: Tx, appeal_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select a.* from trade.review_appeals a where a.tenant_id = $1 and a.id = $2",
        tx.tenant_id,
        appeal_id,
    )


async def appeals_of(tx: Tx, review_ids: Sequence[UUID]) -> dict[UUID, list[Record]]:
    """The newest first."""
    rows = await tx.fetch(
        """
        select a.* from trade.review_appeals a
        where a.tenant_id = $1 and a.review_id = any($2::uuid[])
        order by a.at desc
        """,
        tx.tenant_id,
        review_ids,
    )
    found: dict[UUID, list[Record]] = {}
    for row in rows:
        found.setdefault(row["review_id"], []).append(row)
    return found


async def decide_appeal(
    tx: Tx, appeal_id: UUID, *, state: str, note: str, decided_by: UUID, now: datetime
) -> bool:
    """False when it is not open any more."""
    return bool(
        await tx.execute(
            """
            update trade.review_appeals a
            set state = $3, note = $4, decided_by = $5, decided_at = $6
            where a.tenant_id = $1 and a.id = $2 and a.state = 'open'
            """,
            tx.tenant_id,
            appeal_id,
            state,
            note,
            decided_by,
            now,
        )
    )


async def hide(tx: Tx, review_id: UUID, *, ground: str, now: datetime) -> bool:
    """False when it is hidden already."""
    return bool(
        await tx.execute(
            "update trade.reviews r set hidden_ground = $3, hidden_at = $4 "
            "where r.tenant_id = $1 and r.id = $2 and r.hidden_at is null",
            tx.tenant_id,
            review_id,
            ground,
            now,
        )
    )


async def judge_flag(tx: Tx, review_id: UUID, *, flag: str) -> bool:
    """False when nothing waits for judgement."""
    return bool(
        await tx.execute(
            "update trade.reviews r set flag = $3 "
            "where r.tenant_id = $1 and r.id = $2 and r.flag in ('suspected', 'confirmed', "
            "'cleared') and r.flag <> $3",
            tx.tenant_id,
            review_id,
            flag,
        )
    )


async def forget_devices(tx: Tx, *, before: datetime, limit: int) -> int:
    return await tx.execute(
        """
        update trade.reviews r set device_hash = null, address_hash = null
        where r.tenant_id = $1 and r.id in (
            select x.id from trade.reviews x
            where x.tenant_id = $1 and x.posted_at < $2
              and (x.device_hash is not null or x.address_hash is not null)
            order by x.posted_at limit $3)
        """,
        tx.tenant_id,
        before,
        limit,
    )
