"""SQL of balances: settings, accounts, and what the states say about them.

`$1` is always the tenant.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.payment.balance.model import Account, BalanceSettings


async def settings_of_shop(tx: Tx) -> BalanceSettings:
    """What nobody has set is switched off."""
    row = await tx.fetchrow(
        "select s.is_on, s.issuer, s.filing, s.terms, s.anonymous_limit_minor,"
        " s.named_limit_minor, s.validity_years, s.choices_minor, s.version"
        " from payment.balance_settings s where s.tenant_id = $1",
        tx.tenant_id,
    )
    return msgspec.convert(dict(row), type=BalanceSettings) if row else BalanceSettings()


async def write_settings(tx: Tx, settings: BalanceSettings, *, now: datetime) -> bool:
    """`settings.version` is one more than what the writer has seen; false when it is not."""
    return 1 == await tx.execute(
        """
        insert into payment.balance_settings (tenant_id, is_on, issuer, filing, terms,
            anonymous_limit_minor, named_limit_minor, validity_years, choices_minor, version,
            updated_at)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::bigint, $11
        where $10::bigint = 1
           or exists (select 1 from payment.balance_settings s where s.tenant_id = $1)
        on conflict (tenant_id) do update set is_on = excluded.is_on, issuer = excluded.issuer,
            filing = excluded.filing, terms = excluded.terms,
            anonymous_limit_minor = excluded.anonymous_limit_minor,
            named_limit_minor = excluded.named_limit_minor,
            validity_years = excluded.validity_years, choices_minor = excluded.choices_minor,
            version = excluded.version, updated_at = excluded.updated_at
            where balance_settings.version = excluded.version - 1
        """,
        tx.tenant_id,
        settings.is_on,
        settings.issuer,
        settings.filing,
        settings.terms,
        settings.anonymous_limit_minor,
        settings.named_limit_minor,
        settings.validity_years,
        list(settings.choices_minor),
        settings.version,
        now,
    )


async def account_of(tx: Tx, member_id: UUID) -> Account | None:
    row = await tx.fetchrow(
        "select a.member_id, a.holder_cipher, a.rests_at from payment.balance_accounts a"
        " where a.tenant_id = $1 and a.member_id = $2",
        tx.tenant_id,
        member_id,
    )
    return msgspec.convert(dict(row), type=Account) if row else None


async def lock_account(tx: Tx, member_id: UUID) -> Account | None:
    """Until the end of the transaction nobody else takes from this balance."""
    row = await tx.fetchrow(
        "select a.member_id, a.holder_cipher, a.rests_at from payment.balance_accounts a"
        " where a.tenant_id = $1 and a.member_id = $2 for update",
        tx.tenant_id,
        member_id,
    )
    return msgspec.convert(dict(row), type=Account) if row else None


async def open_account(tx: Tx, member_id: UUID, *, now: datetime) -> None:
    await tx.execute(
        "insert into payment.balance_accounts (tenant_id, member_id, opened_at)"
        " values ($1, $2, $3) on conflict (tenant_id, member_id) do nothing",
        tx.tenant_id,
        member_id,
        now,
    )


async def let_rest_at(tx: Tx, member_id: UUID, at: datetime | None) -> None:
    await tx.execute(
        "update payment.balance_accounts set rests_at = $3 where tenant_id = $1 and member_id = $2",
        tx.tenant_id,
        member_id,
        at,
    )


async def name_holder(tx: Tx, member_id: UUID, *, cipher: bytes, now: datetime) -> None:
    await tx.execute(
        "update payment.balance_accounts set holder_cipher = $3, named_at = $4, rests_at = null"
        " where tenant_id = $1 and member_id = $2",
        tx.tenant_id,
        member_id,
        cipher,
        now,
    )


async def states_of_members(tx: Tx) -> list[Record]:
    """What intents and refunds say each member has, and has on its way back. Top-ups that nobody
    wanted (twice, too late) never reached a balance."""
    return await tx.fetch(
        """
        with paid as (
            select i.id, i.member_id, i.subject, i.amount_minor
            from payment.intents i
            where i.tenant_id = $1 and i.member_id is not null and i.state = 'paid'
              and not exists (
                  select 1 from payment.refunds r
                  where r.tenant_id = $1 and r.intent_id = i.id and r.purpose = 'return')
        ), back as (
            select r.intent_id,
                   sum(r.amount_minor) filter (where r.purpose = 'order'
                       and r.state = 'succeeded') as returned,
                   sum(r.amount_minor) filter (where r.purpose = 'balance_out'
                       and r.state <> 'refused') as gone,
                   sum(r.amount_minor) filter (where r.purpose = 'balance_out'
                       and r.state not in ('refused', 'succeeded')) as leaving
            from payment.refunds r
            join paid p on p.id = r.intent_id
            where r.tenant_id = $1
            group by r.intent_id
        )
        select p.member_id,
               sum(case when p.subject = 'top_up' then p.amount_minor - coalesce(b.gone, 0)
                        else coalesce(b.returned, 0) - p.amount_minor end)::bigint as balance_minor,
               coalesce(sum(b.leaving), 0)::bigint as leaving_minor
        from paid p
        left join back b on b.intent_id = p.id
        group by p.member_id
        """,
        tx.tenant_id,
    )
