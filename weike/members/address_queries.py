"""The SQL about addresses. Every statement also names the member, so nobody reaches another's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx

_COLUMNS = (
    "id, member_id, name, phone_cipher, phone_tail, region_code, province, city, district, "
    "street, is_default"
)


async def lock_member(tx: Tx, member_id: UUID) -> None:
    """Changes of one member's addresses wait for each other."""
    await tx.execute(
        "select 1 from members.members where tenant_id = $1 and id = $2 for no key update",
        tx.tenant_id,
        member_id,
    )


async def addresses(tx: Tx, member_id: UUID) -> list[Record]:
    """The default one first, then the latest used."""
    return await tx.fetch(
        f"select {_COLUMNS} from members.addresses "  # noqa: S608 - column names of ours.
        "where tenant_id = $1 and member_id = $2 order by is_default desc, updated_at desc, id",
        tx.tenant_id,
        member_id,
    )


async def addresses_of(tx: Tx, pairs: Sequence[tuple[UUID, UUID]]) -> list[Record]:
    """Each is a member and an address; only what belongs together comes back."""
    return await tx.fetch(
        """
        select a.id, a.member_id, a.name, a.phone_cipher, a.phone_tail, a.region_code,
               a.province, a.city, a.district, a.street, a.is_default
        from unnest($2::uuid[], $3::uuid[]) as x(member_id, id)
        join members.addresses a
          on a.tenant_id = $1 and a.id = x.id and a.member_id = x.member_id
        """,
        tx.tenant_id,
        [member_id for member_id, _ in pairs],
        [address_id for _, address_id in pairs],
    )


async def clear_default(tx: Tx, member_id: UUID, *, except_id: UUID) -> None:
    await tx.execute(
        "update members.addresses set is_default = false "
        "where tenant_id = $1 and member_id = $2 and is_default and id <> $3",
        tx.tenant_id,
        member_id,
        except_id,
    )


async def put_address(
    tx: Tx,
    *,
    address_id: UUID,
    member_id: UUID,
    name: str,
    phone_cipher: bytes,
    phone_tail: str,
    region_code: str,
    place: tuple[str, str, str, str],
    is_default: bool,
    now: datetime,
) -> bool:
    """`place` is province, city, district, street. False when the id is somebody else's."""
    return bool(
        await tx.execute(
            """
            insert into members.addresses as a (tenant_id, id, member_id, name, phone_cipher,
                phone_tail, region_code, province, city, district, street, is_default, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            on conflict (tenant_id, id) do update
                set name = excluded.name, phone_cipher = excluded.phone_cipher,
                    phone_tail = excluded.phone_tail, region_code = excluded.region_code,
                    province = excluded.province, city = excluded.city,
                    district = excluded.district, street = excluded.street,
                    is_default = excluded.is_default, updated_at = excluded.updated_at
                where a.member_id = excluded.member_id
            """,
            tx.tenant_id,
            address_id,
            member_id,
            name,
            phone_cipher,
            phone_tail,
            region_code,
            *place,
            is_default,
            now,
        )
    )


async def delete_address(tx: Tx, *, member_id: UUID, address_id: UUID) -> bool:
    return bool(
        await tx.execute(
            "delete from members.addresses where tenant_id = $1 and member_id = $2 and id = $3",
            tx.tenant_id,
            member_id,
            address_id,
        )
    )


async def default_latest(tx: Tx, member_id: UUID) -> None:
    """When no address is the default one, the latest used becomes it."""
    await tx.execute(
        """
        update members.addresses a set is_default = true
        where a.tenant_id = $1 and a.member_id = $2 and a.id = (
            select l.id from members.addresses l
            where l.tenant_id = $1 and l.member_id = $2
            order by l.is_default desc, l.updated_at desc, l.id limit 1)
        """,
        tx.tenant_id,
        member_id,
    )
