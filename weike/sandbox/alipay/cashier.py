"""`/alipay/cashier/{token}`: where a tester pays by hand, and the files of bills."""

from urllib.parse import urlencode, urlsplit

from litestar import MediaType, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from weike.sandbox import bills
from weike.sandbox.alipay import trades
from weike.sandbox.alipay.notifications import deliver_alipay
from weike.sandbox.alipay.pages import cashier_page, ended_page
from weike.sandbox.alipay.trades import Trade
from weike.sandbox.alipay.wire import AlipayRefusal, china, signature, yuan
from weike.sandbox.people import PEOPLE
from weike.sandbox.world import World


@get("/alipay/cashier/{token:str}", media_type=MediaType.HTML)
async def alipay_cashier(world: World, token: str) -> Response[str]:
    trade = trades.of_token(world, token)
    if trade is None:
        return _html(ended_page("订单不存在", "请回到商家重新发起。", mark="?"), 404)
    trades.open_cashier(world, trade)
    trade = trades.known_trade(world, trade.app_id, trade.out_trade_no)
    if trade.state == "TRADE_SUCCESS":
        back = back_address(world, trade)
        return _html(ended_page("已付款", "这笔订单已经付过了。", mark="✓", back=back))
    if trade.state != "WAIT_BUYER_PAY":
        return _html(
            ended_page("交易已关闭", "已超过付款期限。", mark="×", back=_safe(trade.return_url))
        )
    return _html(cashier_page(trade, back=_safe(trade.return_url), now=world.now()))


@post("/alipay/cashier/{token:str}/pay", status_code=200, media_type=MediaType.HTML)
async def pay_at_alipay(world: World, token: str) -> Response[str] | Redirect:
    """Pays, tells the shop (once, at once; the ladder does the rest) and goes back there."""
    trade = trades.of_token(world, token)
    if trade is None:
        return _html(ended_page("订单不存在", "请回到商家重新发起。", mark="?"), 404)
    try:
        paid = trades.pay(world, trade, buyer_id=PEOPLE[0].openid(trade.app_id))
    except AlipayRefusal as refusal:
        back = _safe(trade.return_url)
        return _html(ended_page("无法付款", refusal.message, mark="×", back=back), 409)
    await deliver_alipay(world)
    if back := back_address(world, paid):
        return Redirect(back, status_code=303)
    return _html(ended_page("付款成功", "可以关闭本页，回到商家查看。", mark="✓"))


@get("/alipay/bills/{app_id:str}/{token:str}", media_type="application/zip")
async def alipay_bill(world: World, app_id: str, token: str) -> Response[bytes]:
    """Whoever was told the address may fetch it, as with the real one."""
    content = bills.kept_file(world, token, app_id)
    if content is None:
        return Response(b"", status_code=404, media_type="application/zip")
    return Response(content, media_type="application/zip")


def back_address(world: World, trade: Trade) -> str:
    """The shop's address with what Alipay adds to it: signed, and proof of nothing."""
    address = _safe(trade.return_url)
    if not address:
        return ""
    facts = {
        "charset": "utf-8",
        "out_trade_no": trade.out_trade_no,
        "method": f"{trade.method}.return",
        "total_amount": yuan(trade.total),
        "trade_no": trade.trade_no,
        "app_id": trade.app_id,
        "sign_type": "RSA2",
        "seller_id": trade.seller_id,
        "timestamp": china(world.real_now()),
        "version": "1.0",
    }
    content = "&".join(f"{k}={v}" for k, v in sorted(facts.items()) if k != "sign_type")
    facts["sign"] = signature(world.keys.alipay, content.encode())
    return f"{address}{'&' if '?' in address else '?'}{urlencode(facts)}"


def _safe(url: str) -> str:
    """Only addresses of pages; `javascript:` and the like become nothing."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def _html(content: str, status: int = 200) -> Response[str]:
    return Response(content, media_type=MediaType.HTML, status_code=status)


ALIPAY_PAGES: tuple[HTTPRouteHandler, ...] = (alipay_cashier, pay_at_alipay, alipay_bill)
