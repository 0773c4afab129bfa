"""Roles: named sets of permissions that a shop makes and changes for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from weike.kernel import Tx
from weike.kernel.edge import Caller
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.errors import PermissionNotHeld, RoleIsFixed, UnknownPermission
from weike.tenancy.model import Role
from weike.tenancy.permissions import OWNER, PERMISSIONS, unknown_permissions

_AFTER_PRESETS = 100


async def role_list(tx: Tx) -> list[Role]:
    return [
        Role(key=row["key"], name=row["name"], permissions=list(row["permissions"]))
        for row in await queries.roles(tx)
    ]


async def put_role(
    tx: Tx,
    *,
    caller: Caller,
    key: str,
    name: str,
    permissions: Sequence[str],
    now: datetime,
) -> Role:
    """Makes the role or replaces it; those who have it may do so from their next call on.

    Refuses with RoleIsFixed, UnknownPermission, PermissionNotHeld.
    """
    if key == OWNER:
        raise RoleIsFixed(field="key")
    asked = frozenset(permissions)
    if unknown := unknown_permissions(asked):
        raise UnknownPermission(field="permissions", permission=min(unknown))
    # Roles are changed one at a time, so that what is compared here is what is replaced.
    await queries.lock_tenant(tx)
    before = {row["key"]: frozenset(row["permissions"]) for row in await queries.roles(tx)}
    touched = asked ^ before.get(key, frozenset())
    if missing := touched - caller.permissions:
        raise PermissionNotHeld(field="permissions", permission=min(missing))
    kept = [permission for permission in PERMISSIONS if permission in asked]
    await queries.upsert_roles(tx, [(key, name, kept)], first_position=_AFTER_PRESETS)
    await record_audit(
        tx,
        actor=caller,
        action="role.changed" if key in before else "role.added",
        subject_type="role",
        subject_id=key,
        detail={
            "given": sorted(asked - before.get(key, frozenset())),
            "taken": sorted(before.get(key, frozenset()) - asked),
        },
        now=now,
    )
    return Role(key=key, name=name, permissions=kept)
