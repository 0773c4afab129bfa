"""SQL of configs, intents and the inbox: one function per question or write.

`$1` is always the tenant. Refunds are in `refund_queries`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import Database, Record, TenantId, Tx
from weike.payment.model import Config, Intent, IntentState, Provider

_INTENT = (
    "i.id, i.order_id, i.config_id, i.method, i.app_id, i.out_trade_no, i.description,"
    " i.amount_minor, i.currency, i.payer_openid, i.state, i.prepay, i.prepaid_at,"
    " i.expires_at, i.close_requested_at, i.transaction_id, i.paid_at, i.refunding_minor,"
    " i.queries, i.subject, i.member_id"
)
_CONFIG = (
    "c.id, c.provider, c.mch_id, c.app_id, c.app_id_mini, c.app_id_official,"
    " c.credentials_cipher, c.state, c.version"
)


async def tenant_of_hook(database: Database, config_id: UUID) -> TenantId | None:
    rows = await database.reference(
        "select h.tenant_id from payment.hooks h where h.config_id = $1", config_id
    )
    return TenantId(rows[0]["tenant_id"]) if rows else None


async def config_of_shop(tx: Tx, provider: Provider) -> Config | None:
    """The one in use; without one, the one used last."""
    row = await tx.fetchrow(
        f"select {_CONFIG} from payment.configs c"  # noqa: S608  # constant columns
        " where c.tenant_id = $1 and c.provider = $2"
        " order by c.state = 'active' desc, c.id desc limit 1",
        tx.tenant_id,
        provider,
    )
    return _config(row)


async def config_by_id(tx: Tx, config_id: UUID) -> Config | None:
    row = await tx.fetchrow(
        f"select {_CONFIG} from payment.configs c where c.tenant_id = $1 and c.id = $2",  # noqa: S608
        tx.tenant_id,
        config_id,
    )
    return _config(row)


async def active_providers(tx: Tx) -> set[str]:
    """Those that can be asked to take money."""
    rows = await tx.fetch(
        "select c.provider from payment.configs c where c.tenant_id = $1 and c.state = 'active'",
        tx.tenant_id,
    )
    return {row["provider"] for row in rows}


async def insert_config(tx: Tx, config: Config, *, now: datetime) -> None:
    await tx.execute(
        """
        insert into payment.configs (tenant_id, id, provider, mch_id, app_id, app_id_mini,
            app_id_official, credentials_cipher, state, version, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
        """,
        tx.tenant_id,
        config.id,
        config.provider,
        config.mch_id,
        config.app_id,
        config.app_id_mini,
        config.app_id_official,
        config.credentials_cipher,
        config.state,
        config.version,
        now,
    )


async def update_config(tx: Tx, config: Config, *, now: datetime) -> bool:
    """False when somebody else wrote it since it was read: `config.version` is one more than
    what the writer has seen."""
    return 1 == await tx.execute(
        "update payment.configs set app_id = $4, app_id_mini = $5, app_id_official = $6,"
        " credentials_cipher = $7, state = $8, version = $3, updated_at = $9"
        " where tenant_id = $1 and id = $2 and version = $3 - 1",
        tx.tenant_id,
        config.id,
        config.version,
        config.app_id,
        config.app_id_mini,
        config.app_id_official,
        config.credentials_cipher,
        config.state,
        now,
    )


async def switch_off(tx: Tx, config_id: UUID, *, now: datetime) -> None:
    await tx.execute(
        "update payment.configs set state = 'off', version = version + 1, updated_at = $3"
        " where tenant_id = $1 and id = $2",
        tx.tenant_id,
        config_id,
        now,
    )


async def write_hook(tx: Tx, config_id: UUID) -> None:
    await tx.execute(
        "insert into payment.hooks (config_id, tenant_id) values ($2, $1)"
        " on conflict (config_id) do nothing",
        tx.tenant_id,
        config_id,
    )


async def intent_by_id(tx: Tx, intent_id: UUID) -> Intent | None:
    row = await tx.fetchrow(
        f"select {_INTENT} from payment.intents i where i.tenant_id = $1 and i.id = $2",  # noqa: S608
        tx.tenant_id,
        intent_id,
    )
    return _intent(row)


async def intents_of_order(tx: Tx, order_id: UUID) -> list[Intent]:
    """Oldest first."""
    rows = await tx.fetch(
        f"select {_INTENT} from payment.intents i"  # noqa: S608
        " where i.tenant_id = $1 and i.order_id = $2 order by i.created_at, i.id",
        tx.tenant_id,
        order_id,
    )
    return [intent for row in rows if (intent := _intent(row))]


async def order_of_number(tx: Tx, out_trade_no: str) -> UUID | None:
    order_id = await tx.fetchval(
        "select i.order_id from payment.intents i where i.tenant_id = $1 and i.out_trade_no = $2",
        tx.tenant_id,
        out_trade_no,
    )
    return order_id if isinstance(order_id, UUID) else None


async def intent_of_number(tx: Tx, config_id: UUID, out_trade_no: str) -> Intent | None:
    row = await tx.fetchrow(
        f"select {_INTENT} from payment.intents i"  # noqa: S608
        " where i.tenant_id = $1 and i.config_id = $2 and i.out_trade_no = $3",
        tx.tenant_id,
        config_id,
        out_trade_no,
    )
    return _intent(row)


async def lock_intents_of_order(tx: Tx, order_id: UUID) -> list[Intent]:
    """In key order: whoever decides about one payment of an order decides about all."""
    rows = await tx.fetch(
        f"select {_INTENT} from payment.intents i"  # noqa: S608
        " where i.tenant_id = $1 and i.order_id = $2 order by i.id for update",
        tx.tenant_id,
        order_id,
    )
    return [intent for row in rows if (intent := _intent(row))]


async def lock_top_ups_of_member(tx: Tx, member_id: UUID) -> list[Intent]:
    """In key order, before the member's balance: nobody waits in a circle."""
    rows = await tx.fetch(
        f"select {_INTENT} from payment.intents i"  # noqa: S608
        " where i.tenant_id = $1 and i.member_id = $2 and i.subject = 'top_up'"
        " and (i.state in ('created', 'prepaid', 'unknown')"
        "      or i.state = 'paid' and i.refunding_minor < i.amount_minor)"
        " order by i.id for update",
        tx.tenant_id,
        member_id,
    )
    return [intent for row in rows if (intent := _intent(row))]


async def insert_intent(
    tx: Tx, intent: Intent, *, now: datetime, next_query_at: datetime | None
) -> None:
    await tx.execute(
        """
        insert into payment.intents (tenant_id, id, order_id, config_id, method, app_id,
            out_trade_no, description, amount_minor, currency, payer_openid, state, expires_at,
            next_query_at, created_at, subject, member_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'created', $12, $13, $14, $15, $16)
        """,
        tx.tenant_id,
        intent.id,
        intent.order_id,
        intent.config_id,
        intent.method,
        intent.app_id,
        intent.out_trade_no,
        intent.description,
        intent.amount_minor,
        intent.currency,
        intent.payer_openid,
        intent.expires_at,
        next_query_at,
        now,
        intent.subject,
        intent.member_id,
    )


async def mark_prepaid(
    tx: Tx, intent_id: UUID, *, prepay: dict[str, str], now: datetime, next_query_at: datetime
) -> bool:
    return 1 == await tx.execute(
        "update payment.intents set state = 'prepaid', prepay = $3, prepaid_at = $4,"
        " next_query_at = $5, queries = 0 where tenant_id = $1 and id = $2"
        " and state in ('created', 'prepaid', 'unknown')",
        tx.tenant_id,
        intent_id,
        prepay,
        now,
        next_query_at,
    )


async def mark_unknown(tx: Tx, intent_id: UUID, *, next_query_at: datetime) -> None:
    await tx.execute(
        "update payment.intents set state = 'unknown', next_query_at = $3"
        " where tenant_id = $1 and id = $2 and state in ('created', 'unknown')",
        tx.tenant_id,
        intent_id,
        next_query_at,
    )


async def mark_paid(
    tx: Tx, intent_id: UUID, *, transaction_id: str, payer: str, paid_at: datetime
) -> None:
    await tx.execute(
        "update payment.intents set state = 'paid', transaction_id = $3, payer = $4,"
        " paid_at = $5, next_query_at = null where tenant_id = $1 and id = $2"
        " and state in ('created', 'prepaid', 'unknown', 'closed')",
        tx.tenant_id,
        intent_id,
        transaction_id,
        payer,
        paid_at,
    )


async def mark_accepted(
    tx: Tx, intent_id: UUID, *, transaction_id: str, payer: str, paid_at: datetime
) -> bool:
    """A person accepted the quarantined money: it is this intent's payment after all."""
    return 1 == await tx.execute(
        "update payment.intents set state = 'paid', transaction_id = $3, payer = $4, paid_at = $5,"
        " next_query_at = null where tenant_id = $1 and id = $2 and state = 'quarantined'",
        tx.tenant_id,
        intent_id,
        transaction_id,
        payer,
        paid_at,
    )


async def mark_ended(tx: Tx, intent_id: UUID, state: IntentState) -> None:
    """Closed or quarantined: nothing more is asked about it. Paid stays paid."""
    await tx.execute(
        "update payment.intents set state = $3, next_query_at = null where tenant_id = $1"
        " and id = $2 and state in ('created', 'prepaid', 'unknown')",
        tx.tenant_id,
        intent_id,
        state,
    )


async def request_close(tx: Tx, intent_ids: Sequence[UUID], *, now: datetime) -> None:
    await tx.execute(
        "update payment.intents set close_requested_at = $3, next_query_at = $3"
        " where tenant_id = $1 and id = any($2) and state in ('created', 'prepaid', 'unknown')"
        " and close_requested_at is null",
        tx.tenant_id,
        list(intent_ids),
        now,
    )


async def query_later(tx: Tx, intent_id: UUID, *, at: datetime | None) -> None:
    await tx.execute(
        "update payment.intents set queries = queries + 1, next_query_at = $3"
        " where tenant_id = $1 and id = $2 and state in ('created', 'prepaid', 'unknown')",
        tx.tenant_id,
        intent_id,
        at,
    )


async def take_intents_to_query(
    tx: Tx, *, now: datetime, next_query_at: datetime, limit: int
) -> list[UUID]:
    """Moved on before anybody is asked: whatever goes wrong with one of them, the others get
    their turn, and no second worker asks the same."""
    rows = await tx.fetch(
        "update payment.intents u set next_query_at = $3 where u.tenant_id = $1 and u.id in ("
        "select i.id from payment.intents i where i.tenant_id = $1 and i.next_query_at <= $2"
        " order by i.next_query_at limit $4 for update skip locked) returning u.id",
        tx.tenant_id,
        now,
        next_query_at,
        limit,
    )
    return [row["id"] for row in rows]


async def promise_back(tx: Tx, intent_id: UUID, amount_minor: int) -> bool:
    """Reserves a part of the payment for a refund; false when not so much is left."""
    return 1 == await tx.execute(
        "update payment.intents set refunding_minor = refunding_minor + $3"
        " where tenant_id = $1 and id = $2 and state = 'paid'"
        " and refunding_minor + $3 <= amount_minor",
        tx.tenant_id,
        intent_id,
        amount_minor,
    )


async def keep_after_all(tx: Tx, intent_id: UUID, amount_minor: int) -> None:
    await tx.execute(
        "update payment.intents set refunding_minor = refunding_minor - $3"
        " where tenant_id = $1 and id = $2",
        tx.tenant_id,
        intent_id,
        amount_minor,
    )


async def knows_notification(tx: Tx, config_id: UUID, notification_id: str) -> bool:
    return bool(
        await tx.fetchval(
            "select true from payment.inbox n where n.tenant_id = $1 and n.config_id = $2"
            " and n.notification_id = $3",
            tx.tenant_id,
            config_id,
            notification_id,
        )
    )


async def insert_notification(
    tx: Tx,
    *,
    config_id: UUID,
    notification_id: str,
    event_type: str,
    outcome: str,
    reason: str | None,
    content: object,
    now: datetime,
) -> None:
    await tx.execute(
        "insert into payment.inbox (tenant_id, config_id, notification_id, event_type, outcome,"
        " reason, content, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        tx.tenant_id,
        config_id,
        notification_id,
        event_type,
        outcome,
        reason,
        content,
        now,
    )


async def quarantined_count(tx: Tx) -> int:
    """Money that fits nothing and waits for a person, and money that nobody wanted and the
    provider would not take back."""
    return int(
        await tx.fetchval(
            """
            select
                (select count(*) from payment.quarantined q
                  where q.tenant_id = $1 and q.state = 'held')
              + (select count(*) from payment.refunds r
                  where r.tenant_id = $1 and r.purpose = 'return' and r.state = 'refused')
            """,
            tx.tenant_id,
        )
    )


async def channel_sums(tx: Tx) -> list[Record]:
    """What came in and what went back by our states, for each channel that ever was set up."""
    return await tx.fetch(
        """
        select c.provider,
               coalesce(sum(i.paid_minor), 0)::bigint as paid_minor,
               coalesce(sum(i.refunded_minor), 0)::bigint as refunded_minor
        from payment.configs c
        left join (
            select p.config_id, p.amount_minor as paid_minor, coalesce((
                select sum(r.amount_minor) from payment.refunds r
                where r.tenant_id = $1 and r.intent_id = p.id and r.state = 'succeeded'
            ), 0) as refunded_minor
            from payment.intents p where p.tenant_id = $1 and p.state = 'paid'
        ) i on i.config_id = c.id
        where c.tenant_id = $1
        group by c.provider
        """,
        tx.tenant_id,
    )


def _config(row: Record | None) -> Config | None:
    return msgspec.convert(dict(row), type=Config) if row else None


def _intent(row: Record | None) -> Intent | None:
    return msgspec.convert(dict(row), type=Intent) if row else None
