"""Members about themselves: profile and addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from weike.kernel import Database
from weike.kernel.edge import MEMBER, Caller
from weike.members import addresses, profile
from weike.members.addresses import KeptAddress
from weike.members.model import NICKNAME_LENGTH, Address
from weike.members.ports import MemberFigures
from weike.members.profile import Profile
from weike.members.sealing import PhoneSeal

Words = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^\S(.*\S)?$")]


class ProfileInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays."""

    nickname: Annotated[str, Meta(min_length=1, max_length=NICKNAME_LENGTH)] | None = None
    profiling_allowed: bool | None = None


class AddressInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` may be sent back as it was read; the address names the same one."""

    id: UUID | None = None
    name: Words
    phone: Annotated[str, Meta(min_length=1, max_length=30)]
    province: Words
    city: Words
    district: Annotated[str, Meta(max_length=40)] = ""
    street: Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
    region_code: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    is_default: bool = False


class AddressList(msgspec.Struct, kw_only=True):
    items: list[KeptAddress]


@get("/api/shop/me", opt=MEMBER, operation_id="my_profile", tags=["shop"])
async def read_me(caller: Caller, database: Database, member_figures: MemberFigures) -> Profile:
    return await database.run(
        caller.tenant_id,
        lambda tx: profile.my_profile(tx, member_figures, member_id=caller.member_id),
    )


@put("/api/shop/me", opt=MEMBER, operation_id="change_my_profile", tags=["shop"])
async def change_me(
    caller: Caller,
    database: Database,
    member_figures: MemberFigures,
    data: ProfileInput,
    now: datetime,
) -> Profile:
    """The nickname, and whether visits may be evaluated for recommendations."""
    return await database.run(
        caller.tenant_id,
        lambda tx: profile.change_profile(
            tx,
            member_figures,
            member_id=caller.member_id,
            nickname=data.nickname,
            profiling_allowed=data.profiling_allowed,
            now=now,
        ),
    )


@get("/api/shop/addresses", opt=MEMBER, operation_id="my_addresses", tags=["shop"])
async def list_addresses(caller: Caller, database: Database, phone_seal: PhoneSeal) -> AddressList:
    """The default one first."""
    items = await database.run(
        caller.tenant_id,
        lambda tx: addresses.my_addresses(tx, phone_seal, member_id=caller.member_id),
    )
    return AddressList(items=items)


@put(
    "/api/shop/addresses/{address_id:uuid}",
    opt=MEMBER,
    operation_id="put_address",
    tags=["shop"],
)
async def put_address(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    address_id: UUID,
    data: AddressInput,
    now: datetime,
) -> KeptAddress:
    """Makes the address or replaces it."""
    address = Address(
        name=data.name,
        phone=data.phone,
        region_code=data.region_code,
        province=data.province,
        city=data.city,
        district=data.district,
        street=data.street,
    )
    return await database.run(
        caller.tenant_id,
        lambda tx: addresses.put_address(
            tx,
            phone_seal,
            member_id=caller.member_id,
            address_id=address_id,
            address=address,
            is_default=data.is_default,
            now=now,
        ),
    )


@delete(
    "/api/shop/addresses/{address_id:uuid}",
    opt=MEMBER,
    operation_id="remove_address",
    tags=["shop"],
)
async def remove_address(caller: Caller, database: Database, address_id: UUID) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: addresses.remove_address(tx, member_id=caller.member_id, address_id=address_id),
    )


ME_ROUTES: tuple[HTTPRouteHandler, ...] = (
    read_me,
    change_me,
    list_addresses,
    put_address,
    remove_address,
)
