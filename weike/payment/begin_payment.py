"""Begin a payment: ask the provider for what the buyer's phone needs to pay an intent.

The call is made between two transactions: one reads, one writes down what was answered. When
nobody knows what was answered, the same intent may be begun again; its number never changes.
"""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries
from weike.payment.errors import (
    IntentNotFound,
    IntentNotPayable,
    PaymentNotSetUp,
    ProviderRefused,
    ProviderUnreachable,
)
from weike.payment.model import QUERY_AFTER_SECONDS, Config, Intent, Method, next_try
from weike.payment.outcome import Ok, Refused
from weike.payment.ports import Gateways, PayFields, PayForm
from weike.payment.query_payment import query_payment


class PaymentBegun(Struct, frozen=True, omit_defaults=True):
    """The body of the pay route's answer: one of the four ways is filled."""

    intent_id: UUID
    method: Method
    jsapi: dict[str, str] | None = None
    h5_url: str | None = None
    code_url: str | None = None
    form: PayForm | None = None


async def begin_payment(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    intent_id: UUID,
    payer_ip: str | None,
    now: datetime,
) -> PaymentBegun:
    """Refuses with IntentNotFound, IntentNotPayable, PaymentNotSetUp, ProviderRefused,
    ProviderUnreachable."""
    intent, config = await database.run(tenant_id, lambda tx: _payable(tx, intent_id, now))
    gateway = gateways.of(config)
    if intent.prepay and intent.has_live_prepay(now):
        return _begun(intent, gateway.pay_fields(intent.method, intent.app_id, intent.prepay))
    asked = await gateway.prepay(intent, payer_ip=payer_ip)
    if isinstance(asked, Ok):
        prepay = asked.value
        kept = await database.run(
            tenant_id,
            lambda tx: queries.mark_prepaid(
                tx,
                intent.id,
                prepay=prepay,
                now=now,
                next_query_at=next_try(QUERY_AFTER_SECONDS, 0, now),
            ),
        )
        if not kept:
            # Closed or paid while we asked: what we hold must not be paid.
            raise IntentNotPayable(state="changed")
        return _begun(intent, gateway.pay_fields(intent.method, intent.app_id, prepay))
    if isinstance(asked, Refused):
        if gateway.meaning(asked) in ("paid", "closed"):
            await query_payment(database, gateways, tenant_id, intent_id=intent.id, now=now)
            raise IntentNotPayable(state=gateway.meaning(asked))
        raise ProviderRefused(provider_code=asked.code, provider_message=asked.message)
    await database.run(
        tenant_id,
        lambda tx: queries.mark_unknown(
            tx, intent.id, next_query_at=next_try(QUERY_AFTER_SECONDS, 0, now)
        ),
    )
    raise ProviderUnreachable(retry_after=2)


async def _payable(tx: Tx, intent_id: UUID, now: datetime) -> tuple[Intent, Config]:
    intent = await queries.intent_by_id(tx, intent_id)
    if intent is None:
        raise IntentNotFound()
    if not intent.is_open or intent.close_requested_at or intent.expires_at <= now:
        raise IntentNotPayable(state=intent.state)
    config = await queries.config_by_id(tx, intent.config_id)
    if config is None or config.state != "active":
        raise PaymentNotSetUp(method=intent.method)
    return intent, config


def _begun(intent: Intent, fields: PayFields) -> PaymentBegun:
    return PaymentBegun(
        intent_id=intent.id,
        method=intent.method,
        jsapi=fields.jsapi,
        h5_url=fields.h5_url,
        code_url=fields.code_url,
        form=fields.form,
    )
