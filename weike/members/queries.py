"""The SQL about members and how they sign in. Addresses have their own in `address_queries`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx

# Members.


async def insert_member(
    tx: Tx,
    *,
    member_id: UUID,
    nickname: str,
    avatar_url: str | None,
    phone_cipher: bytes | None,
    phone_hash: bytes | None,
    phone_tail: str | None,
    now: datetime,
) -> None:
    await tx.execute(
        "insert into members.members (tenant_id, id, nickname, avatar_url, phone_cipher, "
        "phone_hash, phone_tail, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tx.tenant_id,
        member_id,
        nickname,
        avatar_url,
        phone_cipher,
        phone_hash,
        phone_tail,
        now,
    )


async def member(tx: Tx, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        "select id, nickname, avatar_url, phone_tail, profiling_allowed, state, created_at "
        "from members.members where tenant_id = $1 and id = $2",
        tx.tenant_id,
        member_id,
    )


async def member_by_phone(tx: Tx, phone_hash: bytes) -> Record | None:
    return await tx.fetchrow(
        "select id, state from members.members where tenant_id = $1 and phone_hash = $2",
        tx.tenant_id,
        phone_hash,
    )


async def member_by_identity(tx: Tx, *, provider: str, app_id: str, subject: str) -> Record | None:
    return await tx.fetchrow(
        """
        select m.id, m.state from members.identities i
        join members.members m on m.tenant_id = i.tenant_id and m.id = i.member_id
        where i.tenant_id = $1 and i.provider = $2 and i.app_id = $3 and i.subject = $4
        """,
        tx.tenant_id,
        provider,
        app_id,
        subject,
    )


async def insert_identity(
    tx: Tx, *, provider: str, app_id: str, subject: str, member_id: UUID, now: datetime
) -> None:
    """Known already as this member's: nothing changes. As another's: the key refuses."""
    await tx.execute(
        """
        insert into members.identities
            (tenant_id, provider, app_id, subject, member_id, created_at)
        select $1, $2, $3, $4, $5, $6
        where not exists (
            select 1 from members.identities i where i.tenant_id = $1 and i.provider = $2
              and i.app_id = $3 and i.subject = $4 and i.member_id = $5)
        """,
        tx.tenant_id,
        provider,
        app_id,
        subject,
        member_id,
        now,
    )


async def identity_subject(tx: Tx, member_id: UUID, *, provider: str) -> str | None:
    subject: str | None = await tx.fetchval(
        "select subject from members.identities where tenant_id = $1 and member_id = $2 "
        "and provider = $3 order by created_at desc limit 1",
        tx.tenant_id,
        member_id,
        provider,
    )
    return subject


async def open_ids(tx: Tx, member_id: UUID) -> list[Record]:
    return await tx.fetch(
        "select i.app_id, i.subject from members.identities i where i.tenant_id = $1 "
        "and i.member_id = $2 and i.provider in ('wechat_mini', 'wechat_official')",
        tx.tenant_id,
        member_id,
    )


async def cards(tx: Tx, member_ids: Sequence[UUID]) -> list[Record]:
    return await tx.fetch(
        "select id, nickname, avatar_url, phone_tail from members.members "
        "where tenant_id = $1 and id = any($2::uuid[])",
        tx.tenant_id,
        list(member_ids),
    )


async def update_nickname(tx: Tx, member_id: UUID, nickname: str) -> None:
    await tx.execute(
        "update members.members set nickname = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        member_id,
        nickname,
    )


async def set_profiling(tx: Tx, member_id: UUID, *, allowed: bool) -> None:
    await tx.execute(
        "update members.members set profiling_allowed = $3 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        member_id,
        allowed,
    )


async def profiled(tx: Tx, member_ids: Sequence[UUID]) -> set[UUID]:
    """Whose visits may be evaluated."""
    rows = await tx.fetch(
        "select id from members.members where tenant_id = $1 and id = any($2::uuid[]) "
        "and profiling_allowed and state = 'active'",
        tx.tenant_id,
        list(member_ids),
    )
    return {row["id"] for row in rows}


async def newest_members(
    tx: Tx,
    *,
    before: tuple[datetime, UUID] | None,
    nickname_like: str | None,
    phone_hash: bytes | None,
    phone_tail: str | None,
    limit: int,
) -> list[Record]:
    """Whoever fits one of what was looked for; everybody when nothing was."""
    at, id_ = before or (None, None)
    return await tx.fetch(
        """
        select id, nickname, avatar_url, phone_tail, created_at
        from members.members
        where tenant_id = $1
          and ($2::timestamptz is null or (created_at, id) < ($2, $3))
          and state <> 'deleted'
          and (($4::text is null and $5::bytea is null and $6::text is null)
               or nickname ilike $4 or phone_hash = $5 or phone_tail = $6)
        order by created_at desc, id desc
        limit $7
        """,
        tx.tenant_id,
        at,
        id_,
        nickname_like,
        phone_hash,
        phone_tail,
        limit,
    )


# Codes by short message.


async def code_sent_at(tx: Tx, phone_hash: bytes) -> datetime | None:
    """When the latest code of the number was sent."""
    sent_at: datetime | None = await tx.fetchval(
        "select sent_at from members.sign_in_codes where tenant_id = $1 and phone_hash = $2",
        tx.tenant_id,
        phone_hash,
    )
    return sent_at


async def put_code(
    tx: Tx,
    *,
    phone_hash: bytes,
    code_hash: bytes,
    expires_at: datetime,
    sent_before: datetime,
    now: datetime,
) -> bool:
    """Replaces the earlier code of the number; False when that was not sent before then."""
    return bool(
        await tx.execute(
            """
            insert into members.sign_in_codes as c
                (tenant_id, phone_hash, code_hash, sent_at, expires_at)
            values ($1, $2, $3, $4, $5)
            on conflict (tenant_id, phone_hash) do update
                set code_hash = excluded.code_hash, sent_at = excluded.sent_at,
                    expires_at = excluded.expires_at, attempts = 0, used_at = null
                where c.sent_at <= $6
            """,
            tx.tenant_id,
            phone_hash,
            code_hash,
            now,
            expires_at,
            sent_before,
        )
    )


async def try_code(
    tx: Tx, phone_hash: bytes, *, attempts_limit: int, now: datetime
) -> bytes | None:
    """Counts a try of the living code and answers its hash; tries of one number queue up here."""
    code_hash: bytes | None = await tx.fetchval(
        """
        update members.sign_in_codes set attempts = attempts + 1
        where tenant_id = $1 and phone_hash = $2 and used_at is null and expires_at > $3
          and attempts < $4
        returning code_hash
        """,
        tx.tenant_id,
        phone_hash,
        now,
        attempts_limit,
    )
    return code_hash


async def use_code(tx: Tx, phone_hash: bytes, *, now: datetime) -> None:
    await tx.execute(
        "update members.sign_in_codes set used_at = $3 where tenant_id = $1 and phone_hash = $2",
        tx.tenant_id,
        phone_hash,
        now,
    )


# The way to WeChat and back.


async def insert_state(
    tx: Tx, *, state_hash: bytes, browser_hash: bytes, expires_at: datetime
) -> None:
    await tx.execute(
        "insert into members.oauth_states (tenant_id, state_hash, browser_hash, expires_at) "
        "values ($1, $2, $3, $4)",
        tx.tenant_id,
        state_hash,
        browser_hash,
        expires_at,
    )


async def use_state(tx: Tx, *, state_hash: bytes, browser_hash: bytes, now: datetime) -> bool:
    """False when it is not this browser's, is over, or was used."""
    return bool(
        await tx.execute(
            "update members.oauth_states set used_at = $4 where tenant_id = $1 "
            "and state_hash = $2 and browser_hash = $3 and used_at is null and expires_at > $4",
            tx.tenant_id,
            state_hash,
            browser_hash,
            now,
        )
    )


async def wechat_apps(tx: Tx) -> dict[str, Record]:
    """By kind."""
    rows = await tx.fetch(
        "select kind, app_id, secret_cipher from members.wechat_apps where tenant_id = $1",
        tx.tenant_id,
    )
    return {row["kind"]: row for row in rows}


async def put_wechat_app(
    tx: Tx, *, kind: str, app_id: str, secret_cipher: bytes, now: datetime
) -> None:
    await tx.execute(
        """
        insert into members.wechat_apps (tenant_id, kind, app_id, secret_cipher, updated_at)
        values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, kind) do update
            set app_id = excluded.app_id, secret_cipher = excluded.secret_cipher,
                updated_at = excluded.updated_at
        """,
        tx.tenant_id,
        kind,
        app_id,
        secret_cipher,
        now,
    )


async def delete_wechat_app(tx: Tx, kind: str) -> None:
    await tx.execute(
        "delete from members.wechat_apps where tenant_id = $1 and kind = $2", tx.tenant_id, kind
    )


# Sessions.


async def insert_session(
    tx: Tx,
    *,
    session_id: UUID,
    token_hash: bytes,
    member_id: UUID,
    expires_at: datetime,
    now: datetime,
) -> None:
    await tx.execute(
        "insert into members.sessions (tenant_id, id, token_hash, member_id, created_at, "
        "seen_at, expires_at) values ($1, $2, $3, $4, $5, $5, $6)",
        tx.tenant_id,
        session_id,
        token_hash,
        member_id,
        now,
        expires_at,
    )


async def open_sessions(tx: Tx, token_hashes: Sequence[bytes], *, now: datetime) -> list[Record]:
    """Those of these sessions that are open, each with its token's hash."""
    return await tx.fetch(
        """
        select e.id, e.token_hash, e.member_id, e.seen_at from members.sessions e
        join members.members m on m.tenant_id = e.tenant_id and m.id = e.member_id
        where e.tenant_id = $1 and e.token_hash = any($2::bytea[]) and e.ended_at is null
          and e.expires_at > $3 and m.state = 'active'
        """,
        tx.tenant_id,
        token_hashes,
        now,
    )


async def slide_sessions(
    tx: Tx, session_ids: Sequence[UUID], *, expires_at: datetime, now: datetime
) -> None:
    await tx.execute(
        "update members.sessions set seen_at = $3, expires_at = $4 "
        "where tenant_id = $1 and id = any($2::uuid[]) and ended_at is null",
        tx.tenant_id,
        session_ids,
        now,
        expires_at,
    )


async def end_session(tx: Tx, session_id: UUID, *, now: datetime) -> None:
    await tx.execute(
        "update members.sessions set ended_at = $3 "
        "where tenant_id = $1 and id = $2 and ended_at is null",
        tx.tenant_id,
        session_id,
        now,
    )


async def delete_old(tx: Tx, *, before: datetime) -> None:
    """Codes, states and sessions that ended before."""
    for table in ("sign_in_codes", "oauth_states", "sessions"):
        await tx.execute(
            f"delete from members.{table} where tenant_id = $1 and expires_at < $2",  # noqa: S608
            tx.tenant_id,
            before,
        )
