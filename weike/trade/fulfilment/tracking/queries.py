"""SQL of journeys, of wishes to be told of them, and of the shop's account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel import Record, Tx, derived_id
from weike.trade.fulfilment.model import ParcelState
from weike.trade.fulfilment.tracking.ports import Step


@dataclass(frozen=True, slots=True)
class Wish:
    id: UUID
    parcel_id: UUID
    courier: str
    tracking_no: str
    state: str


_WISH = "w.id, w.parcel_id, w.courier, w.tracking_no, w.state"


async def account(tx: Tx) -> Record | None:
    return await tx.fetchrow(
        "select a.customer, a.key_cipher, a.is_on, a.updated_at from trade.tracking_accounts a "
        "where a.tenant_id = $1 and a.provider = 'kuaidi100'",
        tx.tenant_id,
    )


async def put_account(
    tx: Tx, *, customer: str, key_cipher: bytes, is_on: bool, now: datetime
) -> None:
    await tx.execute(
        """
        insert into trade.tracking_accounts as a
            (tenant_id, provider, customer, key_cipher, is_on, updated_at)
        values ($1, 'kuaidi100', $2, $3, $4, $5)
        on conflict (tenant_id, provider) do update set
            customer = excluded.customer, key_cipher = excluded.key_cipher,
            is_on = excluded.is_on, updated_at = excluded.updated_at
        where a.tenant_id = $1
        """,
        tx.tenant_id,
        customer,
        key_cipher,
        is_on,
        now,
    )


async def insert_wish(
    tx: Tx, wish_id: UUID, *, parcel_id: UUID, courier: str, tracking_no: str, now: datetime
) -> Wish:
    """The wish of this id, made now or before."""
    await tx.execute(
        """
        insert into trade.tracking_wishes
            (tenant_id, id, parcel_id, courier, tracking_no, state, asked_at)
        values ($1, $2, $3, $4, $5, 'asked', $6)
        on conflict (tenant_id, id) do nothing
        """,
        tx.tenant_id,
        wish_id,
        parcel_id,
        courier,
        tracking_no,
        now,
    )
    wish = await wish_by_id(tx, wish_id)
    assert wish is not None  # noqa: S101 - it was there or is now
    return wish


async def wish_by_id(tx: Tx, wish_id: UUID) -> Wish | None:
    row = await tx.fetchrow(
        f"select {_WISH} from trade.tracking_wishes w "  # noqa: S608 - the columns are a constant
        "where w.tenant_id = $1 and w.id = $2",
        tx.tenant_id,
        wish_id,
    )
    return Wish(**dict(row)) if row else None


async def wish_of_number(tx: Tx, parcel_id: UUID, tracking_no: str) -> Wish | None:
    row = await tx.fetchrow(
        f"select {_WISH} from trade.tracking_wishes w "  # noqa: S608 - the columns are a constant
        "where w.tenant_id = $1 and w.parcel_id = $2 and w.tracking_no = $3 "
        "order by w.asked_at desc limit 1",
        tx.tenant_id,
        parcel_id,
        tracking_no,
    )
    return Wish(**dict(row)) if row else None


async def move_wish(
    tx: Tx,
    wish_id: UUID,
    *,
    state: str,
    last_code: str | None = None,
    heard_at: datetime | None = None,
    query_at: datetime | None = None,
) -> None:
    """A wish that has ended stays so."""
    await tx.execute(
        """
        update trade.tracking_wishes w
        set state = $3, last_code = $4, heard_at = coalesce($5, w.heard_at), query_at = $6
        where w.tenant_id = $1 and w.id = $2 and w.state <> 'ended'
        """,
        tx.tenant_id,
        wish_id,
        state,
        last_code,
        heard_at,
        query_at,
    )


async def lock_silent(tx: Tx, *, until: datetime, now: datetime, limit: int) -> list[Wish]:
    """Wishes to be asked about, longest silent first; they are not due again before `until`."""
    rows = await tx.fetch(
        f"""
        with due as (
            select x.id from trade.tracking_wishes x
            where x.tenant_id = $1 and x.query_at <= $2
            order by x.query_at limit $4
            for update skip locked
        )
        update trade.tracking_wishes w set query_at = $3
        from due where w.tenant_id = $1 and w.id = due.id
        returning {_WISH}
        """,  # noqa: S608 - the columns are a constant
        tx.tenant_id,
        now,
        until,
        limit,
    )
    return [Wish(**dict(row)) for row in rows]


async def insert_steps(
    tx: Tx, parcel_id: UUID, tracking_no: str, steps: Sequence[Step], *, now: datetime
) -> int:
    """How many are news."""
    if not steps:
        return 0
    ids = [
        derived_id(parcel_id, f"{tracking_no}|{step.at.isoformat()}|{step.text}") for step in steps
    ]
    rows = await tx.fetch(
        """
        insert into trade.tracking_events
            (tenant_id, parcel_id, id, tracking_no, at, state, text, place, heard_at)
        select distinct on (s.id) $1, $2, s.id, $3, s.at, s.state, s.text, s.place, $9
        from unnest($4::uuid[], $5::timestamptz[], $6::text[], $7::text[], $8::text[])
             as s(id, at, state, text, place)
        on conflict (tenant_id, parcel_id, id) do nothing
        returning id
        """,
        tx.tenant_id,
        parcel_id,
        tracking_no,
        ids,
        [step.at for step in steps],
        [step.state for step in steps],
        [step.text for step in steps],
        [step.place for step in steps],
        now,
    )
    return len(rows)


async def move_parcel(
    tx: Tx, parcel_id: UUID, *, tracking_no: str, state: ParcelState, at: datetime
) -> None:
    """What is said of a number the parcel no longer has does not move it; the newest word counts,
    whatever order it was brought in."""
    await tx.execute(
        """
        update trade.parcels p set state = $4, state_at = $5
        where p.tenant_id = $1 and p.id = $2 and p.tracking_no = $3
          and (p.state = 'created' or p.state_at <= $5) and p.state not in ('signed', 'returned')
        """,
        tx.tenant_id,
        parcel_id,
        tracking_no,
        state,
        at,
    )


async def steps_of(tx: Tx, parcel_id: UUID, tracking_no: str) -> list[Record]:
    """Newest first."""
    return await tx.fetch(
        """
        select e.at, e.state, e.text, e.place from trade.tracking_events e
        where e.tenant_id = $1 and e.parcel_id = $2 and e.tracking_no = $3
        order by e.at desc, e.heard_at desc, e.id
        """,
        tx.tenant_id,
        parcel_id,
        tracking_no,
    )
