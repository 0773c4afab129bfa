"""Everything fulfilment needs of the installation, built once by entry from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import httpx

from weike.kernel import Clock, Errand, Listener, OutsideJob
from weike.kernel.sealing import TenantBox, TenantHash
from weike.trade.events import ParcelCorrected, ParcelSent
from weike.trade.fulfilment.keys.keep_keys import KeySeal
from weike.trade.fulfilment.pickup.codes import CodeSeal
from weike.trade.fulfilment.tracking.follow import Follower, ask_to_be_told, query_silent
from weike.trade.fulfilment.tracking.kuaidi100 import Kuaidi100
from weike.trade.fulfilment.wechat.api import HTTPShippingAPI
from weike.trade.fulfilment.wechat.pushes import PushKeys
from weike.trade.fulfilment.wechat.reports import Reporter, report_shipping


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfilmentKit:
    """What the routes ask for by the name `fulfilment`."""

    keys: KeySeal
    codes: CodeSeal
    follower: Follower
    reporter: Reporter
    pushes: PushKeys


def build_fulfilment(
    *,
    clock: Clock,
    http: httpx.AsyncClient,
    sealing_secret: str,
    public_url: str,
    kuaidi100_url: str,
    wechat_api_url: str,
    app_secrets: TenantBox,
) -> FulfilmentKit:
    """`sealing_secret` must be the same for ever: without it no card key can be read again.
    `app_secrets` opens the secrets of the shops' WeChat apps."""
    return FulfilmentKit(
        keys=KeySeal(sealing_secret),
        codes=CodeSeal(sealing_secret),
        follower=Follower(
            service=Kuaidi100(http, url=kuaidi100_url),
            accounts=TenantBox(sealing_secret, "tracking account"),
            salts=TenantHash(sealing_secret, "tracking salt"),
            public_url=public_url,
        ),
        reporter=Reporter(
            api=HTTPShippingAPI(http, url=wechat_api_url, clock=clock), secrets=app_secrets
        ),
        pushes=PushKeys(sealing_secret),
    )


def errands(kit: FulfilmentKit) -> tuple[Listener, ...]:
    """Whom parcels are told to outside."""
    follow = partial(ask_to_be_told, kit.follower)
    report = partial(report_shipping, kit.reporter)
    return (
        Errand("trade.follow_parcel", ParcelSent, follow),
        Errand("trade.follow_corrected_parcel", ParcelCorrected, follow),
        Errand("trade.report_shipping", ParcelSent, report),
        Errand("trade.report_correction", ParcelCorrected, report),
    )


def outside_jobs(kit: FulfilmentKit) -> tuple[OutsideJob, ...]:
    return (
        OutsideJob(
            name="trade.query_tracking",
            every_seconds=300,
            due_tenants="""
                select distinct w.tenant_id from trade.tracking_wishes w where w.query_at <= $1
            """,
            run=partial(query_silent, kit.follower),
        ),
    )
