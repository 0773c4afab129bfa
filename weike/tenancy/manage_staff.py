"""Those who manage staff add people, change what they may do, and end their sessions.

Nobody gives or takes what they do not hold themselves, and a shop never loses its last owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from weike.kernel import Database, IdTakenByOther, Record, Tx
from weike.kernel.edge import Caller
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.errors import (
    LastOwner,
    LoginTaken,
    PermissionNotHeld,
    RoleNotFound,
    StaffNotFound,
)
from weike.tenancy.model import StaffMember, StaffState, check_password, login_of
from weike.tenancy.passwords import Passwords
from weike.tenancy.permissions import OWNER


async def staff_list(tx: Tx) -> list[StaffMember]:
    """In the order they came."""
    return [_member(row) for row in await queries.all_staff(tx)]


async def staff_names(tx: Tx) -> dict[UUID, str]:
    """Who is who among the staff, those who left included."""
    return {row["id"]: row["name"] for row in await queries.all_staff(tx)}


async def add_staff(
    database: Database,
    passwords: Passwords,
    *,
    caller: Caller,
    staff_id: UUID,
    name: str,
    login: str,
    password: str,
    roles: Sequence[str],
    now: datetime,
) -> StaffMember:
    """The same id again gives the same person.

    Refuses with BadLogin, PasswordTooWeak, LoginTaken, RoleNotFound, PermissionNotHeld,
    IdTakenByOther.
    """
    login = login_of(login)
    check_password(password, login=login)
    password_hash = await passwords.hash(password)

    async def work(tx: Tx) -> StaffMember:
        earlier = await queries.staff_member(tx, staff_id)
        if earlier is not None:
            if (earlier["login"], earlier["name"]) != (login, name):
                raise IdTakenByOther(field="id")
            return _member(earlier)
        await _check_grants(tx, caller, roles)
        if not await queries.insert_login(tx, login=login, staff_id=staff_id):
            raise LoginTaken(field="login")
        await queries.insert_staff(
            tx, staff_id=staff_id, login=login, name=name, password_hash=password_hash, now=now
        )
        await queries.replace_staff_roles(tx, staff_id, roles)
        await record_audit(
            tx,
            actor=caller,
            action="staff.added",
            subject_type="staff",
            subject_id=staff_id,
            detail={"roles": sorted(roles)},
            now=now,
        )
        return await _present(tx, staff_id)

    return await database.run(caller.tenant_id, work)


async def change_staff(
    tx: Tx,
    *,
    caller: Caller,
    staff_id: UUID,
    name: str,
    roles: Sequence[str],
    state: StaffState,
    now: datetime,
) -> StaffMember:
    """A person who is disabled is signed out everywhere.

    Refuses with StaffNotFound, RoleNotFound, PermissionNotHeld, LastOwner.
    """
    # Two owners who demote each other at the same moment must not both succeed.
    await queries.lock_tenant(tx)
    before = await queries.staff_member(tx, staff_id)
    if before is None:
        raise StaffNotFound()
    _check_holds(caller, before["permissions"])
    await _check_grants(tx, caller, roles)
    stays_owner = OWNER in roles and state == "active"
    if not stays_owner and await queries.active_owners(tx, OWNER) == {staff_id}:
        raise LastOwner(field="roles" if state == "active" else "state")

    await queries.update_staff(tx, staff_id=staff_id, name=name, state=state)
    await queries.replace_staff_roles(tx, staff_id, roles)
    if state != "active":
        await queries.end_sessions_of(tx, staff_id, now=now)
    await record_audit(
        tx,
        actor=caller,
        action="staff.changed",
        subject_type="staff",
        subject_id=staff_id,
        detail={
            "roles": {"from": sorted(before["roles"]), "to": sorted(set(roles))},
            "state": {"from": before["state"], "to": state},
            "renamed": before["name"] != name,
        },
        now=now,
    )
    return await _present(tx, staff_id)


async def end_sessions(tx: Tx, *, caller: Caller, staff_id: UUID, now: datetime) -> int:
    """Signs a person out everywhere; how many sessions ended.

    Refuses with StaffNotFound, PermissionNotHeld.
    """
    person = await queries.staff_member(tx, staff_id)
    if person is None:
        raise StaffNotFound()
    _check_holds(caller, person["permissions"])
    ended = await queries.end_sessions_of(tx, staff_id, now=now)
    await record_audit(
        tx,
        actor=caller,
        action="staff.sessions_ended",
        subject_type="staff",
        subject_id=staff_id,
        detail={"sessions": ended},
        now=now,
    )
    return ended


async def _check_grants(tx: Tx, caller: Caller, roles: Sequence[str]) -> None:
    known = {row["key"]: row["permissions"] for row in await queries.roles(tx)}
    for key in roles:
        if key not in known:
            raise RoleNotFound(field="roles", role=key)
        _check_holds(caller, known[key])


def _check_holds(caller: Caller, permissions: Iterable[str]) -> None:
    missing = sorted(set(permissions) - caller.permissions)
    if missing:
        raise PermissionNotHeld(field="roles", permission=missing[0])


async def _present(tx: Tx, staff_id: UUID) -> StaffMember:
    row = await queries.staff_member(tx, staff_id)
    if row is None:
        raise StaffNotFound()
    return _member(row)


def _member(row: Record) -> StaffMember:
    return StaffMember(
        id=row["id"],
        login=row["login"],
        name=row["name"],
        state=row["state"],
        roles=list(row["roles"]),
        last_seen_at=row["last_seen_at"],
    )
