"""Nobody gives what they do not hold, and a shop always keeps an owner who can sign in."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from tests.tenancy.builders import Shop, a_colleague, a_shop
from weike.kernel import Database
from weike.kernel.edge import Caller
from weike.tenancy.errors import LastOwner, PermissionNotHeld, RoleNotFound
from weike.tenancy.manage_roles import put_role
from weike.tenancy.manage_staff import change_staff, end_sessions
from weike.tenancy.model import StaffMember, StaffState


@pytest.fixture
async def shop(database: Database, now: datetime) -> Shop:
    return await a_shop(database, now)


async def a_staff_manager(database: Database, shop: Shop, now: datetime) -> Caller:
    """May manage staff, and nothing else."""
    await database.run(
        shop.tenant_id,
        lambda tx: put_role(
            tx,
            caller=shop.owner,
            key="people",
            name="人事",
            permissions=["staff.read", "staff.write"],
            now=now,
        ),
    )
    return await a_colleague(database, shop, now, roles=("people",))


async def change(
    database: Database,
    caller: Caller,
    target: Caller,
    now: datetime,
    *,
    roles: tuple[str, ...],
    state: StaffState = "active",
) -> StaffMember:
    return await database.run(
        caller.tenant_id,
        lambda tx: change_staff(
            tx,
            caller=caller,
            staff_id=target.staff_id,
            name="新名字",
            roles=roles,
            state=state,
            now=now,
        ),
    )


async def test_a_manager_cannot_make_themselves_owner(
    database: Database, shop: Shop, now: datetime
) -> None:
    manager = await a_staff_manager(database, shop, now)
    with pytest.raises(PermissionNotHeld):
        await change(database, manager, manager, now, roles=("people", "owner"))


async def test_a_manager_cannot_touch_whoever_may_do_more(
    database: Database, shop: Shop, now: datetime
) -> None:
    manager = await a_staff_manager(database, shop, now)
    with pytest.raises(PermissionNotHeld):
        await change(database, manager, shop.owner, now, roles=("people",))
    with pytest.raises(PermissionNotHeld):
        await database.run(
            shop.tenant_id,
            lambda tx: end_sessions(tx, caller=manager, staff_id=shop.owner.staff_id, now=now),
        )


async def test_a_manager_cannot_widen_a_role(database: Database, shop: Shop, now: datetime) -> None:
    manager = await a_staff_manager(database, shop, now)
    with pytest.raises(PermissionNotHeld):
        await database.run(
            shop.tenant_id,
            lambda tx: put_role(
                tx,
                caller=manager,
                key="people",
                name="人事",
                permissions=["staff.read", "staff.write", "orders.refund"],
                now=now,
            ),
        )


async def test_a_manager_cannot_take_what_they_do_not_hold_from_a_role(
    database: Database, shop: Shop, now: datetime
) -> None:
    manager = await a_staff_manager(database, shop, now)
    with pytest.raises(PermissionNotHeld):
        await database.run(
            shop.tenant_id,
            lambda tx: put_role(
                tx, caller=manager, key="finance", name="财务", permissions=[], now=now
            ),
        )


async def test_an_unknown_role_is_refused(database: Database, shop: Shop, now: datetime) -> None:
    colleague = await a_colleague(database, shop, now, roles=("operator",))
    with pytest.raises(RoleNotFound):
        await change(database, shop.owner, colleague, now, roles=("pirate",))


@pytest.mark.parametrize(("roles", "state"), [(("operator",), "active"), (("owner",), "disabled")])
async def test_the_last_owner_stays(
    database: Database,
    shop: Shop,
    now: datetime,
    roles: tuple[str, ...],
    state: StaffState,
) -> None:
    with pytest.raises(LastOwner):
        await change(database, shop.owner, shop.owner, now, roles=roles, state=state)


async def test_two_owners_who_demote_each_other_leave_one(
    fresh_database: Database, now: datetime
) -> None:
    shop = await a_shop(fresh_database, now)
    other = await a_colleague(fresh_database, shop, now, roles=("owner",))
    results = await asyncio.gather(
        change(fresh_database, shop.owner, other, now, roles=("operator",)),
        change(fresh_database, other, shop.owner, now, roles=("operator",)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, LastOwner) for result in results) == 1
    assert sum(isinstance(result, StaffMember) for result in results) == 1
