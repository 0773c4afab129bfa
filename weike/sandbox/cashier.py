"""`/cashier/{prepay_id}`: 模拟收银台, where a tester pays by hand, and the sandbox's front page.

The mini-program and JSAPI ways reach it with the signed pay call in the query; a wrong
`paySign` is refused as WeChat would refuse it.
"""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import State
from litestar.params import QueryParameter
from litestar.response import Redirect

from weike.sandbox import orders
from weike.sandbox.notifications import Queued, deliver_due
from weike.sandbox.orders import Order
from weike.sandbox.pages import cashier_page, home_page, message_page
from weike.sandbox.people import PEOPLE
from weike.sandbox.wire import ProtocolRefusal
from weike.sandbox.world import World

ReturnUrl = Annotated[str, QueryParameter(name="return_url")]
RedirectUrl = Annotated[str, QueryParameter(name="redirect_url")]

_PAY_CALL_FIELDS = ("appId", "timeStamp", "nonceStr", "paySign")


@get("/", media_type=MediaType.HTML)
async def home(world: World) -> Response[str]:
    latest = world.store.every(Order, "SELECT * FROM orders ORDER BY rowid DESC LIMIT 8")
    sent = world.store.every(Queued, "SELECT * FROM notifications ORDER BY rowid DESC LIMIT 8")
    return _html(home_page(latest, sent))


@get("/cashier/{prepay_id:str}", media_type=MediaType.HTML)
async def cashier(
    world: World,
    request: Request[None, None, State],
    prepay_id: str,
    return_url: ReturnUrl = "",
    redirect_url: RedirectUrl = "",
) -> Response[str]:
    """`redirect_url` is WeChat's own name for H5; `return_url` means the same."""
    back = _safe(return_url or redirect_url)
    order = orders.order_of_prepay(world, prepay_id)
    if order is None:
        return _html(
            message_page("订单不存在", "支付会话已过期，请回到商家重新发起。", mark="?"), 404
        )
    if any(name in request.query_params for name in _PAY_CALL_FIELDS):
        fields = {name: request.query_params.get(name, "") for name in _PAY_CALL_FIELDS}
        if not _pay_call_is_signed(world, order, prepay_id, fields):
            return _html(message_page("支付验证签名失败", "请检查 paySign。", mark="!"), 400)
    if order.state in ("SUCCESS", "REFUND"):
        return _html(message_page("已支付", "这笔订单已经付过了。", mark="✓", return_url=back))
    if order.state == "CLOSED" or world.now() > order.payable_until:
        return _html(message_page("订单已关闭", "已超过支付期限。", mark="×", return_url=back))
    return _html(cashier_page(order, prepay_id=prepay_id, return_url=back, now=world.now()))


@post("/cashier/{prepay_id:str}/pay", status_code=200, media_type=MediaType.HTML)
async def pay_by_hand(
    world: World, prepay_id: str, return_url: ReturnUrl = ""
) -> Response[str] | Redirect:
    """Pays, tells the shop (once, at once; the ladder does the rest) and goes back there."""
    back = _safe(return_url)
    order = orders.order_of_prepay(world, prepay_id)
    if order is None:
        return _html(
            message_page("订单不存在", "支付会话已过期，请回到商家重新发起。", mark="?"), 404
        )
    try:
        orders.pay(world, order, openid=PEOPLE[0].openid(order.app_id))
    except ProtocolRefusal as refusal:
        return _html(message_page("无法支付", refusal.message, mark="×", return_url=back), 409)
    await deliver_due(world)
    if back:
        return Redirect(back, status_code=303)
    return _html(message_page("支付成功", "可以关闭本页，回到商家查看。", mark="✓"))


def _safe(url: str) -> str:
    """Only addresses of pages; `javascript:` and the like become nothing."""
    scheme = urlsplit(url).scheme
    return url if scheme in ("http", "https") else ""


def _html(content: str, status: int = 200) -> Response[str]:
    return Response(content, media_type=MediaType.HTML, status_code=status)


def _pay_call_is_signed(world: World, order: Order, prepay_id: str, fields: dict[str, str]) -> bool:
    message = (
        f"{fields['appId']}\n{fields['timeStamp']}\n{fields['nonceStr']}\nprepay_id={prepay_id}\n"
    )
    try:
        world.keys.merchant_keys[order.mch_id].verify(
            base64.b64decode(fields["paySign"], validate=True),
            message.encode(),
            PKCS1v15(),
            SHA256(),
        )
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return fields["appId"] == order.app_id
