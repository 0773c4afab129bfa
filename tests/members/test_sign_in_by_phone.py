"""Signing in by phone: a code is good for one person, one time, five minutes and five tries."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

import pytest

from tests.members.builders import a_member, a_phone, seal
from tests.tenancy.builders import Shop, a_shop
from weike.kernel import Database, Event, TooMany, Tx, uuid7
from weike.kernel.texts import load_texts
from weike.members import MemberDoor, MemberRegistered, ensure_member
from weike.members.errors import BadPhone, CodeNotSent, CodeWrong, MemberBlocked
from weike.members.model import phone_of
from weike.members.ports import Refused, Unknown
from weike.members.sign_in_by_phone import MemberSignedIn, send_code, sign_in_by_phone
from weike.members.sms import FakeSMS

TEXTS = load_texts(("members",))


@pytest.fixture
async def shop(database: Database, now: datetime) -> Shop:
    return await a_shop(database, now)


@pytest.fixture
def sms() -> FakeSMS:
    return FakeSMS()


async def ask(
    database: Database, shop: Shop, sms: FakeSMS, phone: str, now: datetime, *, ip: str = "1.1.1.1"
) -> str:
    """Asks for a code and reads it from the phone."""
    await send_code(
        database,
        seal,
        sms,
        TEXTS,
        tenant_id=shop.tenant_id,
        phone=phone,
        ip=ip,
        language="zh",
        now=now,
    )
    to, text = sms.sent[-1]
    assert to == phone_of(phone)
    found = re.search(r"\d{6}", text)
    assert found
    return found.group()


async def enter(
    database: Database, shop: Shop, phone: str, code: str, now: datetime, *, ip: str = "1.1.1.1"
) -> MemberSignedIn:
    return await sign_in_by_phone(
        database,
        seal,
        tenant_id=shop.tenant_id,
        phone=phone,
        code=code,
        share_code=None,
        ip=ip,
        now=now,
    )


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_code_signs_in_and_makes_a_member_once(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    first = await enter(database, shop, phone, await ask(database, shop, sms, phone, now), now)
    later = now + timedelta(minutes=2)
    again = await enter(
        database, shop, f"+86 {phone}", await ask(database, shop, sms, phone, later), later
    )
    assert (first.is_new, again.is_new) == (True, False)
    assert first.member_id == again.member_id
    assert first.token != again.token
    caller = await MemberDoor(database, clock=lambda: later).member(first.token)
    assert caller is not None
    assert (caller.tenant_id, caller.id) == (shop.tenant_id, first.member_id)


async def test_the_message_names_the_shop(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    await ask(database, shop, sms, a_phone(), now)
    assert sms.sent[0][1].startswith("【山月茶铺】验证码 ")


async def test_a_code_is_used_once(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    code = await ask(database, shop, sms, phone, now)
    await enter(database, shop, phone, code, now)
    with pytest.raises(CodeWrong):
        await enter(database, shop, phone, code, now)


async def test_of_many_with_the_same_code_one_signs_in(
    fresh_database: Database, sms: FakeSMS, now: datetime
) -> None:
    shop = await a_shop(fresh_database, now)
    phone = a_phone()
    code = await ask(fresh_database, shop, sms, phone, now)
    results = await asyncio.gather(
        *(enter(fresh_database, shop, phone, code, now) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(result, MemberSignedIn) for result in results) == 1
    assert sum(isinstance(result, CodeWrong) for result in results) == 3


async def test_a_code_lives_five_minutes(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    code = await ask(database, shop, sms, phone, now)
    with pytest.raises(CodeWrong):
        await enter(database, shop, phone, code, now + timedelta(minutes=5))
    assert await enter(database, shop, phone, code, now + timedelta(minutes=4, seconds=59))


async def test_a_new_code_replaces_the_old_one(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone, later = a_phone(), now + timedelta(seconds=61)
    old = await ask(database, shop, sms, phone, now)
    new = await ask(database, shop, sms, phone, later)
    if old != new:
        with pytest.raises(CodeWrong):
            await enter(database, shop, phone, old, later)
    assert await enter(database, shop, phone, new, later)


async def test_after_five_wrong_tries_the_right_code_is_wrong_too(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    code = await ask(database, shop, sms, phone, now)
    for _ in range(5):
        with pytest.raises(CodeWrong):
            await enter(database, shop, phone, other_than(code), now)
    with pytest.raises(CodeWrong):
        await enter(database, shop, phone, code, now)


async def test_tries_at_the_same_moment_are_all_counted(
    fresh_database: Database, sms: FakeSMS, now: datetime
) -> None:
    shop = await a_shop(fresh_database, now)
    phone = a_phone()
    code = await ask(fresh_database, shop, sms, phone, now)
    wrong = other_than(code)
    await asyncio.gather(
        *(enter(fresh_database, shop, phone, wrong, now) for _ in range(8)), return_exceptions=True
    )
    with pytest.raises(CodeWrong):
        await enter(fresh_database, shop, phone, code, now)


async def test_codes_of_one_shop_open_nothing_in_another(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    other, phone = await a_shop(database, now), a_phone()
    code = await ask(database, shop, sms, phone, now)
    with pytest.raises(CodeWrong):
        await enter(database, other, phone, code, now)


async def test_a_minute_passes_between_two_codes(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    await ask(database, shop, sms, phone, now)
    with pytest.raises(TooMany) as refused:
        await ask(database, shop, sms, phone, now + timedelta(seconds=20))
    assert refused.value.facts == {"retry_after": 40}
    await ask(database, shop, sms, phone, now + timedelta(seconds=60))


async def test_two_who_ask_at_the_same_moment_send_one_code(
    fresh_database: Database, sms: FakeSMS, now: datetime
) -> None:
    shop = await a_shop(fresh_database, now)
    phone = a_phone()
    results = await asyncio.gather(
        *(ask(fresh_database, shop, sms, phone, now) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(result, TooMany) for result in results) == 3
    assert len(sms.sent) == 1


async def test_a_number_gets_five_codes_in_an_hour(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    for minute in range(5):
        await ask(database, shop, sms, phone, now + timedelta(minutes=2 * minute))
    with pytest.raises(TooMany):
        await ask(database, shop, sms, phone, now + timedelta(minutes=12))
    assert len(sms.sent) == 5


async def test_one_address_cannot_have_codes_sent_to_everybody(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    for _ in range(60):
        await ask(database, shop, sms, a_phone(), now, ip="6.6.6.6")
    with pytest.raises(TooMany):
        await ask(database, shop, sms, a_phone(), now, ip="6.6.6.6")
    await ask(database, shop, sms, a_phone(), now, ip="7.7.7.7")


async def test_a_refused_message_is_told_and_an_unknown_one_is_not(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    sms.answer = Refused("400")
    with pytest.raises(CodeNotSent):
        await ask(database, shop, sms, a_phone(), now)
    sms.answer = Unknown("ReadTimeout")
    phone = a_phone()
    code = await ask(database, shop, sms, phone, now)
    assert await enter(database, shop, phone, code, now)


async def test_a_blocked_member_stays_out(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    member_id = await a_member(database, shop.tenant_id, now, phone=phone)

    async def block(tx: Tx) -> None:
        await tx.execute(
            "update members.members set state = 'blocked' where tenant_id = $1 and id = $2",
            tx.tenant_id,
            member_id,
        )

    await database.run(shop.tenant_id, block)
    code = await ask(database, shop, sms, phone, now)
    with pytest.raises(MemberBlocked):
        await enter(database, shop, phone, code, now)


async def test_neither_code_nor_number_is_kept_in_clear(
    database: Database, shop: Shop, sms: FakeSMS, now: datetime
) -> None:
    phone = a_phone()
    code = await ask(database, shop, sms, phone, now)
    await enter(database, shop, phone, code, now)

    async def everything(tx: Tx) -> str:
        members = await tx.fetch("select * from members.members where tenant_id = $1", tx.tenant_id)
        codes = await tx.fetch(
            "select * from members.sign_in_codes where tenant_id = $1", tx.tenant_id
        )
        return repr([dict(row) for row in (*members, *codes)])

    kept = await database.run(shop.tenant_id, everything)
    assert phone not in kept
    assert code not in kept
    assert f"'phone_tail': '{phone[-4:]}'" in kept


async def test_registering_is_announced_with_how_they_came(tx: Tx, now: datetime) -> None:
    done = await ensure_member(
        tx, seal, member_id=uuid7(now), phone=a_phone(), share_code="Ab12", now=now
    )
    announced: tuple[Event, ...] = tx.announced()
    assert announced == (
        MemberRegistered(member_id=done.member_id, channel="phone", share_code="Ab12", at=now),
    )


@pytest.mark.parametrize(
    "text", ["", "12345678901", "1390013900", "139001390011", "+1 3900139001", "一三九"]
)
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(BadPhone):
        phone_of(text)


@pytest.mark.parametrize(
    "text", ["13900139001", "+86 139-0013-9001", "0086 13900139001", "１３９００１３９００１"]
)
def test_one_number_has_many_spellings(text: str) -> None:
    assert phone_of(text) == "13900139001"
