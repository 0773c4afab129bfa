"""The log: every writer in one chain, and whatever was done to it is found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.databases import Urls
from weike.kernel import Database, TenantId, Tx, uuid7
from weike.tenancy import record_audit, verify_audit
from weike.tenancy.audit import Verdict


async def write(tx: Tx, now: datetime, **detail: object) -> None:
    await record_audit(
        tx,
        actor="tests",
        action="test.done",
        subject_type="test",
        subject_id="1",
        detail=detail,
        now=now,
    )


async def written(database: Database, tenant_id: TenantId, now: datetime, times: int) -> None:
    for place in range(times):
        at = now + timedelta(seconds=place)
        await database.run(tenant_id, lambda tx, at=at: write(tx, at, at=at))  # type: ignore[misc]


async def test_an_empty_log_is_whole(tx: Tx) -> None:
    assert await verify_audit(tx) == Verdict(ok=True, records=0)


async def test_times_may_go_backwards(tx: Tx, now: datetime) -> None:
    for days in (0, 60, 1, 400):
        await write(tx, now - timedelta(days=days))
    assert await verify_audit(tx) == Verdict(ok=True, records=4)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(min_value=-(2**63), max_value=2**63) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(detail=st.dictionaries(words, json_values, max_size=4))
async def test_whatever_is_recorded_verifies(tx: Tx, now: datetime, detail: dict[str, Any]) -> None:
    await record_audit(
        tx,
        actor="tests",
        action="test.done",
        subject_type="test",
        subject_id="1",
        detail=detail,
        now=now,
    )
    assert (await verify_audit(tx)).ok


async def test_every_kind_of_detail_comes_back_as_it_went(tx: Tx, now: datetime) -> None:
    await write(
        tx,
        now,
        z=1,
        a={"ö": [1, None, True, "茶"], "nested": {"b": 2, "a": 1}},
        id=uuid7(now),
        big=2**62,
        at=now,
        words="“引号”\n\t\\",
    )
    assert (await verify_audit(tx)).ok


@pytest.mark.parametrize("fraction", [0.5, 1e300])
async def test_fractions_are_our_mistake(tx: Tx, now: datetime, fraction: float) -> None:
    with pytest.raises(TypeError):
        await write(tx, now, amount=fraction)


async def test_many_writers_make_one_chain(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    await asyncio.gather(*(written(fresh_database, tenant_id, now, 5) for _ in range(8)))
    verdict = await fresh_database.run(tenant_id, verify_audit)
    assert verdict == Verdict(ok=True, records=40)


async def test_the_chain_can_be_verified_while_it_grows(
    fresh_database: Database, tenant_id: TenantId, now: datetime
) -> None:
    writing = asyncio.gather(*(written(fresh_database, tenant_id, now, 10) for _ in range(4)))
    while not writing.done():
        assert (await fresh_database.run(tenant_id, verify_audit)).ok
    await writing


async def test_shops_have_chains_of_their_own(
    database: Database, tenant_id: TenantId, now: datetime
) -> None:
    other = TenantId(uuid7(now))
    await written(database, tenant_id, now, 2)
    await written(database, other, now, 3)
    assert (await database.run(tenant_id, verify_audit)).records == 2
    assert (await database.run(other, verify_audit)).records == 3


@pytest.mark.any_statement
@pytest.mark.parametrize(
    "sql", ["update tenancy.audit set action = 'x'", "delete from tenancy.audit"]
)
async def test_the_application_can_only_append(tx: Tx, now: datetime, sql: str) -> None:
    await write(tx, now)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(f"{sql} where tenant_id = $1", tx.tenant_id)


TAMPERINGS: dict[str, tuple[str, int]] = {
    "another action": ("update tenancy.audit set action = 'other' where seq = 3", 3),
    "another actor": ("update tenancy.audit set actor_name = 'nobody' where seq = 3", 3),
    "another moment": (
        "update tenancy.audit set at = at + interval '1 microsecond' where seq = 3",
        3,
    ),
    "another subject": ("update tenancy.audit set subject_id = '2' where seq = 3", 3),
    "another detail": ("""update tenancy.audit set detail = '{"at": ""}' where seq = 3""", 3),
    "another hash": ("update tenancy.audit set hash = 'x' where seq = 3", 3),
    "removed": ("delete from tenancy.audit where seq = 3", 3),
    "removed and closed up": (
        "delete from tenancy.audit where seq = 3; "
        "update tenancy.audit set seq = seq - 1 where seq > 3",
        3,
    ),
    "first one removed": ("delete from tenancy.audit where seq = 1", 1),
    "last one removed": ("delete from tenancy.audit where seq = 5", 5),
    "exchanged": (
        "update tenancy.audit set seq = 100 where seq = 2; "
        "update tenancy.audit set seq = 2 where seq = 3; "
        "update tenancy.audit set seq = 3 where seq = 100",
        2,
    ),
    "doubled": (
        "insert into tenancy.audit select tenant_id, at + interval '1 day', seq, id, actor_kind, "
        "actor_id, actor_name, action, subject_type, subject_id, detail, previous_hash, hash "
        "from tenancy.audit where seq = 3",
        4,
    ),
    "added behind": (
        "insert into tenancy.audit select tenant_id, at, 6, id, actor_kind, actor_id, actor_name, "
        "action, subject_type, subject_id, detail, hash, hash from tenancy.audit where seq = 5",
        6,
    ),
    "emptied": ("delete from tenancy.audit", 1),
    "head set back": ("update tenancy.audit_heads set seq = 4", 5),
    "another head": ("update tenancy.audit_heads set hash = 'x'", 6),
}


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_tampering_is_found(
    fresh_database: Database, fresh_urls: Urls, tenant_id: TenantId, now: datetime, name: str
) -> None:
    """By the owner of the tables, whom no privilege stops."""
    sql, broken_at = TAMPERINGS[name]
    await written(fresh_database, tenant_id, now, 5)
    owner = await asyncpg.connect(fresh_urls.owner)
    try:
        await owner.execute(sql)
    finally:
        await owner.close()
    verdict = await fresh_database.run(tenant_id, verify_audit)
    assert not verdict.ok
    assert verdict.broken_at == broken_at
