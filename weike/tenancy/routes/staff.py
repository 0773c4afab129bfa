"""Staff and roles, for those who manage them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter
from msgspec import Meta

from weike.kernel import Database
from weike.kernel.edge import Caller, staff
from weike.tenancy import manage_roles, manage_staff
from weike.tenancy.model import Role, StaffMember, StaffState
from weike.tenancy.passwords import Passwords
from weike.tenancy.permissions import PERMISSIONS
from weike.tenancy.routes.sign_in import Login, Name, Password
from weike.tenancy.wording import permission_name

ROLE_KEY = "^[a-z][a-z0-9_]{1,31}$"
RoleKey = Annotated[str, Meta(pattern=ROLE_KEY)]
Roles = Annotated[list[RoleKey], Meta(min_length=1, max_length=20)]


class StaffList(msgspec.Struct, kw_only=True):
    items: list[StaffMember]


class AddStaffInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    name: Name
    login: Login
    password: Password
    roles: Roles


class ChangeStaffInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    roles: Roles
    state: StaffState


class SessionsEnded(msgspec.Struct, kw_only=True):
    ended: int


class PermissionName(msgspec.Struct, kw_only=True):
    key: str
    name: str


class RoleList(msgspec.Struct, kw_only=True):
    """`permissions` is everything a role can grant, named in the reader's language."""

    items: list[Role]
    permissions: list[PermissionName]


class RoleInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    permissions: Annotated[list[str], Meta(max_length=100)]


@get("/api/console/staff", opt=staff("staff.read"), operation_id="list_staff", tags=["console"])
async def list_staff(caller: Caller, database: Database) -> StaffList:
    return StaffList(items=await database.run(caller.tenant_id, manage_staff.staff_list))


@post("/api/console/staff", opt=staff("staff.write"), operation_id="add_staff", tags=["console"])
async def add_staff(
    caller: Caller, database: Database, passwords: Passwords, data: AddStaffInput, now: datetime
) -> StaffMember:
    """The id is the asker's; asked again, the same person comes back."""
    return await manage_staff.add_staff(
        database,
        passwords,
        caller=caller,
        staff_id=data.id,
        name=data.name,
        login=data.login,
        password=data.password,
        roles=data.roles,
        now=now,
    )


@put(
    "/api/console/staff/{staff_id:uuid}",
    opt=staff("staff.write"),
    operation_id="change_staff",
    tags=["console"],
)
async def change_staff(
    caller: Caller, database: Database, staff_id: UUID, data: ChangeStaffInput, now: datetime
) -> StaffMember:
    """Name, roles and state; a disabled person is signed out everywhere."""
    return await database.run(
        caller.tenant_id,
        lambda tx: manage_staff.change_staff(
            tx,
            caller=caller,
            staff_id=staff_id,
            name=data.name,
            roles=data.roles,
            state=data.state,
            now=now,
        ),
    )


@post(
    "/api/console/staff/{staff_id:uuid}/end-sessions",
    opt=staff("staff.write"),
    operation_id="end_staff_sessions",
    tags=["console"],
    status_code=200,
)
async def end_staff_sessions(
    caller: Caller, database: Database, staff_id: UUID, now: datetime
) -> SessionsEnded:
    """Signs a person out everywhere."""
    ended = await database.run(
        caller.tenant_id,
        lambda tx: manage_staff.end_sessions(tx, caller=caller, staff_id=staff_id, now=now),
    )
    return SessionsEnded(ended=ended)


@get("/api/console/roles", opt=staff("staff.read"), operation_id="list_roles", tags=["console"])
async def list_roles(caller: Caller, database: Database, language: str) -> RoleList:
    return RoleList(
        items=await database.run(caller.tenant_id, manage_roles.role_list),
        permissions=[
            PermissionName(key=key, name=permission_name(key, language)) for key in PERMISSIONS
        ],
    )


@put(
    "/api/console/roles/{key:str}",
    opt=staff("staff.write"),
    operation_id="put_role",
    tags=["console"],
)
async def put_role(
    caller: Caller,
    database: Database,
    key: Annotated[str, PathParameter(pattern=ROLE_KEY)],
    data: RoleInput,
    now: datetime,
) -> Role:
    """Makes the role or replaces it."""
    return await database.run(
        caller.tenant_id,
        lambda tx: manage_roles.put_role(
            tx,
            caller=caller,
            key=key,
            name=data.name,
            permissions=data.permissions,
            now=now,
        ),
    )


STAFF_ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_staff,
    add_staff,
    change_staff,
    end_staff_sessions,
    list_roles,
    put_role,
)
