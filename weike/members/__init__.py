"""Members: the buyers of a shop, how they prove who they are, where their parcels go.

Identity comes only from a proof: a code sent to the phone, or WeChat's own answer. Phone numbers
are sealed at rest and found by a keyed hash; others see a nickname and the last four digits. What
trade and distribution know about a member is asked through `MemberFigures`.
"""

from weike.kernel.sealing import TenantBox
from weike.members.addresses import address_of, addresses_of, put_address
from weike.members.building import CALL_SECONDS, MembersKit, build
from weike.members.consent.consents import consenting, set_consent
from weike.members.ensure_member import Ensured, ensure_member, ensure_wechat_member
from weike.members.errors import AddressNotFound, MemberNotFound
from weike.members.events import MemberDeleted, MemberRegistered, ProfilingChanged
from weike.members.levels.growth import GrowthOf, add_growth
from weike.members.levels.model import Level, LevelSettings, member_price
from weike.members.levels.put_levels import put_levels
from weike.members.levels.queries import settings as level_settings
from weike.members.levels.reading import levels_of
from weike.members.member_list import members_named
from weike.members.model import (
    Address,
    AddressSnapshot,
    MemberCard,
    masked_address,
    masked_nickname,
)
from weike.members.ports import (
    SMS,
    Figures,
    LastOrder,
    MemberFigures,
    NoFigures,
    RelationSpan,
    Story,
    WeChat,
    WeChatPerson,
)
from weike.members.profile import (
    member_cards,
    must_be_member,
    registered_at,
    wechat_open_id,
    wechat_open_ids,
)
from weike.members.sealing import PhoneSeal
from weike.members.sessions import MemberDoor, open_member_session
from weike.members.sign_in_by_wechat import WeChatSignIn
from weike.members.tags.keep_tags import put_tag, tag_members
from weike.members.tags.model import TagRule
from weike.members.tags.ports import BuyersPort
from weike.members.wechat_apps import put_wechat_app, wechat_app_secret, wechat_login

__all__ = [
    "CALL_SECONDS",
    "SMS",
    "Address",
    "AddressNotFound",
    "AddressSnapshot",
    "BuyersPort",
    "Ensured",
    "Figures",
    "GrowthOf",
    "LastOrder",
    "Level",
    "LevelSettings",
    "MemberCard",
    "MemberDeleted",
    "MemberDoor",
    "MemberFigures",
    "MemberNotFound",
    "MemberRegistered",
    "MembersKit",
    "NoFigures",
    "PhoneSeal",
    "ProfilingChanged",
    "RelationSpan",
    "Story",
    "TagRule",
    "TenantBox",
    "WeChat",
    "WeChatPerson",
    "WeChatSignIn",
    "add_growth",
    "address_of",
    "addresses_of",
    "build",
    "consenting",
    "ensure_member",
    "ensure_wechat_member",
    "level_settings",
    "levels_of",
    "masked_address",
    "masked_nickname",
    "member_cards",
    "member_price",
    "members_named",
    "must_be_member",
    "open_member_session",
    "put_address",
    "put_levels",
    "put_tag",
    "put_wechat_app",
    "registered_at",
    "set_consent",
    "tag_members",
    "wechat_app_secret",
    "wechat_login",
    "wechat_open_id",
    "wechat_open_ids",
]
