"""A member's addresses: kept, changed, removed by nobody but the member; read by the trade.

There is always one default address while there is any.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.members import address_queries
from weike.members.errors import AddressNotFound, TooManyAddresses
from weike.members.model import ADDRESSES_LIMIT, Address, AddressSnapshot, phone_of, tail_of
from weike.members.regions import check_region
from weike.members.sealing import PhoneSeal


class KeptAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address as its member sees it."""

    id: UUID
    name: str
    phone: str
    province: str
    city: str
    district: str
    street: str
    region_code: str
    is_default: bool


class MaskedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address as the merchant's staff see it outside of an order."""

    id: UUID
    name: str
    phone_tail: str
    province: str
    city: str
    district: str
    is_default: bool


async def my_addresses(tx: Tx, seal: PhoneSeal, *, member_id: UUID) -> list[KeptAddress]:
    """The default one first, then the latest used."""
    return [_kept(tx, seal, row) for row in await address_queries.addresses(tx, member_id)]


async def masked_addresses(tx: Tx, *, member_id: UUID) -> list[MaskedAddress]:
    return [
        MaskedAddress(
            id=row["id"],
            name=f"{row['name'][:1]}**",
            phone_tail=row["phone_tail"],
            province=row["province"],
            city=row["city"],
            district=row["district"],
            is_default=row["is_default"],
        )
        for row in await address_queries.addresses(tx, member_id)
    ]


async def put_address(
    tx: Tx,
    seal: PhoneSeal,
    *,
    member_id: UUID,
    address_id: UUID,
    address: Address,
    is_default: bool,
    now: datetime,
) -> KeptAddress:
    """Makes the address or replaces it.

    Refuses with BadPhone, RegionDoesNotFit, TooManyAddresses, and with AddressNotFound for
    somebody else's id.
    """
    phone = phone_of(address.phone)
    check_region(address.region_code, address.province)
    await address_queries.lock_member(tx, member_id)
    known = {row["id"]: row for row in await address_queries.addresses(tx, member_id)}
    others = [row for row in known.values() if row["id"] != address_id]
    if len(others) >= ADDRESSES_LIMIT:
        raise TooManyAddresses(limit=ADDRESSES_LIMIT)
    # The only address is the default one, and the default one stays so until another one is.
    is_default = is_default or not any(row["is_default"] for row in others)
    if is_default:
        await address_queries.clear_default(tx, member_id, except_id=address_id)
    written = await address_queries.put_address(
        tx,
        address_id=address_id,
        member_id=member_id,
        name=address.name,
        phone_cipher=seal.seal(tx.tenant_id, phone),
        phone_tail=tail_of(phone),
        region_code=address.region_code,
        place=(address.province, address.city, address.district, address.street),
        is_default=is_default,
        now=now,
    )
    if not written:
        raise AddressNotFound()
    fields = {**msgspec.structs.asdict(address), "phone": phone}
    return KeptAddress(id=address_id, is_default=is_default, **fields)


async def remove_address(tx: Tx, *, member_id: UUID, address_id: UUID) -> None:
    """Orders keep their own copy. Refuses with AddressNotFound."""
    await address_queries.lock_member(tx, member_id)
    removed = await address_queries.delete_address(tx, member_id=member_id, address_id=address_id)
    if not removed:
        raise AddressNotFound()
    await address_queries.default_latest(tx, member_id)


async def addresses_of(
    tx: Tx, pairs: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], AddressSnapshot]:
    """One statement for many asks, each a member and an address.

    The answer is by the same pair: by the address alone, one ask could be answered with what
    another ask of the same batch may see. A pair that does not belong together is missing.
    """
    return {
        (row["member_id"], row["id"]): _snapshot(row)
        for row in await address_queries.addresses_of(tx, pairs)
    }


async def address_of(tx: Tx, *, member_id: UUID, address_id: UUID) -> AddressSnapshot:
    """Refuses with AddressNotFound, also for somebody else's."""
    found = (await addresses_of(tx, [(member_id, address_id)])).get((member_id, address_id))
    if found is None:
        raise AddressNotFound(field="address_id")
    return found


def _snapshot(row: Record) -> AddressSnapshot:
    return AddressSnapshot(
        name=row["name"],
        phone_cipher=base64.b64encode(row["phone_cipher"]).decode(),
        phone_tail=row["phone_tail"],
        region_code=row["region_code"],
        province=row["province"],
        city=row["city"],
        district=row["district"],
        street=row["street"],
    )


def _kept(tx: Tx, seal: PhoneSeal, row: Record) -> KeptAddress:
    return KeptAddress(
        id=row["id"],
        name=row["name"],
        phone=seal.reveal(tx.tenant_id, row["phone_cipher"]),
        province=row["province"],
        city=row["city"],
        district=row["district"],
        street=row["street"],
        region_code=row["region_code"],
        is_default=row["is_default"],
    )
