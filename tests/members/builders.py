"""Members for tests, made by the deeds the product uses."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from weike.kernel import Database, TenantId, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.members import Address, PhoneSeal, TenantBox, WeChatPerson, WeChatSignIn, ensure_member
from weike.members.wechat import FakeWeChat

SECRET = "a secret of the tests"
seal = PhoneSeal(SECRET)


def a_phone() -> str:
    return f"139{secrets.randbelow(10**8):08d}"


async def a_member(
    database: Database, tenant_id: TenantId, now: datetime, *, phone: str = "", nickname: str = ""
) -> UUID:
    """Committed."""
    done = await database.run(
        tenant_id,
        lambda tx: ensure_member(
            tx,
            seal,
            member_id=uuid7(now),
            phone=phone or a_phone(),
            nickname=nickname or None,
            now=now,
        ),
    )
    return done.member_id


def member_caller(tenant_id: TenantId, member_id: UUID) -> Caller:
    return Caller(CallerKind.MEMBER, tenant_id, id=member_id)


def an_address(**changes: str) -> Address:
    values = {
        "name": "陈晓棠",
        "phone": "13800138000",
        "region_code": "330106",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "street": "龙井路 1 号",
    }
    return Address(**{**values, **changes})


def wechat_setup(**people: WeChatPerson) -> tuple[WeChatSignIn, FakeWeChat]:
    """Codes and the people they stand for."""
    fake = FakeWeChat(people)
    setup = WeChatSignIn(fake, TenantBox(SECRET, "wechat app"), ("https://shop.example",))
    return setup, fake
