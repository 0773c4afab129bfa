"""Tell WeChat how an order was shipped: what is said, when it is said again, what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from weike import members, payment
from weike.kernel import Database, Record, TenantId, Tx, Unavailable
from weike.kernel.sealing import TenantBox
from weike.payment import Ok, Refused, Unknown
from weike.trade.couriers import KNOWN
from weike.trade.events import ParcelCorrected, ParcelSent
from weike.trade.fulfilment import queries as parcel_queries
from weike.trade.fulfilment.queries import Parcel
from weike.trade.fulfilment.wechat.api import App, ShippingAPI

PARCELS_LIMIT = 15
_DESCRIPTION_LIMIT = 120
_LOGISTICS = {"express": 1, "virtual": 3, "card_key": 3, "pickup": 4}
_UNIFIED, _SPLIT = 1, 2
CORRECTED_ONCE = "corrected_once"
"""WeChat takes one correction for a payment; a second one is not even sent."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """What reporting needs of the installation; one per process."""

    api: ShippingAPI
    secrets: TenantBox


@dataclass(frozen=True, slots=True)
class _Due:
    app: App
    body: dict[str, Any]
    content_hash: bytes
    is_all: bool
    before: Record | None


def report_of(
    *,
    transaction_id: str,
    openid: str,
    parcels: Sequence[Parcel],
    description: str,
    receiver_tail: str,
    is_all: bool,
    now: datetime,
) -> dict[str, Any]:
    """The body of upload_shipping_info. Split delivery exists for couriers only; an order of which
    a courier carries nothing is told at once."""
    carried = [parcel for parcel in parcels if parcel.kind == "express"][:PARCELS_LIMIT]
    kind = "express" if carried else parcels[0].kind
    item: dict[str, Any] = {"item_desc": description[:_DESCRIPTION_LIMIT]}
    shipping: list[dict[str, Any]] = [
        {
            "tracking_no": parcel.tracking_no,
            "express_company": _company(parcel.courier),
            **item,
            "contact": {"receiver_contact": f"*******{receiver_tail}"},
        }
        for parcel in carried
    ] or [item]
    is_split = kind == "express" and (len(shipping) > 1 or not is_all)
    body: dict[str, Any] = {
        "order_key": {"order_number_type": 2, "transaction_id": transaction_id},
        "logistics_type": _LOGISTICS[kind],
        "delivery_mode": _SPLIT if is_split else _UNIFIED,
        "shipping_list": shipping,
        "upload_time": now.isoformat(timespec="milliseconds"),
        "payer": {"openid": openid},
    }
    if is_split:
        body["is_all_delivered"] = is_all
    return body


def _company(courier: str) -> str:
    known = KNOWN.get(courier)
    return known.wechat if known and known.wechat else "OTHERS"


async def report_shipping(
    reporter: Reporter,
    database: Database,
    tenant_id: TenantId,
    event: ParcelSent | ParcelCorrected,
    now: datetime,
) -> None:
    """An errand. Nothing is told of orders that were not paid in the mini-program, nor twice the
    same; what nobody knows the outcome of is told again."""
    due = await database.run(tenant_id, lambda tx: _due(tx, reporter, event.order_id, now=now))
    if due is None:
        return
    told: Ok[None] | Refused | Unknown
    if _is_second_correction(due):
        told = Refused(CORRECTED_ONCE, "")
    else:
        managed = await reporter.api.is_managed(due.app)
        if isinstance(managed, Ok) and not managed.value:
            return
        told = (
            managed
            if isinstance(managed, Unknown)
            else await reporter.api.upload(due.app, due.body)
        )
    await database.run(tenant_id, lambda tx: _keep(tx, event.order_id, due=due, told=told, now=now))
    if isinstance(told, Unknown):
        raise Unavailable()


def _is_second_correction(due: _Due) -> bool:
    before = due.before
    return before is not None and before["is_all"] and before["corrected"] >= 1


async def _due(tx: Tx, reporter: Reporter, order_id: UUID, *, now: datetime) -> _Due | None:
    intent = await payment.intent_of(tx, order_id)
    if (
        intent is None
        or intent.method != "mini"
        or intent.state != "paid"
        or not intent.transaction_id
        or not intent.payer_openid
    ):
        return None
    app = await members.wechat_app_secret(tx, reporter.secrets, "mini")
    parcels = await parcel_queries.parcels_of(tx, order_id)
    if app is None or not parcels:
        return None
    is_all = not any(line.left for line in await parcel_queries.lines_of(tx, order_id))
    if not is_all and not any(parcel.kind == "express" for parcel in parcels):
        return None
    delivery = await parcel_queries.delivery_of(tx, order_id)
    titles = await parcel_queries.titles_of(tx, order_id)
    body = report_of(
        transaction_id=intent.transaction_id,
        openid=intent.payer_openid,
        parcels=parcels,
        description="、".join(titles.values()),
        receiver_tail=delivery["address"].get("phone_tail", ""),
        is_all=is_all,
        now=now,
    )
    said = {key: value for key, value in body.items() if key != "upload_time"}
    content_hash = hashlib.blake2b(msgspec.json.encode(said), digest_size=16).digest()
    before = await tx.fetchrow(
        """
        select r.state, r.content_hash, r.is_all, r.corrected from trade.shipping_reports r
        where r.tenant_id = $1 and r.order_id = $2
        """,
        tx.tenant_id,
        order_id,
    )
    if before and before["state"] == "ok" and before["content_hash"] == content_hash:
        return None
    return _Due(App(*app), body, content_hash, is_all, before)


async def _keep(
    tx: Tx, order_id: UUID, *, due: _Due, told: Ok[None] | Refused | Unknown, now: datetime
) -> None:
    """What was accepted before stays what WeChat knows when it refuses something newer."""
    match told:
        case Ok():
            state, code = "ok", None
        case Refused(refused, _):
            state, code = "refused", refused
        case Unknown(reason):
            state, code = "unknown", reason[:60]
    is_correction = state == "ok" and due.before is not None and due.before["is_all"]
    await tx.execute(
        """
        insert into trade.shipping_reports as r
            (tenant_id, order_id, state, content_hash, is_all, told, last_code, told_at)
        values ($1, $2, $3, $4, $5 and $3 = 'ok', 1, $6, $7)
        on conflict (tenant_id, order_id) do update set
            state = excluded.state,
            content_hash = case when excluded.state = 'ok' then excluded.content_hash
                                else r.content_hash end,
            is_all = r.is_all or excluded.is_all,
            told = r.told + 1, corrected = r.corrected + $8, last_code = excluded.last_code,
            told_at = excluded.told_at
        where r.tenant_id = $1
        """,
        tx.tenant_id,
        order_id,
        state,
        due.content_hash,
        due.is_all,
        code,
        now,
        int(is_correction),
    )


class ShippingReport(msgspec.Struct, frozen=True, kw_only=True):
    """What WeChat was told of one order, and what it answered last."""

    state: str
    last_code: str | None
    told_at: datetime


async def report_of_order(tx: Tx, order_id: UUID) -> ShippingReport | None:
    row = await tx.fetchrow(
        """
        select r.state, r.last_code, r.told_at from trade.shipping_reports r
        where r.tenant_id = $1 and r.order_id = $2
        """,
        tx.tenant_id,
        order_id,
    )
    return ShippingReport(**dict(row)) if row else None
