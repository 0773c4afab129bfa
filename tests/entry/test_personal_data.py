"""The data of one person: every table answers for it, all of it goes out, nothing of it stays."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.databases import Urls
from tests.members.builders import a_phone, an_address, seal
from tests.trade.builders import Stall, open_stall, paid, placed
from tests.trade.reviewing import EN, reviewed, shown
from weike import members, trade
from weike.entry.contexts import contexts
from weike.entry.personal import personal_records
from weike.kernel import Tx, uuid7
from weike.kernel.personal import PersonalRecords
from weike.kernel.texts import load_texts
from weike.members import queries as member_queries
from weike.members.errors import CodeWrong, MemberNotFound
from weike.members.member_list import member_detail
from weike.members.ports import NoFigures
from weike.members.privacy import queries
from weike.members.privacy.delete_member import (
    COOLING_OFF,
    GONE,
    ask_deletion,
    delete_due,
    withdraw_deletion,
)
from weike.members.privacy.errors import (
    DeletionBlocked,
    ExportNotReady,
    NoDeletionWaiting,
    UnknownRequest,
)
from weike.members.privacy.export_data import (
    KEPT_FOR,
    ask_export,
    expire_exports,
    exported_file,
    make_export,
)
from weike.members.sign_in_by_phone import CodePurpose, code_name
from weike.trade.invoices.keep_titles import put_title
from weike.trade.invoices.rules import InvoiceTitle

TEXTS = load_texts(contexts())
DAY = timedelta(days=1)

PEOPLE_COLUMNS = (
    *("member_id", "sharer_id", "customer_id", "promoter_id", "buyer_id", "owner_id"),
    *("inviter_id", "holder_id"),
)
"""How tables call a member."""


@pytest.fixture
def records() -> PersonalRecords:
    return personal_records(seal)


async def tables_about_people(owner_url: str) -> dict[str, set[str]]:
    """Every tenant table with a column that names a member."""
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(
            """
            select n.nspname || '.' || c.relname as name, a.attname as what
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
            join pg_namespace n on n.oid = c.relnamespace
            join kernel.tables t on t.name = n.nspname || '.' || c.relname
            where a.attname = any($1) and not a.attisdropped and not c.relispartition
            """,
            list(PEOPLE_COLUMNS),
        )
    finally:
        await connection.close()
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["name"], set()).add(row["what"])
    return found


def unanswered(tables: dict[str, set[str]], records: PersonalRecords) -> list[str]:
    told = {holding.table for context in records.contexts for holding in context.holdings}
    return sorted(set(tables) - told)


async def test_every_table_about_people_is_answered_for(
    urls: Urls, records: PersonalRecords
) -> None:
    """A new one is named in `personal_data.py` of its context."""
    tables = await tables_about_people(urls.owner)
    assert len(tables) > 15
    assert unanswered(tables, records) == []


def test_a_table_nobody_answers_for_is_found(records: PersonalRecords) -> None:
    assert unanswered({"trade.orders": {"member_id"}, "trade.new": {"member_id"}}, records) == [
        "trade.new"
    ]


def test_every_holding_has_its_words(records: PersonalRecords) -> None:
    for context in records.contexts:
        for holding in context.holdings:
            key = f"{context.context}.held.{holding.key}"
            assert TEXTS.has(key), key


@pytest.fixture
async def stall(tx: Tx, now: datetime) -> Stall:
    return await open_stall(tx, now, buyers=2)


async def lived(tx: Tx, stall: Stall, now: datetime) -> UUID:
    """A member who bought, reviewed with words of her own, and keeps a title."""
    me = stall.buyer.member_id
    await reviewed(tx, stall, now, text="送给妈妈的茶，她很喜欢")
    await put_title(
        tx,
        title_id=uuid7(now),
        member_id=me,
        title=InvoiceTitle(kind="personal", title="陈晓棠", email="chen@example.com"),
        is_default=True,
        now=now,
    )
    await trade.settle_due(tx, now + 30 * DAY)
    return me


async def everything_of(tx: Tx, me: UUID, records: PersonalRecords, now: datetime) -> bytes:
    asked = await ask_export(tx, request_id=uuid7(now), member_id=me, now=now)
    with pytest.raises(ExportNotReady):
        await exported_file(tx, request_id=asked, member_id=me)
    assert await make_export(tx, records, TEXTS, now=now) == 1
    return await exported_file(tx, request_id=asked, member_id=me)


async def test_an_export_holds_what_is_known_in_clear_and_no_secret(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = await lived(tx, stall, now)
    pack = zipfile.ZipFile(io.BytesIO(await everything_of(tx, me, records, now)))
    told: dict[str, Any] = {
        name: json.loads(pack.read(name)) for name in pack.namelist() if name.endswith(".json")
    }
    own = told["data/members.json"]
    assert own["phone"][0]["phone"].startswith("139")
    assert own["addresses"][0]["street"] == "龙井路 1 号"
    trade_told = told["data/trade.json"]
    assert trade_told["review_texts"][0]["text"] == "送给妈妈的茶，她很喜欢"
    assert trade_told["order_addresses"][0]["phone"] == "13800138000"
    assert trade_told["invoice_titles"][0]["email"] == "chen@example.com"
    page = pack.read("index.html").decode()
    assert "收货地址 Addresses" in page
    assert "送给妈妈的茶" in page
    whole = page + json.dumps(told)
    for secret in ("token_hash", "phone_cipher", "phone_hash", "device_hash", "cost_minor"):
        assert secret not in whole
    # Nothing of the other buyer.
    assert str(stall.buyers[1].member_id) not in whole


async def test_an_export_expires_and_belongs_to_one_member(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = stall.buyer.member_id
    await everything_of(tx, me, records, now)
    [request] = await queries.of_member(tx, me, limit=5)
    with pytest.raises(UnknownRequest):
        await exported_file(tx, request_id=request["id"], member_id=stall.buyers[1].member_id)
    assert await expire_exports(tx, now + KEPT_FOR) == 1
    with pytest.raises(ExportNotReady):
        await exported_file(tx, request_id=request["id"], member_id=me)
    assert await queries.file(tx, request["id"]) is None


async def test_asking_twice_waits_for_one_export(tx: Tx, stall: Stall, now: datetime) -> None:
    me = stall.buyer.member_id
    first = await ask_export(tx, request_id=uuid7(now), member_id=me, now=now)
    assert await ask_export(tx, request_id=uuid7(now), member_id=me, now=now) == first


async def a_code(
    tx: Tx, me: UUID, now: datetime, code: str = "123456", purpose: CodePurpose = "deletion"
) -> None:
    phone = await queries.own_phone(tx, me)
    assert phone is not None
    name = code_name(seal.reveal(tx.tenant_id, phone["phone_cipher"]), purpose)
    await member_queries.put_code(
        tx,
        phone_hash=seal.find_by(tx.tenant_id, name),
        code_hash=seal.code_hash(tx.tenant_id, name, code),
        expires_at=now + timedelta(minutes=5),
        sent_before=now + DAY,
        now=now,
    )


async def ask(
    tx: Tx, records: PersonalRecords, me: UUID, now: datetime, code: str | None = "123456"
) -> CodeWrong | None:
    return await ask_deletion(
        tx, records, seal, request_id=uuid7(now), member_id=me, code=code, now=now
    )


async def test_nobody_is_deleted_while_an_order_is_open(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = stall.buyer.member_id
    await paid(tx, stall, now)
    [obstacle] = await records.obstacles(tx, me)
    assert EN(obstacle.code, **obstacle.facts).startswith("Orders not finished: 1")
    await a_code(tx, me, now)
    with pytest.raises(DeletionBlocked):
        await ask(tx, records, me, now)


async def test_the_code_must_be_right(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = stall.buyer.member_id
    assert isinstance(await ask(tx, records, me, now), CodeWrong)
    await a_code(tx, me, now, purpose="sign_in")
    assert isinstance(await ask(tx, records, me, now), CodeWrong)
    await a_code(tx, me, now)
    assert isinstance(await ask(tx, records, me, now, "000000"), CodeWrong)
    assert isinstance(await ask(tx, records, me, now, None), CodeWrong)
    assert await ask(tx, records, me, now) is None
    assert await queries.waiting(tx, me, kind="deletion") is not None


async def test_there_are_seven_days_to_think(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = stall.buyer.member_id
    await a_code(tx, me, now)
    await ask(tx, records, me, now)
    assert await delete_due(tx, records, now=now + COOLING_OFF - DAY) == 0
    await withdraw_deletion(tx, member_id=me, now=now)
    with pytest.raises(NoDeletionWaiting):
        await withdraw_deletion(tx, member_id=me, now=now)
    assert await delete_due(tx, records, now=now + COOLING_OFF) == 0


async def test_what_was_opened_meanwhile_refuses_the_deletion(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = stall.buyer.member_id
    await a_code(tx, me, now)
    await ask(tx, records, me, now)
    await placed(tx, stall, now)
    assert await delete_due(tx, records, now=now + COOLING_OFF) == 1
    [request] = await queries.of_member(tx, me, limit=5)
    assert request["state"] == "refused"
    assert request["reasons"][0]["code"] == "trade.obstacle.orders"


async def test_a_deletion_that_fails_is_tried_later_and_stops_no_other(
    tx: Tx, now: datetime, monkeypatch: pytest.MonkeyPatch, records: PersonalRecords
) -> None:
    stall = await open_stall(tx, now, buyers=2)
    people = [buyer.member_id for buyer in stall.buyers]
    for nth, me in enumerate(people):
        await queries.insert_request(
            tx,
            request_id=uuid7(now),
            member_id=me,
            kind="deletion",
            due_at=now + timedelta(seconds=nth),
            now=now,
        )
    erase = PersonalRecords.erase

    async def breaks(self: PersonalRecords, tx: Tx, person_id: UUID, now: datetime) -> None:
        await erase(self, tx, person_id, now)
        assert person_id != people[0]

    monkeypatch.setattr(PersonalRecords, "erase", breaks)
    later = now + timedelta(minutes=1)
    assert [await delete_due(tx, records, now=later) for _ in range(3)] == [1, 1, 0]
    waiting = [await queries.waiting(tx, me, kind="deletion") is not None for me in people]
    assert waiting == [True, False]


async def test_a_deleted_member_is_nobody_and_the_order_is_kept(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    me = await lived(tx, stall, now)
    later = now + 40 * DAY
    product_id = await tx.fetchval(
        "select r.product_id from trade.reviews r where r.tenant_id = $1", tx.tenant_id
    )
    await a_code(tx, me, later)
    assert await ask(tx, records, me, later) is None
    await everything_of(tx, me, records, later)
    assert await delete_due(tx, records, now=later + COOLING_OFF) == 1

    told = await records.export(tx, me)
    whole = json.dumps(told, default=str, ensure_ascii=False)
    for word in ("陈晓棠", "13800138000", "龙井路", "139", "chen@example.com"):
        assert word not in whole, word
    assert told["members"]["member"][0]["nickname"] == GONE  # type: ignore[index]
    for gone in ("addresses", "identities", "phone", "address_phones"):
        assert told["members"][gone] == []
    assert told["trade"]["invoice_titles"] == []
    [order] = told["trade"]["orders"]  # type: ignore[misc]
    assert order["paid_minor"] == 12800  # type: ignore[has-type]

    [view] = await shown(tx, product_id)
    assert (view.nickname, view.parts[0].text) == ("匿名用户", "送给妈妈的茶，她很喜欢")
    with pytest.raises(MemberNotFound):
        await member_detail(tx, NoFigures(), member_id=me, words=EN)
    # The number may be somebody's again.
    phone = a_phone()
    again = await members.ensure_member(tx, seal, member_id=uuid7(now), phone=phone, now=now)
    assert again.is_new
    # Doing it twice does no harm.
    await records.erase(tx, me, later)


async def test_the_address_of_a_deleted_buyers_order_can_still_be_read(
    tx: Tx, stall: Stall, records: PersonalRecords, now: datetime
) -> None:
    assert an_address().street
    me = await lived(tx, stall, now)
    await records.erase(tx, me, now)
    told = await records.export(tx, me)
    [address] = told["trade"]["order_addresses"]  # type: ignore[misc]
    assert (address["name"], address["phone"], address["street"]) == ("**", "", "")  # type: ignore[has-type]
    assert address["city"] == "杭州市"  # type: ignore[has-type]
