"""Give a consent and take it back. What stands is the last word on the present text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

import msgspec

from weike.kernel import Tx, derived_id, uuid7
from weike.members import queries
from weike.members.consent.errors import ConsentTextChanged
from weike.members.errors import MemberNotFound
from weike.members.events import ProfilingChanged

Purpose = Literal["profiling", "reviews_chain", "marketing"]
Source = Literal["privacy", "settings", "review", "deletion"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

VERSIONS: dict[Purpose, int] = {"profiling": 1, "reviews_chain": 1, "marketing": 1}
"""The text of each purpose (`members.consent.<purpose>.text`) has a number. A changed text gets the
next one, and whoever agreed to the old one is asked again."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is null for who never said anything."""

    purpose: Purpose
    version: int
    given: bool
    at: datetime | None


async def set_consent(
    tx: Tx,
    *,
    member_id: UUID,
    purpose: Purpose,
    given: bool,
    version: int,
    source: Source,
    now: datetime,
) -> None:
    """Saying the same again adds nothing. Refuses with ConsentTextChanged, MemberNotFound."""
    if given and version != VERSIONS[purpose]:
        raise ConsentTextChanged(field="version")
    [standing] = [one for one in await standings(tx, member_id) if one.purpose == purpose]
    if standing.given == given and standing.at is not None:
        return
    await tx.execute(
        """
        insert into members.consents
            (tenant_id, id, member_id, purpose, version, given, source, at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        tx.tenant_id,
        uuid7(now),
        member_id,
        purpose,
        VERSIONS[purpose],
        given,
        source,
        now,
    )
    if purpose == "profiling":
        await queries.set_profiling(tx, member_id, allowed=given)
        tx.announce(ProfilingChanged(member_id=member_id, allowed=given, at=now))


async def standings(tx: Tx, member_id: UUID) -> list[Standing]:
    """One for every purpose. Refuses with MemberNotFound.

    Profiling stands as the member's row says: it is on until somebody switches it off, which is
    said where it can be switched off.
    """
    member = await queries.member(tx, member_id)
    if member is None:
        raise MemberNotFound()
    rows = await tx.fetch(
        """
        select distinct on (c.purpose) c.purpose, c.version, c.given, c.at
        from members.consents c where c.tenant_id = $1 and c.member_id = $2
        order by c.purpose, c.at desc, c.id desc
        """,
        tx.tenant_id,
        member_id,
    )
    last = {row["purpose"]: row for row in rows}
    found = []
    for purpose in PURPOSES:
        row = last.get(purpose)
        given = row is not None and row["given"] and row["version"] == VERSIONS[purpose]
        found.append(
            Standing(
                purpose=purpose,
                version=VERSIONS[purpose],
                given=member["profiling_allowed"] if purpose == "profiling" else given,
                at=row["at"] if row else None,
            )
        )
    return found


async def consenting(tx: Tx, member_ids: Sequence[UUID], purpose: Purpose) -> set[UUID]:
    """Which of these members agree now, in one statement."""
    if not member_ids:
        return set()
    if purpose == "profiling":
        return await queries.profiled(tx, member_ids)
    rows = await tx.fetch(
        """
        select x.member_id from (
            select distinct on (c.member_id) c.member_id, c.given, c.version
            from members.consents c
            where c.tenant_id = $1 and c.purpose = $2 and c.member_id = any($3::uuid[])
            order by c.member_id, c.at desc, c.id desc
        ) as x
        where x.given and x.version = $4
        """,
        tx.tenant_id,
        purpose,
        list(member_ids),
        VERSIONS[purpose],
    )
    return {row["member_id"] for row in rows}


async def withdraw_all(tx: Tx, member_id: UUID, *, now: datetime) -> None:
    """Of a member who is being deleted; may be called twice."""
    for purpose in PURPOSES:
        await tx.execute(
            """
            insert into members.consents
                (tenant_id, id, member_id, purpose, version, given, source, at)
            values ($1, $2, $3, $4, $5, false, 'deletion', $6) on conflict do nothing
            """,
            tx.tenant_id,
            derived_id(member_id, f"gone {purpose}"),
            member_id,
            purpose,
            VERSIONS[purpose],
            now,
        )
    tx.announce(ProfilingChanged(member_id=member_id, allowed=False, at=now))
