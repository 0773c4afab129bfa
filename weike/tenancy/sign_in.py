"""Staff sign in with a login and a password, and change the password.

An unknown login, a wrong password and a disabled person are one answer, reached by the same steps:
count the try, look the login up, read a person, check a hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.kernel.edge import Caller, CallerKind
from weike.tenancy import queries
from weike.tenancy.audit import record_audit
from weike.tenancy.errors import SignInRefused, WrongPassword
from weike.tenancy.limits import PLATFORM, Limit, count_attempt, forget_attempts
from weike.tenancy.model import check_password, login_or_none
from weike.tenancy.passwords import Passwords
from weike.tenancy.sessions import open_staff_session

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    token: str
    staff_id: UUID
    slug: str


def limits_of_login(login: str, ip: str) -> tuple[Limit, ...]:
    """Tight for one address, wider over all: a stranger elsewhere cannot lock an owner out fast."""
    return (
        Limit("sign-in login ip", f"{login}\0{ip}", 8, timedelta(minutes=15)),
        Limit("sign-in login", login, 60, timedelta(hours=1)),
        Limit("sign-in ip", ip, 100, timedelta(minutes=15)),
    )


async def sign_in(
    database: Database,
    passwords: Passwords,
    *,
    login: str,
    password: str,
    ip: str,
    agent: str,
    now: datetime,
) -> SignedIn:
    """Refuses with SignInRefused, TooMany."""
    name = login_or_none(login) or ""
    limits = limits_of_login(name, ip)
    await count_attempt(database, PLATFORM, limits, now=now)
    found = await queries.login_by_name(database, name)
    tenant_id = TenantId(found["tenant_id"]) if found else PLATFORM
    staff_id = found["staff_id"] if found else _NOBODY
    person = await database.run(tenant_id, lambda tx: queries.staff_member(tx, staff_id))
    kept = person["password_hash"] if person and person["state"] == "active" else None
    if not await passwords.matches(kept, password) or kept is None:
        raise SignInRefused()

    fresh = await passwords.hash(password) if passwords.is_outdated(kept) else None

    async def enter(tx: Tx) -> SignedIn:
        shop = await queries.tenant(tx)
        if shop is None or shop["state"] != "active":
            raise SignInRefused()
        # The hash was checked before this transaction; what happened meanwhile counts.
        if not await queries.let_in(tx, staff_id=staff_id, known_hash=kept, now=now):
            raise SignInRefused()
        if fresh is not None:
            await queries.update_password(
                tx, staff_id=staff_id, password_hash=fresh, known_hash=kept
            )
        token = await open_staff_session(tx, staff_id=staff_id, ip=ip, agent=agent, now=now)
        await record_audit(
            tx,
            actor=Caller(kind=CallerKind.STAFF, tenant_id=tenant_id, id=staff_id),
            action="staff.signed_in",
            subject_type="staff",
            subject_id=staff_id,
            detail={},
            now=now,
        )
        return SignedIn(token=token, staff_id=staff_id, slug=shop["slug"])

    entered = await database.run(tenant_id, enter)
    # Only the counters of this login: an address that guesses many logins stays counted.
    await forget_attempts(database, PLATFORM, limits[:2])
    return entered


async def change_password(
    database: Database,
    passwords: Passwords,
    *,
    caller: Caller,
    current: str,
    password: str,
    ip: str,
    now: datetime,
) -> None:
    """Ends all other sessions of this person. Refuses with WrongPassword, PasswordTooWeak."""
    staff_id = caller.staff_id
    person = await database.run(caller.tenant_id, lambda tx: queries.staff_member(tx, staff_id))
    if person is None:
        raise WrongPassword(field="current")
    await count_attempt(database, PLATFORM, limits_of_login(person["login"], ip), now=now)
    if not await passwords.matches(person["password_hash"], current):
        raise WrongPassword(field="current")
    check_password(password, login=person["login"])
    fresh = await passwords.hash(password)

    async def change(tx: Tx) -> None:
        if not await queries.update_password(
            tx, staff_id=staff_id, password_hash=fresh, known_hash=person["password_hash"]
        ):
            raise WrongPassword(field="current")
        await queries.end_sessions_of(tx, staff_id, now=now, except_session=caller.session_id)
        await record_audit(
            tx,
            actor=caller,
            action="staff.password_changed",
            subject_type="staff",
            subject_id=staff_id,
            detail={},
            now=now,
        )

    await database.run(caller.tenant_id, change)
