"""SQL that lays the sides beside each other and lets through only what is not equal.

`$1` is always the tenant. What comes back is a handful of rows on a clean day, whatever its size.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.payment.reconciliation.model import Candidate, span_of
from weike.payment.reconciliation.queries import Bill, bill_id_of

_THEIRS = """
with theirs as (
    select l.kind, l.number, l.txn, min(l.line_no) as line_no,
           count(*) filter (where l.is_done)::integer as done_lines,
           bool_or(l.is_done) as is_done,
           (array_agg(l.out_trade_no order by l.is_done desc, l.line_no))[1] as out_trade_no,
           (array_agg(l.amount_minor order by l.is_done desc, l.line_no))[1] as amount_minor,
           (array_agg(l.fee_minor order by l.is_done desc, l.line_no))[1] as fee_minor,
           (array_agg(l.rate_ppm order by l.is_done desc, l.line_no))[1] as rate_ppm,
           (array_agg(l.state order by l.is_done desc, l.line_no))[1] as state,
           (array_agg(l.at order by l.is_done desc, l.line_no))[1] as at
    from payment.bill_lines l
    where l.tenant_id = $1 and l.day = $2 and l.bill_id = $3 and l.kind = $7
    group by l.kind, l.number, l.txn
)
"""

_PAYMENTS_BESIDE = """
, beside as (
    select t.*,
        i.id as intent_id, coalesce(i.order_id, q.order_id) as order_id,
        case when i.state = 'paid' and i.transaction_id = t.txn then true
             when q.id is not null then true else false end as ours_done,
        case when i.state = 'paid' and i.transaction_id = t.txn then i.amount_minor
             when q.id is not null then q.amount_minor
             else i.amount_minor end as ours_minor,
        case when i.state = 'paid' and i.transaction_id = t.txn then 'paid'
             when q.id is not null then 'quarantined'
             else i.state end as ours_state,
        case when i.state = 'paid' and i.transaction_id = t.txn then i.paid_at
             else q.paid_at end as ours_at,
        (i.state = 'paid' and i.transaction_id <> t.txn and q.id is null) as ours_has_other_txn,
        exists (
            select 1 from payment.bill_lines e
            where e.tenant_id = $1 and e.number = t.number and e.txn = t.txn
              and e.kind = 'payment' and e.is_done and e.day >= $2::date - 1 and e.day < $2
              and e.bill_id = $8
        ) as earlier_bill_has_it
    from theirs t
    left join payment.intents i on i.tenant_id = $1 and i.out_trade_no = t.number
    left join payment.quarantined q on q.tenant_id = $1 and q.config_id = $4
        and q.out_trade_no = t.number and q.transaction_id = t.txn and q.state <> 'accepted'
)
"""

_REFUNDS_BESIDE = """
, beside as (
    select t.*,
        r.intent_id, coalesce(r.order_id, q.order_id) as order_id, r.id as refund_id,
        coalesce(r.state = 'succeeded', q.state = 'returned', false) as ours_done,
        coalesce(r.amount_minor, q.amount_minor) as ours_minor,
        coalesce(r.state, q.state) as ours_state,
        coalesce(r.done_at, q.ended_at) as ours_at,
        false as ours_has_other_txn,
        exists (
            select 1 from payment.bill_lines e
            where e.tenant_id = $1 and e.number = t.number and e.kind = 'refund' and e.is_done
              and e.day >= $2::date - 1 and e.day < $2 and e.bill_id = $8
        ) as earlier_bill_has_it
    from theirs t
    left join payment.refunds r on r.tenant_id = $1 and r.out_refund_no = t.number
    left join payment.quarantined q on q.tenant_id = $1 and q.config_id = $4 and r.id is null
        and q.return_id = case when t.number ~ '^[0-9a-f]{32}$' then t.number::uuid end
)
"""

# Everything that is certainly equal stays in the database; what is let through is judged by
# `classify`, which may still find it equal.
_NOT_EQUAL = """
select b.kind, b.number, b.txn, b.out_trade_no, b.line_no, b.done_lines,
       b.is_done as theirs_done, b.amount_minor as theirs_minor, b.state as theirs_state,
       b.at as theirs_at, b.fee_minor, b.rate_ppm, b.earlier_bill_has_it, b.ours_done,
       b.ours_minor, b.ours_state, b.ours_at, coalesce(b.ours_has_other_txn, false)
           as ours_has_other_txn, b.order_id, b.intent_id, {refund_id} as refund_id
from beside b
where not (
    b.done_lines = 1 and b.is_done and not b.earlier_bill_has_it
    and b.ours_done and b.ours_minor = b.amount_minor
    and b.ours_at >= $5 and b.ours_at < $6
    and abs(b.fee_minor) <= b.amount_minor
    and case when b.kind = 'payment' then b.fee_minor >= 0 else b.fee_minor <= 0 end
    and (b.rate_ppm is null or (b.kind = 'refund' and b.fee_minor = 0)
         or abs(2000000 * abs(b.fee_minor) - 2 * b.amount_minor * b.rate_ppm) <= 2000000)
)
order by b.line_no
"""

# NOT IN is a hash whatever the planner believes about lines that were written a moment ago; as NOT
# EXISTS it compared every payment with every line.
_OURS_ALONE = """
with ours as (
    select 'payment' as kind, i.out_trade_no as number, coalesce(i.transaction_id, '') as txn,
           i.out_trade_no, i.amount_minor, i.paid_at as at, 'paid' as state, i.order_id,
           i.id as intent_id, null::uuid as refund_id
    from payment.intents i
    where i.tenant_id = $1 and i.config_id = $4 and i.state = 'paid'
      and i.paid_at >= $5 and i.paid_at < $6
    union all
    select 'payment', q.out_trade_no, q.transaction_id, q.out_trade_no, q.amount_minor, q.paid_at,
           'quarantined', q.order_id, q.intent_id, null::uuid
    from payment.quarantined q
    where q.tenant_id = $1 and q.config_id = $4 and q.state <> 'accepted'
      and q.paid_at >= $5 and q.paid_at < $6
    union all
    select 'refund', r.out_refund_no, '', i.out_trade_no, r.amount_minor, r.done_at, 'succeeded',
           r.order_id, r.intent_id, r.id
    from payment.refunds r
    join payment.intents i on i.tenant_id = $1 and i.id = r.intent_id and i.config_id = $4
    where r.tenant_id = $1 and r.state = 'succeeded' and r.done_at >= $5 and r.done_at < $6
    union all
    select 'refund', replace(q.return_id::text, '-', ''), '', q.out_trade_no, q.amount_minor,
           q.ended_at, 'returned', q.order_id, q.intent_id, null::uuid
    from payment.quarantined q
    where q.tenant_id = $1 and q.config_id = $4 and q.state = 'returned'
      and q.ended_at >= $5 and q.ended_at < $6
)
select o.kind, o.number, o.txn, o.out_trade_no, true as ours_done, o.amount_minor as ours_minor,
       o.state as ours_state, o.at as ours_at, o.order_id, o.intent_id, o.refund_id,
       exists (
           select 1 from payment.bill_lines n
           where n.tenant_id = $1 and n.number = o.number and n.kind = o.kind and n.txn = o.txn
             and n.is_done and n.day in ($2::date - 1, $2::date + 1) and n.bill_id in ($7, $8)
       ) as neighbour_has_it
from ours o
where (o.kind, o.number, o.txn) not in (
    select l.kind, l.number, l.txn from payment.bill_lines l
    where l.tenant_id = $1 and l.day = $2 and l.bill_id = $3
)
order by o.at, o.number
"""


async def candidates(tx: Tx, bill: Bill) -> list[Candidate]:
    """Numbers on which the day's bill and our states may disagree, in the order of the bill."""
    start, end = span_of(bill.day)
    before = bill_id_of(bill.config_id, bill.day - timedelta(days=1))
    after = bill_id_of(bill.config_id, bill.day + timedelta(days=1))
    common = (tx.tenant_id, bill.day, bill.id, bill.config_id, start, end)
    payments = await tx.fetch(
        _THEIRS + _PAYMENTS_BESIDE + _NOT_EQUAL.format(refund_id="null::uuid"),
        *common,
        "payment",
        before,
    )
    refunds = await tx.fetch(
        _THEIRS + _REFUNDS_BESIDE + _NOT_EQUAL.format(refund_id="b.refund_id"),
        *common,
        "refund",
        before,
    )
    alone = await tx.fetch(_OURS_ALONE, *common, after, before)
    return [
        msgspec.convert(dict(row), type=Candidate)
        for row in (*sorted((*payments, *refunds), key=lambda row: row["line_no"]), *alone)
    ]


async def unreadable_lines(tx: Tx, bill: Bill) -> list[Record]:
    return await tx.fetch(
        "select l.line_no, l.state from payment.bill_lines l where l.tenant_id = $1"
        " and l.day = $2 and l.bill_id = $3 and l.kind = 'unreadable' order by l.line_no",
        tx.tenant_id,
        bill.day,
        bill.id,
    )


async def moved_by_us(
    tx: Tx, bill: Bill, *, after: tuple[datetime, UUID] | None, limit: int
) -> list[Record]:
    """What the day's payments and refunds must have written to the ledger, page by page.

    Money that was in quarantine before it was accepted has its entries under other ids and is
    proven by the balance of quarantine."""
    start, end = span_of(bill.day)
    since, last = after or (start - timedelta(microseconds=1), UUID(int=0))
    return await tx.fetch(
        """
        select x.* from (
            select 'payment' as kind, i.id, i.out_trade_no as number, i.out_trade_no,
                   i.transaction_id as txn, i.amount_minor, i.paid_at as at, i.order_id,
                   i.id as intent_id, null::uuid as refund_id
            from payment.intents i
            where i.tenant_id = $1 and i.config_id = $2 and i.state = 'paid'
              and i.paid_at >= $3 and i.paid_at < $4
              and not exists (select 1 from payment.quarantined q where q.tenant_id = $1
                              and q.intent_id = i.id and q.state = 'accepted')
            union all
            select 'refund', r.id, r.out_refund_no, i.out_trade_no, '', r.amount_minor, r.done_at,
                   r.order_id, r.intent_id, r.id
            from payment.refunds r
            join payment.intents i on i.tenant_id = $1 and i.id = r.intent_id
                and i.config_id = $2
            where r.tenant_id = $1 and r.state = 'succeeded'
              and r.done_at >= $3 and r.done_at < $4
        ) x
        where (x.at, x.id) > ($5, $6)
        order by x.at, x.id
        limit $7
        """,
        tx.tenant_id,
        bill.config_id,
        start,
        end,
        since,
        last,
        limit,
    )


async def ours_of_day(tx: Tx, bill: Bill) -> Record:
    """What our states say of the day, quarantine included."""
    start, end = span_of(bill.day)
    row = await tx.fetchrow(
        """
        select
            (select coalesce(sum(i.amount_minor), 0)::bigint from payment.intents i
              where i.tenant_id = $1 and i.config_id = $2 and i.state = 'paid'
                and i.paid_at >= $3 and i.paid_at < $4)
          + (select coalesce(sum(q.amount_minor), 0)::bigint from payment.quarantined q
              where q.tenant_id = $1 and q.config_id = $2 and q.state <> 'accepted'
                and q.paid_at >= $3 and q.paid_at < $4) as paid_minor,
            (select coalesce(sum(r.amount_minor), 0)::bigint from payment.refunds r
              join payment.intents i on i.tenant_id = $1 and i.id = r.intent_id
                and i.config_id = $2
              where r.tenant_id = $1 and r.state = 'succeeded'
                and r.done_at >= $3 and r.done_at < $4)
          + (select coalesce(sum(q.amount_minor), 0)::bigint from payment.quarantined q
              where q.tenant_id = $1 and q.config_id = $2 and q.state = 'returned'
                and q.ended_at >= $3 and q.ended_at < $4) as refunded_minor
        """,
        tx.tenant_id,
        bill.config_id,
        start,
        end,
    )
    assert row is not None  # noqa: S101  # a select without from always has a row
    return row
