"""SQL of withdrawals, payees and payout rules. `$1` is always the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.distribution.tax.rules import PersonSums, TaxMethod, Withholding
from weike.distribution.withdrawals.model import (
    Part,
    PayoutRules,
    Withdrawal,
    WithdrawalState,
)
from weike.kernel import Record, Tx

_WITHDRAWAL = (
    "w.id, w.promoter_id, w.person_hash, w.channel, w.gross_minor, w.tax_minor, w.net_minor, "
    "w.currency, w.state, w.state_reason, w.rule_version, w.asked_at, w.state_at, w.paid_at, "
    "w.account_tail"
)


def _withdrawal(row: Record) -> Withdrawal:
    return msgspec.convert(dict(row), Withdrawal)


# Rules.


async def rules_at(tx: Tx, now: datetime) -> PayoutRules:
    """The version in force; the default when the merchant has set none."""
    return _rules(
        await tx.fetchrow(
            """
            select r.version, r.min_minor, r.max_minor, r.two_people_from_minor, r.tax_method,
                r.reason
            from distribution.payout_rules r
            where r.tenant_id = $1 and r.effective_at <= $2
            order by r.version desc limit 1
            """,
            tx.tenant_id,
            now,
        )
    )


async def rules_of_version(tx: Tx, version: int) -> PayoutRules:
    return _rules(
        await tx.fetchrow(
            """
            select r.version, r.min_minor, r.max_minor, r.two_people_from_minor, r.tax_method,
                r.reason
            from distribution.payout_rules r
            where r.tenant_id = $1 and r.version = $2
            """,
            tx.tenant_id,
            version,
        )
    )


def _rules(row: Record | None) -> PayoutRules:
    if row is None:
        return PayoutRules()
    return PayoutRules(**{**dict(row), "tax_method": TaxMethod(row["tax_method"])})


async def insert_rules(
    tx: Tx, rules: PayoutRules, *, effective_at: datetime, created_by: UUID
) -> None:
    await tx.execute(
        """
        insert into distribution.payout_rules
            (tenant_id, version, effective_at, min_minor, max_minor, two_people_from_minor,
             tax_method, reason, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        tx.tenant_id,
        rules.version,
        effective_at,
        rules.min_minor,
        rules.max_minor,
        rules.two_people_from_minor,
        rules.tax_method,
        rules.reason,
        created_by,
    )


# Payees.


async def put_person(
    tx: Tx,
    *,
    member_id: UUID,
    person_hash: bytes,
    name_cipher: bytes,
    id_cipher: bytes,
    id_tail: str,
    now: datetime,
) -> None:
    """A second account of a known person points to the same row."""
    await tx.execute(
        """
        insert into distribution.persons
            (tenant_id, person_hash, name_cipher, id_cipher, id_tail, declared_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (tenant_id, person_hash) do update set name_cipher = excluded.name_cipher
        """,
        tx.tenant_id,
        person_hash,
        name_cipher,
        id_cipher,
        id_tail,
        now,
    )
    await tx.execute(
        """
        insert into distribution.payees (tenant_id, member_id, person_hash, declared_at)
        values ($1, $2, $3, $4)
        on conflict (tenant_id, member_id)
            do update set person_hash = excluded.person_hash, declared_at = excluded.declared_at
        """,
        tx.tenant_id,
        member_id,
        person_hash,
        now,
    )


async def payee_of(tx: Tx, member_id: UUID) -> Record | None:
    return await tx.fetchrow(
        """
        select y.person_hash, y.declared_at, p.name_cipher, p.id_cipher, p.id_tail
        from distribution.payees y
        join distribution.persons p on p.tenant_id = y.tenant_id and p.person_hash = y.person_hash
        where y.tenant_id = $1 and p.tenant_id = $1 and y.member_id = $2
        """,
        tx.tenant_id,
        member_id,
    )


async def lock_promoter(tx: Tx, member_id: UUID) -> str | None:
    """The state; two withdrawals of one promoter at once wait for each other here."""
    state: str | None = await tx.fetchval(
        "select p.state from distribution.promoters p "
        "where p.tenant_id = $1 and p.member_id = $2 for update",
        tx.tenant_id,
        member_id,
    )
    return state


async def lock_person(tx: Tx, person_hash: bytes) -> None:
    """Her sums stand still until the commit."""
    await tx.fetchval(
        "select 1 from distribution.persons p "
        "where p.tenant_id = $1 and p.person_hash = $2 for update",
        tx.tenant_id,
        person_hash,
    )


async def sums_of(tx: Tx, person_hash: bytes, *, year: int, month: int) -> PersonSums:
    """Over all her accounts in this shop, what is under way included, what was undone not."""
    row = await tx.fetchrow(
        """
        select
            coalesce(sum(w.gross_minor) filter (where w.tax_month = $4), 0)::bigint as month_income,
            coalesce(sum(w.tax_minor) filter (where w.tax_month = $4), 0)::bigint as month_withheld,
            coalesce(sum(w.gross_minor), 0)::bigint as year_income,
            coalesce(sum(w.tax_minor), 0)::bigint as year_withheld,
            min(w.tax_month) as first_month
        from distribution.withdrawals w
        where w.tenant_id = $1 and w.person_hash = $2 and w.tax_year = $3
            and w.state not in ('rejected', 'cancelled', 'failed')
        """,
        tx.tenant_id,
        person_hash,
        year,
        month,
    )
    if row is None:
        raise AssertionError("an aggregate always gives one row")
    return PersonSums(
        month_income_minor=row["month_income"],
        month_withheld_minor=row["month_withheld"],
        year_income_minor=row["year_income"],
        year_withheld_minor=row["year_withheld"],
        first_month=row["first_month"],
    )


# Withdrawals.


async def withdrawal_by_id(tx: Tx, withdrawal_id: UUID) -> Withdrawal | None:
    row = await tx.fetchrow(
        f"select {_WITHDRAWAL} from distribution.withdrawals w "  # noqa: S608 - constant columns
        "where w.tenant_id = $1 and w.id = $2",
        tx.tenant_id,
        withdrawal_id,
    )
    return None if row is None else _withdrawal(row)


async def lock_withdrawals(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Withdrawal]:
    """In key order."""
    rows = await tx.fetch(
        f"select {_WITHDRAWAL} from distribution.withdrawals w "  # noqa: S608 - constant columns
        "where w.tenant_id = $1 and w.id = any($2::uuid[]) order by w.id for update",
        tx.tenant_id,
        list(ids),
    )
    return {row["id"]: _withdrawal(row) for row in rows}


async def open_of(tx: Tx, promoter_id: UUID) -> Withdrawal | None:
    row = await tx.fetchrow(
        f"select {_WITHDRAWAL} from distribution.withdrawals w "  # noqa: S608 - constant columns
        "where w.tenant_id = $1 and w.promoter_id = $2 "
        "and w.state in ('asked', 'approved', 'confirming')",
        tx.tenant_id,
        promoter_id,
    )
    return None if row is None else _withdrawal(row)


async def insert_withdrawal(
    tx: Tx,
    *,
    withdrawal: Withdrawal,
    account_cipher: bytes | None,
    tax: Withholding,
    year: int,
    month: int,
) -> None:
    await tx.execute(
        """
        insert into distribution.withdrawals
            (tenant_id, id, promoter_id, person_hash, channel, account_cipher, account_tail,
             gross_minor, tax_minor, net_minor, currency, tax_year, tax_month, tax, rule_version,
             state, asked_at, state_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb, $15, 'asked',
                $16, $16)
        """,
        tx.tenant_id,
        withdrawal.id,
        withdrawal.promoter_id,
        withdrawal.person_hash,
        withdrawal.channel,
        account_cipher,
        withdrawal.account_tail,
        withdrawal.gross_minor,
        withdrawal.tax_minor,
        withdrawal.net_minor,
        withdrawal.currency,
        year,
        month,
        msgspec.to_builtins(tax),
        withdrawal.rule_version,
        withdrawal.asked_at,
    )


async def move(
    tx: Tx,
    withdrawal_id: UUID,
    *,
    old: Sequence[WithdrawalState],
    new: WithdrawalState,
    reason: str = "",
    bank_reference: str | None = None,
    now: datetime,
) -> bool:
    """False when it was in none of the old states."""
    return bool(
        await tx.execute(
            """
            update distribution.withdrawals
            set state = $4::text, state_reason = $5, state_at = $6::timestamptz,
                paid_at = case when $4::text = 'paid' then $6::timestamptz end,
                bank_reference = coalesce($7, bank_reference)
            where tenant_id = $1 and id = $2 and state = any($3::text[])
            """,
            tx.tenant_id,
            withdrawal_id,
            list(old),
            new,
            reason,
            now,
            bank_reference,
        )
    )


async def tell(
    tx: Tx,
    withdrawal_id: UUID,
    *,
    id: UUID,
    kind: str,
    actor_id: UUID | None,
    reason: str = "",
    now: datetime,
) -> bool:
    """False when it was told before."""
    return bool(
        await tx.execute(
            """
            insert into distribution.withdrawal_events
                (tenant_id, withdrawal_id, id, kind, at, actor_id, reason)
            values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
            """,
            tx.tenant_id,
            withdrawal_id,
            id,
            kind,
            now,
            actor_id,
            reason,
        )
    )


async def approvers_of(tx: Tx, withdrawal_ids: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    rows = await tx.fetch(
        """
        select e.withdrawal_id, e.actor_id from distribution.withdrawal_events e
        where e.tenant_id = $1 and e.withdrawal_id = any($2::uuid[])
            and e.kind = 'approved' and e.actor_id is not null
        """,
        tx.tenant_id,
        list(withdrawal_ids),
    )
    found: dict[UUID, set[UUID]] = {}
    for row in rows:
        found.setdefault(row["withdrawal_id"], set()).add(row["actor_id"])
    return found


async def events_of(tx: Tx, withdrawal_id: UUID) -> list[Record]:
    return await tx.fetch(
        """
        select e.kind, e.at, e.actor_id, e.reason from distribution.withdrawal_events e
        where e.tenant_id = $1 and e.withdrawal_id = $2 order by e.at, e.id
        """,
        tx.tenant_id,
        withdrawal_id,
    )


async def lock_available(tx: Tx, promoter_id: UUID) -> list[tuple[UUID, int]]:
    """Commissions with something left to withdraw, the one whose hold ended first coming first."""
    rows = await tx.fetch(
        """
        select c.id, c.amount_minor - c.reversed_minor - c.withdrawn_minor as left_minor
        from distribution.commissions c
        where c.tenant_id = $1 and c.promoter_id = $2 and c.state = 'available'
            and c.amount_minor > c.reversed_minor + c.withdrawn_minor
        order by c.hold_until, c.id
        for update
        """,
        tx.tenant_id,
        promoter_id,
    )
    return [(row["id"], row["left_minor"]) for row in rows]


async def reserve(tx: Tx, withdrawal_id: UUID, parts: Sequence[Part]) -> None:
    """What is wholly laid on withdrawals reads `reserved`."""
    await tx.execute(
        """
        with laid as (
            insert into distribution.withdrawal_parts
                (tenant_id, withdrawal_id, commission_id, amount_minor)
            select $1, $2, p.commission_id, p.amount
            from unnest($3::uuid[], $4::bigint[]) as p(commission_id, amount)
        )
        update distribution.commissions c
        set withdrawn_minor = c.withdrawn_minor + p.amount,
            state = case when c.withdrawn_minor + p.amount >= c.amount_minor - c.reversed_minor
                then 'reserved' else c.state end
        from unnest($3::uuid[], $4::bigint[]) as p(commission_id, amount)
        where c.tenant_id = $1 and c.id = p.commission_id
        """,
        tx.tenant_id,
        withdrawal_id,
        [part.commission_id for part in parts],
        [part.amount_minor for part in parts],
    )


async def give_back(tx: Tx, withdrawal_id: UUID) -> None:
    await tx.execute(
        """
        update distribution.commissions c
        set withdrawn_minor = c.withdrawn_minor - p.amount_minor, state = 'available'
        from distribution.withdrawal_parts p
        where c.tenant_id = $1 and p.tenant_id = $1 and p.withdrawal_id = $2
            and c.id = p.commission_id
        """,
        tx.tenant_id,
        withdrawal_id,
    )


async def mark_paid_out(tx: Tx, withdrawal_id: UUID) -> None:
    await tx.execute(
        """
        update distribution.commissions c set state = 'paid'
        from distribution.withdrawal_parts p
        where c.tenant_id = $1 and p.tenant_id = $1 and p.withdrawal_id = $2
            and c.id = p.commission_id and c.state = 'reserved'
        """,
        tx.tenant_id,
        withdrawal_id,
    )


async def withdrawals(
    tx: Tx,
    *,
    promoter_id: UUID | None,
    state: WithdrawalState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Withdrawal]:
    """Newest first."""
    rows = await tx.fetch(
        f"""
        select {_WITHDRAWAL} from distribution.withdrawals w
        where w.tenant_id = $1
            and ($2::uuid is null or w.promoter_id = $2)
            and ($3::text is null or w.state = $3)
            and ($4::timestamptz is null or (w.asked_at, w.id) < ($4, $5::uuid))
        order by w.asked_at desc, w.id desc
        limit $6
        """,  # noqa: S608 - constant columns
        tx.tenant_id,
        promoter_id,
        state,
        before[0] if before else None,
        before[1] if before else None,
        limit,
    )
    return [_withdrawal(row) for row in rows]


async def tax_of(tx: Tx, withdrawal_id: UUID) -> dict[str, object]:
    told = await tx.fetchval(
        "select w.tax from distribution.withdrawals w where w.tenant_id = $1 and w.id = $2",
        tx.tenant_id,
        withdrawal_id,
    )
    return dict(told)


async def account_cipher_of(tx: Tx, withdrawal_id: UUID) -> bytes | None:
    sealed: bytes | None = await tx.fetchval(
        "select w.account_cipher from distribution.withdrawals w "
        "where w.tenant_id = $1 and w.id = $2",
        tx.tenant_id,
        withdrawal_id,
    )
    return sealed


async def open_minor(tx: Tx) -> int:
    """Before tax, over all promoters."""
    return int(
        await tx.fetchval(
            """
            select coalesce(sum(w.gross_minor), 0)::bigint from distribution.withdrawals w
            where w.tenant_id = $1 and w.state in ('asked', 'approved', 'confirming')
            """,
            tx.tenant_id,
        )
    )


async def paid_minor(tx: Tx, promoter_id: UUID) -> int:
    """Before tax, over all withdrawals that were paid."""
    return int(
        await tx.fetchval(
            """
            select coalesce(sum(w.gross_minor), 0)::bigint from distribution.withdrawals w
            where w.tenant_id = $1 and w.promoter_id = $2 and w.state = 'paid'
            """,
            tx.tenant_id,
            promoter_id,
        )
    )
