"""The demo's other ways to pay: Alipay since this morning, and balances that members keep.

What is paid at Alipay is paid at the sandbox that runs beside us, so that refunds work live and
its bill of today agrees. Without a sandbox its word is made up.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import httpx

from weike import payment, tenancy, trade
from weike.entry.demo.scene import Scene
from weike.kernel import Money, Tx
from weike.payment import way_queries
from weike.payment.balance import BalanceSettings, open_top_up
from weike.payment.model import Config, Intent, PaymentSeen
from weike.payment.outcome import Ok
from weike.payment.settle_payment import settle_payment
from weike.payment.ways import WaysOffered
from weike.sandbox.keys import load_or_make_keys
from weike.trade import Actor
from weike.trade.order.pay_order import description_of

_RULES = BalanceSettings(
    is_on=True,
    issuer="橙心（演示）商贸有限公司",
    filing="演示备案号 440300AAB0001",
    terms="充值即时到账；需要购卡协议或发票，请联系客服。",
)
_AT_ALIPAY = 5
_WITH_BALANCE = 3
_TOP_UP_MINOR = 500_00


class NotPaidAtAlipay(Exception):
    """The sandbox did not take a payment of the demo; the message says what it answered."""


async def show_purse(scene: Scene) -> None:
    """Five orders paid by Alipay, three members with a balance who spend it; one of them gives an
    order back and finds its money in the balance."""
    now = scene.now
    config = await scene.past.run(lambda tx: _set_up(tx, scene, now=now), at=now)
    buyers = scene.telling.buyers()
    for number in buyers[:_AT_ALIPAY]:
        intent = await scene.past.run(partial(_ask_again, scene=scene, number=number), at=now)
        await _pay_at_alipay(scene, config, intent)
    spent = []
    for number in buyers[_AT_ALIPAY : _AT_ALIPAY + _WITH_BALANCE]:
        intent = await scene.past.run(partial(_ask_top_up, scene=scene, number=number), at=now)
        await _pay_at_alipay(scene, config, intent)
        spent += await scene.past.run(partial(_spend, scene=scene, number=number), at=now)
    await scene.past.deliver(at=now)
    if spent:
        await scene.past.run(lambda tx: _give_back(tx, scene, *spent[0]), at=now)


async def _set_up(tx: Tx, scene: Scene, *, now: datetime) -> Config:
    folder = scene.house.settings.data / "sandbox"
    merchant = load_or_make_keys(folder, now=now).alipay.credentials.merchants[0]
    config = await payment.set_up_alipay(
        tx,
        scene.house.gateways,
        payment.AlipaySetUp(
            app_id=merchant.app_id,
            seller_id=merchant.seller_id,
            private_key_pem=merchant.private_key_pem,
            alipay_public_key_pem=merchant.alipay_public_key_pem,
        ),
        now=now,
    )
    await payment.set_balance(tx, _RULES, now=now)
    ways = WaysOffered(in_browser=("alipay", "wechat", "balance"), version=1)
    await way_queries.write_ways(tx, ways, now=now)
    for action, subject in (
        ("payment.alipay_set_up", config.id),
        ("payment.balance_set", config.id),
        ("payment.ways_offered", config.id),
    ):
        await tenancy.record_audit(
            tx,
            actor=scene.crew.owner,
            action=action,
            subject_type="payment_config",
            subject_id=subject,
            detail={},
            now=now,
        )
    return config


async def _ask_again(tx: Tx, scene: Scene, number: int) -> Intent:
    placed, titles = await scene.telling.order_again(tx, number, at=scene.now)
    return await payment.open_intent(
        tx,
        intent_id=scene.past.ids.at(scene.now),
        order_id=placed.id,
        amount=Money(placed.payable_minor),
        description=description_of(titles),
        expires_at=placed.expires_at,
        method="alipay_wap",
        now=scene.now,
    )


async def _ask_top_up(tx: Tx, scene: Scene, number: int) -> Intent:
    shop = await tenancy.tenant_of(tx)
    return await open_top_up(
        tx,
        top_up_id=scene.past.ids.at(scene.now),
        member_id=scene.telling.member_id(number),
        amount=Money(_TOP_UP_MINOR),
        method="alipay_wap",
        description=f"{shop.name} 余额充值",
        now=scene.now,
    )


async def _spend(tx: Tx, scene: Scene, number: int) -> list[tuple[trade.Placed, int]]:
    """As long as it is enough."""
    placed, titles = await scene.telling.order_again(tx, number, at=scene.now)
    amount = Money(placed.payable_minor)
    if not 0 < amount.minor <= _TOP_UP_MINOR:
        return []
    intent = await payment.pay_by_balance(
        tx,
        intent_id=scene.past.ids.at(scene.now),
        order_id=placed.id,
        member_id=scene.telling.member_id(number),
        amount=amount,
        description=description_of(titles),
        now=scene.now,
    )
    await trade.accept_payment(
        tx,
        order_id=placed.id,
        intent_id=intent.id,
        amount=amount,
        paid_at=scene.now,
        now=scene.now,
    )
    return [(placed, number)]


async def _give_back(tx: Tx, scene: Scene, placed: trade.Placed, number: int) -> None:
    await trade.refund_order(
        tx,
        refund_id=scene.past.ids.at(scene.now),
        order_id=placed.id,
        actor=Actor("member", scene.telling.member_id(number)),
        reason="不想要了",
        now=scene.now,
    )


async def _pay_at_alipay(scene: Scene, config: Config, intent: Intent) -> None:
    """Refuses with NotPaidAtAlipay."""
    seen = await _paid_at_sandbox(scene, config, intent) or _made_up(config, intent, scene.now)
    await scene.past.run(
        lambda tx: settle_payment(tx, seen, config=config, now=scene.now), at=scene.now
    )


async def _paid_at_sandbox(scene: Scene, config: Config, intent: Intent) -> PaymentSeen | None:
    sandbox_url = scene.house.settings.outside.sandbox_url
    if sandbox_url is None:
        return None
    begun = await payment.begin_payment(
        scene.past.database,
        scene.house.gateways,
        scene.past.tenant_id,
        intent_id=intent.id,
        payer_ip=None,
        now=scene.now,
    )
    if begun.form is None:
        raise NotPaidAtAlipay("no form")
    async with httpx.AsyncClient(base_url=sandbox_url, timeout=10.0) as sandbox:
        await sandbox.post(begun.form.action, data=begun.form.fields)
        paid = await sandbox.post(
            "/_ctl/alipay/pay", json={"out_trade_no": intent.out_trade_no, "notify": False}
        )
    told = await scene.house.gateways.of(config).query(intent.out_trade_no)
    if paid.is_error or not isinstance(told, Ok):
        raise NotPaidAtAlipay(f"{paid.status_code} {told}")
    return told.value


def _made_up(config: Config, intent: Intent, now: datetime) -> PaymentSeen:
    return PaymentSeen(
        mch_id=config.mch_id,
        app_id=intent.app_id,
        out_trade_no=intent.out_trade_no,
        state="paid",
        transaction_id=f"made-up-{intent.out_trade_no}",
        amount_minor=intent.amount_minor,
        currency=intent.currency,
        paid_at=now,
    )
