"""Everything members needs of the installation, built once by entry from its settings."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from weike.kernel import Clock, Database
from weike.kernel.sealing import TenantBox
from weike.members.ports import SMS
from weike.members.sealing import PhoneSeal
from weike.members.sessions import MemberDoor
from weike.members.sign_in_by_wechat import WeChatSignIn
from weike.members.sms import HTTPSMS
from weike.members.wechat import HTTPWeChat

CALL_SECONDS = 5.0
"""A person waits for these calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersKit:
    """Dependencies of the routes, by the names they are asked for."""

    phone_seal: PhoneSeal
    sms: SMS
    wechat_sign_in: WeChatSignIn
    member_door: MemberDoor


def build(
    database: Database,
    *,
    clock: Clock,
    http: httpx.AsyncClient,
    sealing_secret: str,
    sms_url: str,
    wechat_api_url: str,
    wechat_open_url: str,
    public_origins: tuple[str, ...],
) -> MembersKit:
    """`sealing_secret` must be the same for ever: without it no phone number can be read again."""
    return MembersKit(
        phone_seal=PhoneSeal(sealing_secret),
        sms=HTTPSMS(http, url=sms_url),
        wechat_sign_in=WeChatSignIn(
            HTTPWeChat(http, api_url=wechat_api_url, open_url=wechat_open_url),
            TenantBox(sealing_secret, "wechat app"),
            public_origins,
        ),
        member_door=MemberDoor(database, clock=clock),
    )
