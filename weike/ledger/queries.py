"""SQL of the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Record, Tx
from weike.kernel.columns import Columns
from weike.ledger.model import SHOP, Entry, Transfer

_HEADS = Columns(
    "t",
    2,
    id="uuid",
    kind="text",
    reason="text",
    source_type="text",
    source_id="uuid",
    at="timestamptz",
)
_SIDES = Columns(
    "e",
    8,
    transfer_id="uuid",
    position="integer",
    account="text",
    owner_id="uuid",
    amount_minor="bigint",
    currency="text",
    at="timestamptz",
)

TRANSFERS = f"""
fresh as (
    insert into ledger.transfers (tenant_id, id, kind, reason, source_type, source_id, at)
    select $1, {_HEADS["id"]}, {_HEADS["kind"]}, {_HEADS["reason"]}, {_HEADS["source_type"]},
           {_HEADS["source_id"]}, {_HEADS["at"]}
    from {_HEADS.source}
    on conflict (tenant_id, id) do nothing
    returning id
), entered as (
    insert into ledger.entries
        (tenant_id, transfer_id, position, account, owner_id, amount_minor, currency, at)
    select $1, f.id, {_SIDES["position"]}, {_SIDES["account"]}, {_SIDES["owner_id"]},
           {_SIDES["amount_minor"]}, {_SIDES["currency"]}, {_SIDES["at"]}
    from {_SIDES.source}
    join fresh f on f.id = {_SIDES["transfer_id"]}
)
"""  # noqa: S608 - columns of ours
"""Both tables in one statement, to stand behind a WITH: the trigger sees whole transfers."""


def transfers_arguments(transfers: Sequence[Transfer]) -> list[object]:
    """What TRANSFERS takes from $2 on."""
    entries = [
        (transfer, position, entry)
        for transfer in transfers
        for position, entry in enumerate(transfer.entries)
    ]
    return [
        *_HEADS.arguments(
            id=[transfer.id for transfer in transfers],
            kind=[transfer.kind for transfer in transfers],
            reason=[transfer.reason for transfer in transfers],
            source_type=[transfer.source_type for transfer in transfers],
            source_id=[transfer.source_id for transfer in transfers],
            at=[transfer.at for transfer in transfers],
        ),
        *_SIDES.arguments(
            transfer_id=[transfer.id for transfer, _, _ in entries],
            position=[position for _, position, _ in entries],
            account=[entry.account for _, _, entry in entries],
            owner_id=[entry.owner_id for _, _, entry in entries],
            amount_minor=[entry.amount_minor for _, _, entry in entries],
            currency=[transfer.currency for transfer, _, _ in entries],
            at=[transfer.at for transfer, _, _ in entries],
        ),
    ]


async def insert_transfers(tx: Tx, transfers: Sequence[Transfer]) -> set[UUID]:
    """The ids that were new."""
    rows = await tx.fetch(
        f"with {TRANSFERS} select id from fresh",  # noqa: S608 - a constant
        tx.tenant_id,
        *transfers_arguments(transfers),
    )
    return {row["id"] for row in rows}


_TRANSFER = """
    select t.id, t.kind, t.reason, t.source_type, t.source_id, t.at, e.account, e.owner_id,
           e.amount_minor, e.currency
    from ledger.transfers t
    join ledger.entries e on e.tenant_id = t.tenant_id and e.transfer_id = t.id
"""


async def transfers_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Transfer]:
    rows = await tx.fetch(
        _TRANSFER + " where t.tenant_id = $1 and t.id = any($2::uuid[]) order by t.id, e.position",
        tx.tenant_id,
        ids,
    )
    return _whole(rows)


async def transfers_of_source(tx: Tx, source_type: str, source_id: UUID) -> list[Transfer]:
    rows = await tx.fetch(
        _TRANSFER
        + """
        where t.tenant_id = $1 and t.source_id = $2 and t.source_type = $3
        order by t.at, t.id, e.position
        """,
        tx.tenant_id,
        source_id,
        source_type,
    )
    return _whole(rows)


async def newest_transfers(
    tx: Tx,
    *,
    source_id: UUID | None,
    account: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Transfer]:
    rows = await tx.fetch(
        _TRANSFER  # noqa: S608 - both halves are constants
        + """
        where t.tenant_id = $1 and t.id in (
            select j.id from ledger.transfers j
            where j.tenant_id = $1
              and ($2::uuid is null or j.source_id = $2)
              and ($3::text is null or exists (
                    select 1 from ledger.entries a
                    where a.tenant_id = $1 and a.transfer_id = j.id and a.account = $3))
              and ($4::timestamptz is null or (j.at, j.id) < ($4, $5))
            order by j.at desc, j.id desc
            limit $6
        )
        order by t.at desc, t.id desc, e.position
        """,
        tx.tenant_id,
        source_id,
        account,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return _whole(rows)


def _whole(rows: Sequence[Record]) -> list[Transfer]:
    """Rows of one transfer stand together; they become one value."""
    grouped: dict[UUID, list[Record]] = {}
    for row in rows:
        grouped.setdefault(row["id"], []).append(row)
    return [
        Transfer(
            id=id,
            kind=parts[0]["kind"],
            reason=parts[0]["reason"],
            source_type=parts[0]["source_type"],
            source_id=parts[0]["source_id"],
            at=parts[0]["at"],
            currency=parts[0]["currency"],
            entries=tuple(
                Entry(part["account"], part["amount_minor"], part["owner_id"]) for part in parts
            ),
        )
        for id, parts in grouped.items()
    ]


async def balance_minor(tx: Tx, account: str, owner_id: UUID, currency: str) -> int:
    """Debit minus credit."""
    value = await tx.fetchval(
        """
        select coalesce((
                   select s.balance_minor from ledger.snapshots s
                   where s.tenant_id = $1 and s.account = $2 and s.owner_id = $3
                     and s.currency = $4), 0)
             + coalesce((
                   select sum(e.amount_minor) from ledger.entries e
                   where e.tenant_id = $1 and e.account = $2 and e.owner_id = $3
                     and e.currency = $4
                     and e.written_at > coalesce((
                         select b.rolled_through from ledger.books b where b.tenant_id = $1
                     ), '-infinity')), 0)
        """,
        tx.tenant_id,
        account,
        owner_id,
        currency,
    )
    return int(value)


async def balances(tx: Tx, *, prefix: str | None, owner_id: UUID | None) -> list[Record]:
    """Debit minus credit per account, owner and currency."""
    return await tx.fetch(
        """
        select x.account, x.owner_id, x.currency, sum(x.minor)::bigint as balance_minor
        from (
            select s.account, s.owner_id, s.currency, s.balance_minor as minor
            from ledger.snapshots s
            where s.tenant_id = $1
            union all
            select e.account, e.owner_id, e.currency, e.amount_minor
            from ledger.entries e
            where e.tenant_id = $1
              and e.written_at > coalesce((
                  select b.rolled_through from ledger.books b where b.tenant_id = $1
              ), '-infinity')
        ) x
        where ($2::text is null or starts_with(x.account, $2))
          and ($3::uuid is null or x.owner_id = $3)
        group by x.account, x.owner_id, x.currency
        order by x.account, x.owner_id, x.currency
        """,
        tx.tenant_id,
        prefix,
        owner_id,
    )


async def entered_minor(tx: Tx, account: str, transfer_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = await tx.fetch(
        "select e.transfer_id, sum(e.amount_minor)::bigint as minor from ledger.entries e"
        " where e.tenant_id = $1 and e.transfer_id = any($2::uuid[]) and e.account = $3"
        " group by e.transfer_id",
        tx.tenant_id,
        list(transfer_ids),
        account,
    )
    return {row["transfer_id"]: row["minor"] for row in rows}


async def moved_minor(
    tx: Tx, account: str, *, since: datetime, until: datetime, kinds: Sequence[str]
) -> tuple[int, int]:
    """Nothing is written before it happened but for a skewed clock: the index bounds the search."""
    row = await tx.fetchrow(
        """
        select coalesce(sum(e.amount_minor) filter (where e.amount_minor > 0), 0)::bigint as debit,
               coalesce(-sum(e.amount_minor) filter (where e.amount_minor < 0), 0)::bigint as credit
        from ledger.entries e
        join ledger.transfers t on t.tenant_id = $1 and t.id = e.transfer_id
        where e.tenant_id = $1 and e.account = $2 and e.owner_id = $6
          and e.written_at >= $3::timestamptz - interval '1 day'
          and e.at >= $3 and e.at < $4 and t.kind = any($5::text[])
        """,
        tx.tenant_id,
        account,
        since,
        until,
        list(kinds),
        SHOP,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row["debit"], row["credit"]


async def statement(
    tx: Tx,
    *,
    account: str,
    owner_id: UUID,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Record]:
    """Entries of one account of one owner, newest first."""
    return await tx.fetch(
        """
        select e.transfer_id, e.amount_minor, e.currency, e.at, t.kind, t.source_type, t.source_id
        from ledger.entries e
        join ledger.transfers t on t.tenant_id = e.tenant_id and t.id = e.transfer_id
        where e.tenant_id = $1 and e.account = $2 and e.owner_id = $3
          and ($4::timestamptz is null or (e.at, e.transfer_id) < ($4, $5))
        order by e.at desc, e.transfer_id desc
        limit $6
        """,
        tx.tenant_id,
        account,
        owner_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )


async def roll_up(tx: Tx, through: datetime) -> bool:
    """Moves the watermark and the snapshots together; False when there is nothing to move.

    The watermark's row is locked first, so two workers cannot add the same entries twice.
    """
    before = await tx.fetchval(
        """
        insert into ledger.books (tenant_id, rolled_through) values ($1, '-infinity')
        on conflict (tenant_id) do update set rolled_through = books.rolled_through
        returning rolled_through > $2
        """,
        tx.tenant_id,
        through,
    )
    if before:
        return False
    await tx.execute(
        """
        insert into ledger.snapshots (tenant_id, account, owner_id, currency, balance_minor)
        select $1, e.account, e.owner_id, e.currency, sum(e.amount_minor)
        from ledger.entries e
        where e.tenant_id = $1 and e.written_at <= $2
          and e.written_at > (select b.rolled_through from ledger.books b where b.tenant_id = $1)
        group by e.account, e.owner_id, e.currency
        order by e.account, e.owner_id, e.currency
        on conflict (tenant_id, account, owner_id, currency)
            do update set balance_minor = snapshots.balance_minor + excluded.balance_minor
        """,
        tx.tenant_id,
        through,
    )
    await tx.execute(
        "update ledger.books set rolled_through = $2 where tenant_id = $1", tx.tenant_id, through
    )
    return True


async def soundness(tx: Tx) -> Record:
    """The ledger's own invariants over every entry there is, each as the size of what is wrong."""
    row = await tx.fetchrow(
        """
        with entries as (
            select e.transfer_id, e.account, e.owner_id, e.currency, e.amount_minor,
                   e.written_at <= coalesce((
                       select b.rolled_through from ledger.books b where b.tenant_id = $1
                   ), '-infinity') as rolled
            from ledger.entries e where e.tenant_id = $1
        ), by_account as (
            select e.account, e.owner_id, e.currency, sum(e.amount_minor) as minor,
                   sum(e.amount_minor) filter (where e.rolled) as rolled_minor
            from entries e group by e.account, e.owner_id, e.currency
        )
        select
            (select coalesce(sum(abs(d.difference)), 0)::bigint from (
                select sum(minor) as difference from by_account group by currency
            ) d) as sum_minor,
            (select count(*) from (
                select 1 from entries group by transfer_id, currency
                having sum(amount_minor) <> 0
            ) d) as unbalanced,
            (select count(*) from entries e where not exists (
                select 1 from ledger.transfers t
                where t.tenant_id = $1 and t.id = e.transfer_id
            )) as strays,
            (select coalesce(sum(abs(d.difference)), 0)::bigint from (
                select sum(minor) as difference from (
                    select account, owner_id, currency, rolled_minor as minor from by_account
                    union all
                    select s.account, s.owner_id, s.currency, -s.balance_minor
                    from ledger.snapshots s where s.tenant_id = $1
                ) x group by account, owner_id, currency
            ) d) as snapshot_minor
        """,
        tx.tenant_id,
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row


async def newest_soundness(tx: Tx, *, seen_again: timedelta) -> Record:
    """The same questions, asked of the snapshots and of the entries that are newer than them or
    than the last proof. An entry is visible later than it is `written_at`, so what was written
    shortly before the last proof is looked at again."""
    # In a statement of its own, so that the next one is planned for how little it reads.
    through = await tx.fetchrow(
        """
        select coalesce(max(b.rolled_through), '-infinity') as rolled,
               coalesce(least(max(b.rolled_through), max(b.reconciled_at) - $2::interval),
                        '-infinity') as proven
        from ledger.books b where b.tenant_id = $1
        """,
        tx.tenant_id,
        seen_again,
    )
    assert through is not None  # noqa: S101 - an aggregate always has a row
    row = await tx.fetchrow(
        """
        with newer as materialized (
            select e.transfer_id, e.currency, e.amount_minor, e.written_at > $3 as is_new
            from ledger.entries e
            where e.tenant_id = $1 and e.written_at > $2
        ), rolled_up as (
            select s.currency, sum(s.balance_minor) as minor
            from ledger.snapshots s where s.tenant_id = $1 group by s.currency
        )
        select
            (select coalesce(sum(abs(d.difference)), 0)::bigint from (
                select sum(x.minor) as difference from (
                    select r.currency, r.minor from rolled_up r
                    union all
                    select n.currency, n.amount_minor from newer n where n.is_new
                ) x group by x.currency
            ) d) as sum_minor,
            (select count(*) from (
                select 1 from newer group by transfer_id, currency having sum(amount_minor) <> 0
            ) d) as unbalanced,
            (select count(*) from newer n where not exists (
                select 1 from ledger.transfers t
                where t.tenant_id = $1 and t.id = n.transfer_id
            )) as strays,
            (select coalesce(sum(abs(r.minor)), 0)::bigint from rolled_up r) as snapshot_minor
        """,
        tx.tenant_id,
        through["proven"],
        through["rolled"],
    )
    assert row is not None  # noqa: S101 - an aggregate always has a row
    return row


async def proven_at(tx: Tx) -> datetime | None:
    """When every entry was last looked at."""
    value = await tx.fetchval(
        "select b.proven_at from ledger.books b where b.tenant_id = $1", tx.tenant_id
    )
    return value if isinstance(value, datetime) else None


async def insert_finding(
    tx: Tx, *, at: datetime, ok: bool, checks: object, is_thorough: bool
) -> None:
    await tx.execute(
        """
        insert into ledger.reconciliations (tenant_id, at, ok, checks) values ($1, $2, $3, $4)
        on conflict (tenant_id, at) do update set ok = excluded.ok, checks = excluded.checks
        """,
        tx.tenant_id,
        at,
        ok,
        checks,
    )
    await tx.execute(
        """
        insert into ledger.books (tenant_id, rolled_through, reconciled_at, is_sound, proven_at)
        values ($1, '-infinity', $2, $3, $4)
        on conflict (tenant_id) do update
            set reconciled_at = excluded.reconciled_at, is_sound = excluded.is_sound,
                proven_at = coalesce(excluded.proven_at, books.proven_at)
        """,
        tx.tenant_id,
        at,
        ok,
        at if is_thorough else None,
    )


async def drop_findings(tx: Tx, *, before: datetime) -> None:
    await tx.execute(
        "delete from ledger.reconciliations where tenant_id = $1 and at < $2",
        tx.tenant_id,
        before,
    )
