"""SQL of moving cases. Every step is guarded by the state it starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.trade.after_sale.errors import UnknownAfterSale
from weike.trade.after_sale.model import OPEN, Case, CaseLine, CaseState, ReturnAddress
from weike.trade.model import Actor

_COLUMNS = (
    "a.id, a.number, a.order_id, a.member_id, a.kind, a.state, a.stopped_at, a.in_sale, "
    "a.reason_code, a.remark, a.currency, a.asked_minor, a.amount_minor, a.most_minor, "
    "a.deadline_at, a.return_to, a.replacement_sku_id, a.refund_id, a.refund_attempts, "
    "a.content_hash, a.opened_at"
)


async def next_number(tx: Tx, *, day: str) -> str:
    """「S261122000017」: the day and the count; an order's number has no letter."""
    value = await tx.fetchval(
        """
        insert into kernel.counters (tenant_id, kind, value) values ($1, 'trade.after_sale', 1)
        on conflict (tenant_id, kind) do update set value = counters.value + 1
        returning value
        """,
        tx.tenant_id,
    )
    return f"S{day}{value:06d}"


async def insert_case(tx: Tx, case: Case, *, opened_by: Actor) -> None:
    await tx.execute(
        """
        insert into trade.after_sales
            (tenant_id, id, number, order_id, member_id, kind, state, is_open, in_sale,
             reason_code, remark, currency, asked_minor, amount_minor, most_minor, deadline_at,
             replacement_sku_id, content_hash, opened_by_kind, opened_by_id, opened_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, true, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
                $18, $19, $20, $20)
        """,
        tx.tenant_id,
        case.id,
        case.number,
        case.order_id,
        case.member_id,
        case.kind,
        case.state.value,
        case.in_sale,
        case.reason_code,
        case.remark,
        case.currency,
        case.asked_minor,
        case.amount_minor,
        case.most_minor,
        case.deadline_at,
        case.replacement_sku_id,
        case.content_hash,
        opened_by.kind,
        opened_by.id,
        case.opened_at,
    )
    await tx.execute(
        """
        insert into trade.after_sale_lines (tenant_id, after_sale_id, position, order_id, quantity,
            unshipped_quantity, is_open)
        select $1, $2, l.position, $3, l.quantity, l.unshipped, true
        from unnest($4::integer[], $5::integer[], $6::integer[]) as l(position, quantity, unshipped)
        """,
        tx.tenant_id,
        case.id,
        case.order_id,
        [line.position for line in case.lines],
        [line.quantity for line in case.lines],
        [line.unshipped_quantity for line in case.lines],
    )


async def order_of_case(tx: Tx, case_id: UUID, *, member_id: UUID | None = None) -> UUID:
    """Refuses with UnknownAfterSale, also when it is another member's."""
    order_id: UUID | None = await tx.fetchval(
        """
        select a.order_id from trade.after_sales a
        where a.tenant_id = $1 and a.id = $2 and ($3::uuid is null or a.member_id = $3)
        """,
        tx.tenant_id,
        case_id,
        member_id,
    )
    if order_id is None:
        raise UnknownAfterSale()
    return order_id


async def find_case(tx: Tx, case_id: UUID) -> Case | None:
    """Whoever moves a case holds its order's row, so nobody else moves it meanwhile."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from trade.after_sales a"  # noqa: S608 - the columns are a constant
        " where a.tenant_id = $1 and a.id = $2",
        tx.tenant_id,
        case_id,
    )
    return await _whole(tx, row)


async def case_of_refund(tx: Tx, refund_id: UUID) -> Case | None:
    row = await tx.fetchrow(
        f"select {_COLUMNS} from trade.after_sales a"  # noqa: S608 - the columns are a constant
        " where a.tenant_id = $1 and a.refund_id = $2",
        tx.tenant_id,
        refund_id,
    )
    return await _whole(tx, row)


async def failed_case_of(tx: Tx, order_id: UUID) -> Case | None:
    """The case in sale whose refund the provider refused: asking again is trying it again."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from trade.after_sales a"  # noqa: S608 - the columns are a constant
        " where a.tenant_id = $1 and a.order_id = $2 and a.state = 'asked'"
        " and a.kind = 'refund_only' and a.in_sale and a.refund_attempts > 0"
        " order by a.opened_at limit 1",
        tx.tenant_id,
        order_id,
    )
    return await _whole(tx, row)


async def _whole(tx: Tx, row: Record | None) -> Case | None:
    if row is None:
        return None
    lines = await tx.fetch(
        """
        select l.position, l.quantity, l.unshipped_quantity from trade.after_sale_lines l
        where l.tenant_id = $1 and l.after_sale_id = $2 order by l.position
        """,
        tx.tenant_id,
        row["id"],
    )
    values = {
        **dict(row),
        "state": CaseState(row["state"]),
        "stopped_at": CaseState(row["stopped_at"]) if row["stopped_at"] else None,
        "return_to": msgspec.convert(row["return_to"], ReturnAddress) if row["return_to"] else None,
        "lines": tuple(CaseLine(**dict(line)) for line in lines),
    }
    return Case(**values)


CHANGEABLE = frozenset(
    {
        *("stopped_at", "amount_minor", "deadline_at", "return_to", "return_courier"),
        *("return_tracking_no", "replacement_courier", "replacement_tracking_no"),
        *("refund_id", "refund_attempts"),
    }
)


async def move_case(tx: Tx, case: Case, to: CaseState, *, now: datetime, **changes: object) -> None:
    """From where it was read to `to`. Its order is locked, so that it moves is certain.

    What is not named in `changes` stays, but the deadline: each state sets its own.
    """
    columns = {"deadline_at": None, **changes}
    if unknown := columns.keys() - CHANGEABLE:
        raise AssertionError(f"no step changes {sorted(unknown)}")
    sets = "".join(f", {name} = ${nth}" for nth, name in enumerate(columns, start=7))
    moved = await tx.execute(
        "update trade.after_sales a"  # noqa: S608 - names come from CHANGEABLE
        " set state = $4, is_open = $5, updated_at = $6,"
        f" closed_at = case when $5 then null else $6::timestamptz end{sets}"
        " where a.tenant_id = $1 and a.id = $2 and a.state = $3",
        tx.tenant_id,
        case.id,
        case.state.value,
        to.value,
        to in OPEN,
        now,
        *(
            msgspec.to_builtins(value) if isinstance(value, ReturnAddress) else value
            for value in columns.values()
        ),
    )
    if moved != 1:
        raise AssertionError(f"after-sale case {case.id} did not move")
    if (to in OPEN) is not (case.state in OPEN):
        await tx.execute(
            """
            update trade.after_sale_lines l set is_open = $3
            where l.tenant_id = $1 and l.after_sale_id = $2
            """,
            tx.tenant_id,
            case.id,
            to in OPEN,
        )


async def set_unshipped(tx: Tx, case: Case, unshipped: Mapping[int, int]) -> None:
    await tx.execute(
        """
        update trade.after_sale_lines l set unshipped_quantity = x.quantity
        from unnest($3::integer[], $4::integer[]) as x(position, quantity)
        where l.tenant_id = $1 and l.after_sale_id = $2 and l.position = x.position
        """,
        tx.tenant_id,
        case.id,
        list(unshipped),
        list(unshipped.values()),
    )


async def set_resaleable(tx: Tx, case: Case, resaleable: Mapping[int, int]) -> None:
    await tx.execute(
        """
        update trade.after_sale_lines l set resaleable_quantity = x.quantity
        from unnest($3::integer[], $4::integer[]) as x(position, quantity)
        where l.tenant_id = $1 and l.after_sale_id = $2 and l.position = x.position
        """,
        tx.tenant_id,
        case.id,
        list(resaleable),
        list(resaleable.values()),
    )


async def call_off(tx: Tx, order_id: UUID, pieces: Mapping[int, int], *, sign: int) -> None:
    """These pieces are not to be shipped; or, with `sign` -1, may be shipped after all."""
    wanted = {position: sign * quantity for position, quantity in pieces.items() if quantity}
    if not wanted:
        return
    await tx.execute(
        """
        update trade.order_lines l set called_off_quantity = l.called_off_quantity + x.quantity
        from unnest($3::integer[], $4::integer[]) as x(position, quantity)
        where l.tenant_id = $1 and l.order_id = $2 and l.position = x.position
        """,
        tx.tenant_id,
        order_id,
        list(wanted),
        list(wanted.values()),
    )


async def open_cases_of(tx: Tx, order_ids: Sequence[UUID]) -> list[Record]:
    return await tx.fetch(
        """
        select a.id, a.order_id, a.number from trade.after_sales a
        where a.tenant_id = $1 and a.order_id = any($2::uuid[]) and a.is_open
        """,
        tx.tenant_id,
        list(order_ids),
    )


async def still_guaranteed(tx: Tx, order_ids: Sequence[UUID], *, now: datetime) -> list[Record]:
    return await tx.fetch(
        """
        select o.id, o.after_sale_since, o.settle_at from trade.orders o
        where o.tenant_id = $1 and o.id = any($2::uuid[])
          and (o.after_sale_since is not null or o.state = 'received' and o.settle_at > $3)
        """,
        tx.tenant_id,
        list(order_ids),
        now,
    )


async def lines_in_open_cases(tx: Tx, order_id: UUID) -> dict[int, str]:
    """The number of the open case each line is in, by position."""
    rows = await tx.fetch(
        """
        select l.position, a.number from trade.after_sale_lines l
        join trade.after_sales a on a.tenant_id = l.tenant_id and a.id = l.after_sale_id
        where l.tenant_id = $1 and l.order_id = $2 and l.is_open
        """,
        tx.tenant_id,
        order_id,
    )
    return {row["position"]: row["number"] for row in rows}


async def replaced_skus(tx: Tx, order_id: UUID) -> dict[int, UUID]:
    """What lines became by their last exchange, by position."""
    rows = await tx.fetch(
        """
        select distinct on (l.position) l.position, a.replacement_sku_id as sku_id
        from trade.after_sales a
        join trade.after_sale_lines l on l.tenant_id = a.tenant_id and l.after_sale_id = a.id
        where a.tenant_id = $1 and a.order_id = $2 and a.kind = 'exchange' and a.state = 'done'
          and a.replacement_tracking_no is not null
        order by l.position, a.closed_at desc
        """,
        tx.tenant_id,
        order_id,
    )
    return {row["position"]: row["sku_id"] for row in rows}


async def stop_clocks(tx: Tx, order_id: UUID, *, now: datetime) -> None:
    await tx.execute(
        """
        update trade.orders o set after_sale_since = coalesce(o.after_sale_since, $3)
        where o.tenant_id = $1 and o.id = $2
        """,
        tx.tenant_id,
        order_id,
        now,
    )


async def start_clocks(tx: Tx, order_id: UUID, *, now: datetime) -> None:
    """Both clocks go on where they stood; one that began while a case was open, from its begin."""
    await tx.execute(
        """
        update trade.orders o
        set auto_receive_at = o.auto_receive_at
                + ($3::timestamptz - greatest(o.after_sale_since, o.shipped_at)),
            settle_at = o.settle_at
                + ($3::timestamptz - greatest(o.after_sale_since, o.received_at)),
            after_sale_since = null
        where o.tenant_id = $1 and o.id = $2 and o.after_sale_since is not null
        """,
        tx.tenant_id,
        order_id,
        now,
    )


async def lock_due(tx: Tx, *, now: datetime, limit: int) -> list[Record]:
    """Open cases whose time is over, with their orders locked as whoever moves a case does. A
    replacement that does not come gives the buyer the right to appeal and moves nothing."""
    return await tx.fetch(
        """
        select a.id, a.state from trade.after_sales a
        join trade.orders o on o.tenant_id = a.tenant_id and o.id = a.order_id
        where a.tenant_id = $1 and a.is_open and a.deadline_at <= $2
          and not (a.state = 'received' and a.kind = 'exchange' and a.stopped_at is null)
        order by a.deadline_at
        limit $3
        for update of o skip locked
        """,
        tx.tenant_id,
        now,
        limit,
    )


async def put_off(tx: Tx, case_id: UUID, *, until: datetime) -> None:
    """Time could not move it now; it is looked at again later, and does not keep others waiting."""
    await tx.execute(
        "update trade.after_sales a set deadline_at = $3 where a.tenant_id = $1 and a.id = $2",
        tx.tenant_id,
        case_id,
        until,
    )


@dataclass(frozen=True, slots=True)
class CaseTold:
    """One entry of a case's timeline; `kind` is `trade.after_sale.event.<kind>` in the texts."""

    case_id: UUID
    kind: str
    actor: Actor
    reason: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    media_ids: Sequence[UUID] = ()


async def tell(tx: Tx, told: CaseTold, *, now: datetime) -> None:
    """Numbered as they come: whoever tells something holds the order."""
    await tx.execute(
        """
        insert into trade.after_sale_events
            (tenant_id, after_sale_id, nth, kind, at, actor_kind, actor_id, reason, facts,
             media_ids)
        select $1, $2, coalesce(max(e.nth), 0) + 1, $3, $4, $5, $6, $7, $8, $9
        from trade.after_sale_events e where e.tenant_id = $1 and e.after_sale_id = $2
        """,
        tx.tenant_id,
        told.case_id,
        told.kind,
        now,
        told.actor.kind,
        told.actor.id,
        told.reason,
        msgspec.to_builtins(dict(told.facts)),
        list(told.media_ids),
    )
