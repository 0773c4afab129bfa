"""`/_ctl/alipay/…`: the tester's hand at the simulated Alipay."""

from litestar import Router, get, post
from litestar.exceptions import HTTPException
from msgspec import Struct

from weike.sandbox.alipay import trades
from weike.sandbox.alipay.notifications import AlipayQueued, deliver_alipay
from weike.sandbox.alipay.trades import RefundRow, Trade
from weike.sandbox.alipay.wire import AlipayRefusal
from weike.sandbox.people import PEOPLE
from weike.sandbox.world import World


class PayAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which trade is paid; `notify` false leaves the notification to the ladder's loop."""

    out_trade_no: str
    app_id: str | None = None
    notify: bool = True


class AlipaySettingsAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """`refund_seconds`: how long a refund takes to reach the buyer."""

    refund_seconds: int


class AlipayTruth(Struct, frozen=True):
    trades: list[Trade]
    refunds: list[RefundRow]
    notifications: list[AlipayQueued]
    paid_minor: int
    refunded_minor: int


@post("/pay", status_code=200)
async def pay_trade(world: World, data: PayAsked) -> dict[str, object]:
    app_id = data.app_id or world.keys.alipay.credentials.merchants[0].app_id
    trade = trades.find(world, app_id, data.out_trade_no)
    if trade is None:
        raise HTTPException(status_code=409, detail="交易不存在")
    try:
        paid = trades.pay(world, trade, buyer_id=PEOPLE[0].openid(app_id))
    except AlipayRefusal as refusal:
        raise HTTPException(status_code=409, detail=refusal.message) from refusal
    if data.notify:
        await deliver_alipay(world)
    return trades.shown(paid)


@post("/settings", status_code=200)
async def change_alipay(world: World, data: AlipaySettingsAsked) -> dict[str, int]:
    world.store.keep_setting("alipay_refund_seconds", str(data.refund_seconds))
    return {"refund_seconds": data.refund_seconds}


@get("/truth")
async def alipay_truth(world: World) -> AlipayTruth:
    known = world.store.every(Trade, "SELECT * FROM alipay_trades ORDER BY rowid")
    refunds = world.store.every(RefundRow, "SELECT * FROM alipay_refunds ORDER BY rowid")
    return AlipayTruth(
        trades=known,
        refunds=refunds,
        notifications=world.store.every(
            AlipayQueued, "SELECT * FROM alipay_notifications ORDER BY rowid"
        ),
        paid_minor=sum(one.total for one in known if one.paid_at),
        refunded_minor=sum(one.amount for one in refunds if one.done_at <= world.now()),
    )


alipay_control = Router("/_ctl/alipay", route_handlers=[pay_trade, change_alipay, alipay_truth])
