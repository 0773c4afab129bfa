"""SQL of transfers: one function per question or write. `$1` is always the tenant."""

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Record, Tx
from weike.payment.transfer_model import Transfer

_TRANSFER = (
    "t.id, t.config_id, t.purpose, t.purpose_id, t.app_id, t.payee, t.name_cipher, t.amount_minor,"
    " t.currency, t.remark, t.state, t.package_info, t.last_code, t.attempts"
)


async def insert_transfer(tx: Tx, transfer: Transfer, *, now: datetime) -> None:
    await tx.execute(
        """
        insert into payment.transfers (tenant_id, id, config_id, purpose, purpose_id, app_id, payee,
            name_cipher, amount_minor, currency, remark, state, next_at, requested_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'requested', $12, $12)
        """,
        tx.tenant_id,
        transfer.id,
        transfer.config_id,
        transfer.purpose,
        transfer.purpose_id,
        transfer.app_id,
        transfer.payee,
        transfer.name_cipher,
        transfer.amount_minor,
        transfer.currency,
        transfer.remark,
        now,
    )


async def transfer_by_id(tx: Tx, transfer_id: UUID) -> Transfer | None:
    return _transfer(
        await tx.fetchrow(
            f"select {_TRANSFER} from payment.transfers t"  # noqa: S608 - constant columns
            " where t.tenant_id = $1 and t.id = $2",
            tx.tenant_id,
            transfer_id,
        )
    )


async def transfer_of(tx: Tx, purpose: str, purpose_id: UUID) -> Transfer | None:
    return _transfer(
        await tx.fetchrow(
            f"select {_TRANSFER} from payment.transfers t"  # noqa: S608 - constant columns
            " where t.tenant_id = $1 and t.purpose = $2 and t.purpose_id = $3",
            tx.tenant_id,
            purpose,
            purpose_id,
        )
    )


async def lock_transfer(tx: Tx, transfer_id: UUID) -> Transfer | None:
    return _transfer(
        await tx.fetchrow(
            f"select {_TRANSFER} from payment.transfers t"  # noqa: S608 - constant columns
            " where t.tenant_id = $1 and t.id = $2 for update",
            tx.tenant_id,
            transfer_id,
        )
    )


async def mark_sending(tx: Tx, transfer_id: UUID, *, next_at: datetime) -> bool:
    """Written and committed before the call: a crash in between leaves a transfer to ask about."""
    return 1 == await tx.execute(
        "update payment.transfers set attempts = attempts + 1, next_at = $3,"
        " state = case state when 'requested' then 'sent' else state end"
        " where tenant_id = $1 and id = $2"
        " and state in ('requested', 'sent', 'unknown', 'confirming')",
        tx.tenant_id,
        transfer_id,
        next_at,
    )


async def mark_transfer(
    tx: Tx,
    transfer_id: UUID,
    *,
    state: str,
    last_code: str | None,
    next_at: datetime | None,
    provider_transfer_id: str | None = None,
    package_info: str | None = None,
    done_at: datetime | None = None,
) -> bool:
    """Moves one that is still on its way; false for one that is done."""
    return 1 == await tx.execute(
        "update payment.transfers set state = $3, last_code = $4, next_at = $5,"
        " provider_transfer_id = coalesce($6, provider_transfer_id),"
        " package_info = coalesce($7, package_info), done_at = $8"
        " where tenant_id = $1 and id = $2"
        " and state in ('requested', 'sent', 'unknown', 'confirming')",
        tx.tenant_id,
        transfer_id,
        state,
        last_code,
        next_at,
        provider_transfer_id or None,
        package_info,
        done_at,
    )


async def take_transfers_to_ask(
    tx: Tx, *, now: datetime, next_at: datetime, limit: int
) -> list[UUID]:
    """Moved on before they are asked about, so that a slow provider is not asked in a circle."""
    rows = await tx.fetch(
        "update payment.transfers u set next_at = $3 where u.tenant_id = $1 and u.id in ("
        "select t.id from payment.transfers t where t.tenant_id = $1 and t.next_at <= $2"
        " order by t.next_at limit $4 for update skip locked) returning u.id",
        tx.tenant_id,
        now,
        next_at,
        limit,
    )
    return [row["id"] for row in rows]


async def transferred_by_provider(tx: Tx) -> dict[str, int]:
    """What has gone out through each channel."""
    rows = await tx.fetch(
        """
        select c.provider, sum(t.amount_minor)::bigint as amount_minor
        from payment.transfers t
        join payment.configs c on c.tenant_id = t.tenant_id and c.id = t.config_id
        where t.tenant_id = $1 and c.tenant_id = $1 and t.state = 'succeeded'
        group by c.provider
        """,
        tx.tenant_id,
    )
    return {row["provider"]: row["amount_minor"] for row in rows}


def _transfer(row: Record | None) -> Transfer | None:
    return None if row is None else msgspec.convert(dict(row), Transfer)
