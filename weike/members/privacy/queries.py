"""SQL of privacy requests and of the member who is being deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx

_REQUEST = "q.id, q.member_id, q.kind, q.state, q.reasons, q.requested_at, q.due_at, q.ended_at"


async def insert_request(
    tx: Tx, *, request_id: UUID, member_id: UUID, kind: str, due_at: datetime, now: datetime
) -> None:
    await tx.execute(
        """
        insert into members.privacy_requests
            (tenant_id, id, member_id, kind, state, requested_at, due_at)
        values ($1, $2, $3, $4, 'waiting', $5, $6)
        """,
        tx.tenant_id,
        request_id,
        member_id,
        kind,
        now,
        due_at,
    )


async def request(tx: Tx, request_id: UUID, *, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        f"select {_REQUEST} from members.privacy_requests q "  # noqa: S608 - constant columns
        "where q.tenant_id = $1 and q.id = $2 and q.member_id = $3",
        tx.tenant_id,
        request_id,
        member_id,
    )


async def waiting(tx: Tx, member_id: UUID, *, kind: str) -> Record | None:
    return await tx.fetchrow(
        f"select {_REQUEST} from members.privacy_requests q "  # noqa: S608 - constant columns
        "where q.tenant_id = $1 and q.member_id = $2 and q.kind = $3 and q.state = 'waiting'",
        tx.tenant_id,
        member_id,
        kind,
    )


async def of_member(tx: Tx, member_id: UUID, *, limit: int) -> list[Record]:
    return await tx.fetch(
        f"select {_REQUEST} from members.privacy_requests q "  # noqa: S608 - constant columns
        "where q.tenant_id = $1 and q.member_id = $2 "
        "order by q.requested_at desc, q.id desc limit $3",
        tx.tenant_id,
        member_id,
        limit,
    )


async def of_shop(
    tx: Tx,
    *,
    kind: str | None,
    state: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    return await tx.fetch(
        f"""
        select {_REQUEST} from members.privacy_requests q
        where q.tenant_id = $1 and ($2::text is null or q.kind = $2)
          and ($3::text is null or q.state = $3)
          and ($4::timestamptz is null or (q.requested_at, q.id) < ($4, $5::uuid))
        order by q.requested_at desc, q.id desc limit $6
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        kind,
        state,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def lock_due(tx: Tx, *, kind: str, state: str, now: datetime, limit: int) -> list[Record]:
    return await tx.fetch(
        f"""
        select {_REQUEST} from members.privacy_requests q
        where q.tenant_id = $1 and q.kind = $2 and q.state = $3 and q.due_at <= $4
        order by q.due_at, q.id limit $5 for update skip locked
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        kind,
        state,
        now,
        limit,
    )


async def move(
    tx: Tx,
    request_id: UUID,
    *,
    was: str,
    state: str,
    due_at: datetime | None = None,
    reasons: Sequence[dict[str, object]] = (),
    ended_at: datetime | None = None,
) -> bool:
    """False when it is not in the state it was believed to be in."""
    return bool(
        await tx.execute(
            """
            update members.privacy_requests q set state = $4, due_at = coalesce($5, q.due_at),
                reasons = $6, ended_at = $7
            where q.tenant_id = $1 and q.id = $2 and q.state = $3
            """,
            tx.tenant_id,
            request_id,
            was,
            state,
            due_at,
            list(reasons),
            ended_at,
        )
    )


async def keep_file(tx: Tx, request_id: UUID, content: bytes, *, now: datetime) -> None:
    await tx.execute(
        "insert into members.export_files (tenant_id, request_id, content, made_at) "
        "values ($1, $2, $3, $4)",
        tx.tenant_id,
        request_id,
        content,
        now,
    )


async def file(tx: Tx, request_id: UUID) -> bytes | None:
    content: bytes | None = await tx.fetchval(
        "select f.content from members.export_files f where f.tenant_id = $1 and f.request_id = $2",
        tx.tenant_id,
        request_id,
    )
    return content


async def delete_files(tx: Tx, request_ids: Sequence[UUID]) -> None:
    await tx.execute(
        "delete from members.export_files f "
        "where f.tenant_id = $1 and f.request_id = any($2::uuid[])",
        tx.tenant_id,
        list(request_ids),
    )


async def own_phone(tx: Tx, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select m.phone_cipher, m.phone_hash, m.phone_tail from members.members m "
        "where m.tenant_id = $1 and m.id = $2",
        tx.tenant_id,
        member_id,
    )


async def erase_member(tx: Tx, member_id: UUID, *, nickname: str, now: datetime) -> None:
    """Nothing is left by which anybody could tell who it was; the row stays for what points to
    it."""
    await tx.execute(
        "delete from members.sign_in_codes c using members.members m "
        "where c.tenant_id = $1 and m.tenant_id = $1 and m.id = $2 "
        "and c.phone_hash = m.phone_hash",
        tx.tenant_id,
        member_id,
    )
    await tx.execute(
        """
        update members.members m set nickname = $3, avatar_url = null, phone_cipher = null,
            phone_hash = null, phone_tail = null, profiling_allowed = false, state = 'deleted'
        where m.tenant_id = $1 and m.id = $2
        """,
        tx.tenant_id,
        member_id,
        nickname,
    )
    # Kept answers to repeated writes hold what was written.
    await tx.execute(
        "delete from kernel.answers a where a.tenant_id = $1 and a.principal = $2",
        tx.tenant_id,
        member_id,
    )
    for table in ("identities", "addresses", "tagged"):
        await tx.execute(
            f"delete from members.{table} t where t.tenant_id = $1 and t.member_id = $2",  # noqa: S608
            tx.tenant_id,
            member_id,
        )
    await tx.execute(
        "update members.sessions e set ended_at = $3 "
        "where e.tenant_id = $1 and e.member_id = $2 and e.ended_at is null",
        tx.tenant_id,
        member_id,
        now,
    )
