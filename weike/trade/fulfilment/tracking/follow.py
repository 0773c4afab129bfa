"""Follow parcels: ask to be told, take what is told, ask when it is silent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike import tenancy
from weike.kernel import Database, NotFound, TenantId, Tx, Unavailable, derived_id
from weike.kernel.edge import Caller
from weike.kernel.sealing import TenantBox, TenantHash
from weike.trade.couriers import KNOWN
from weike.trade.errors import TrackingNotSetUp
from weike.trade.events import ParcelCorrected, ParcelSent
from weike.trade.fulfilment import queries as parcel_queries
from weike.trade.fulfilment.tracking import queries
from weike.trade.fulfilment.tracking.kuaidi100 import read_push
from weike.trade.fulfilment.tracking.ports import (
    Account,
    Journey,
    Ok,
    Refused,
    Tracked,
    TrackingService,
    Unknown,
)
from weike.trade.fulfilment.tracking.queries import Wish

SILENT = timedelta(hours=12)
"""When nothing was told for so long, we ask; asking costs the merchant money."""
_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Follower:
    """What following needs of the installation; one per process."""

    service: TrackingService
    accounts: TenantBox
    salts: TenantHash
    public_url: str

    def callback_url(self, tenant_id: TenantId, wish_id: UUID) -> str:
        return f"{self.public_url}/hooks/express/{tenant_id}/{wish_id}"

    def salt(self, tenant_id: TenantId, wish_id: UUID) -> str:
        """Derived, so that none has to be kept."""
        return self.salts.of(tenant_id, str(wish_id)).hex()[:32]


class TrackingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The key is written and never read back."""

    customer: str
    is_on: bool


async def tracking_settings(tx: Tx) -> TrackingSettings | None:
    row = await queries.account(tx)
    return TrackingSettings(customer=row["customer"], is_on=row["is_on"]) if row else None


async def set_up_tracking(
    tx: Tx,
    follower: Follower,
    *,
    customer: str,
    key: str | None,
    is_on: bool,
    actor: Caller | str,
    now: datetime,
) -> None:
    """Without a key the known one stays. Refuses with TrackingNotSetUp."""
    known = await queries.account(tx)
    if key is not None:
        key_cipher = follower.accounts.seal(tx.tenant_id, key)
    elif known is not None:
        key_cipher = known["key_cipher"]
    else:
        raise TrackingNotSetUp(field="key")
    await queries.put_account(tx, customer=customer, key_cipher=key_cipher, is_on=is_on, now=now)
    await tenancy.record_audit(
        tx,
        actor=actor,
        action="tracking.set_up",
        subject_type="tracking",
        subject_id="kuaidi100",
        detail={"customer": customer, "is_on": is_on, "new_key": key is not None},
        now=now,
    )


async def ask_to_be_told(
    follower: Follower,
    database: Database,
    tenant_id: TenantId,
    event: ParcelSent | ParcelCorrected,
    now: datetime,
) -> None:
    """An errand: what nobody knows the outcome of is asked again."""

    async def wish(tx: Tx) -> tuple[Wish, Account, Tracked] | None:
        asked = await _asked_for(tx, follower, event.parcel_id)
        if asked is None:
            return None
        account, parcel, courier = asked
        made = await queries.insert_wish(
            tx,
            derived_id(event.parcel_id, f"trade.tracking:{courier}:{parcel.tracking_no}"),
            parcel_id=event.parcel_id,
            courier=courier,
            tracking_no=parcel.tracking_no,
            now=now,
        )
        return None if made.state in ("following", "ended") else (made, account, parcel)

    wanted = await database.run(tenant_id, wish)
    if wanted is None:
        return
    made, account, parcel = wanted
    told = await follower.service.subscribe(
        account,
        parcel,
        callback_url=follower.callback_url(tenant_id, made.id),
        salt=follower.salt(tenant_id, made.id),
    )
    match told:
        case Ok():
            state, code = "following", None
        case Refused(refused, _):
            state, code = "refused", refused
        case Unknown(reason):
            state, code = "unknown", reason[:60]
    # Who is not told may still ask: a refused number may only be too fresh.
    await database.run(
        tenant_id,
        lambda tx: queries.move_wish(
            tx, made.id, state=state, last_code=code, query_at=now + SILENT
        ),
    )
    if isinstance(told, Unknown):
        raise Unavailable()


async def _asked_for(
    tx: Tx, follower: Follower, parcel_id: UUID
) -> tuple[Account, Tracked, str] | None:
    """None where nobody can be asked: no account, no courier, or the merchant's own people."""
    parcel = await parcel_queries.parcel_by_id(tx, parcel_id)
    row = await queries.account(tx)
    if parcel is None or parcel.kind != "express" or row is None or not row["is_on"]:
        return None
    courier = KNOWN.get(parcel.courier)
    if courier is None or not courier.kuaidi100:
        return None
    address = (await parcel_queries.delivery_of(tx, parcel.order_id))["address"]
    account = Account(row["customer"], follower.accounts.open(tx.tenant_id, row["key_cipher"]))
    tracked = Tracked(
        company=courier.kuaidi100,
        tracking_no=parcel.tracking_no,
        phone_tail=address.get("phone_tail", ""),
    )
    return account, tracked, parcel.courier


async def take_push(
    tx: Tx, follower: Follower, *, wish_id: UUID, param: str, sign: str, now: datetime
) -> None:
    """Refuses with NotFound; raises BadPush for what is not the service's word."""
    wish = await queries.wish_by_id(tx, wish_id)
    if wish is None:
        raise NotFound()
    journey = read_push(param=param, sign=sign, salt=follower.salt(tx.tenant_id, wish_id))
    if journey is not None and journey.tracking_no == wish.tracking_no:
        await _take(tx, wish, journey, now=now)
    elif journey is None:
        await queries.move_wish(tx, wish.id, state="ended", last_code="abort", heard_at=now)


async def _take(tx: Tx, wish: Wish, journey: Journey, *, now: datetime) -> None:
    await queries.insert_steps(tx, wish.parcel_id, wish.tracking_no, journey.steps, now=now)
    await queries.move_parcel(
        tx,
        wish.parcel_id,
        tracking_no=wish.tracking_no,
        state=journey.state,
        at=journey.steps[-1].at if journey.steps else now,
    )
    await queries.move_wish(
        tx,
        wish.id,
        state="ended" if journey.is_over else "following",
        heard_at=now,
        query_at=None if journey.is_over else now + SILENT,
    )


async def query_silent(
    follower: Follower, database: Database, tenant_id: TenantId, now: datetime
) -> int:
    """A job: those that nobody told us of for long."""
    wishes = await database.run(
        tenant_id,
        lambda tx: queries.lock_silent(tx, until=now + SILENT, now=now, limit=_AT_ONCE),
    )
    for wish in wishes:
        with suppress(TrackingNotSetUp):
            await query_now(follower, database, tenant_id, wish=wish, now=now)
    return len(wishes)


async def query_now(
    follower: Follower, database: Database, tenant_id: TenantId, *, wish: Wish, now: datetime
) -> Ok[Journey] | Refused | Unknown:
    """Asks about one number and keeps the answer. Refuses with TrackingNotSetUp."""
    asked = await database.run(tenant_id, lambda tx: _asked_for(tx, follower, wish.parcel_id))
    if asked is None or asked[1].tracking_no != wish.tracking_no:
        # The number was corrected or the account is off: nobody waits for this any more.
        await database.run(
            tenant_id, lambda tx: queries.move_wish(tx, wish.id, state="ended", last_code="over")
        )
        raise TrackingNotSetUp()
    account, parcel, _ = asked
    told = await follower.service.query(account, parcel)
    if isinstance(told, Ok):
        journey = told.value
        await database.run(tenant_id, lambda tx: _take(tx, wish, journey, now=now))
    return told
