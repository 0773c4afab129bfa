"""The routes of members behind their own doors, spoken to over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx

from tests.members.builders import seal, wechat_setup
from tests.tenancy.web import Hands
from tests.web import web_client
from weike.kernel import Database
from weike.kernel.edge import Caller
from weike.members import MemberDoor, MemberFigures, NoFigures, WeChatSignIn
from weike.members.routes import ROUTES
from weike.members.sms import FakeSMS
from weike.members.wechat import FakeWeChat
from weike.tenancy import TenancyDoors


class AllDoors(TenancyDoors):
    def __init__(self, database: Database, *, clock: Hands, members: MemberDoor) -> None:
        super().__init__(database, clock=clock)
        self._members = members

    async def member(self, token: str) -> Caller | None:
        return await self._members.member(token)


@dataclass
class World:
    """What is outside: phones, WeChat, the contexts above."""

    sms: FakeSMS = field(default_factory=FakeSMS)
    figures: MemberFigures = field(default_factory=NoFigures)
    wechat: FakeWeChat = field(init=False)
    setup: WeChatSignIn = field(init=False)

    def __post_init__(self) -> None:
        self.setup, self.wechat = wechat_setup()


def shop_client(database: Database, clock: Hands, world: World) -> httpx.AsyncClient:
    members = MemberDoor(database, clock=clock)
    return web_client(
        ROUTES,
        database,
        AllDoors(database, clock=clock, members=members),
        dependencies={
            "phone_seal": seal,
            "sms": world.sms,
            "wechat_sign_in": world.setup,
            "member_door": members,
            "member_figures": world.figures,
        },
        clock=clock,
    )
