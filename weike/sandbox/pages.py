"""The pages of the simulation. Each says that it is one; no page loads anything from elsewhere.

Everything that comes from outside goes through `escape` (or `urlencode`), because a shop's
name or a return address is written by strangers.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from weike.sandbox.people import Person

if TYPE_CHECKING:
    from weike.sandbox.notifications import Queued
    from weike.sandbox.orders import Order
    from weike.sandbox.sms import TextMessage

_CHINA = timezone(timedelta(hours=8))

_STYLE = """
:root{--ink:#1c2420;--soft:#6d7872;--line:#e6e9e4;--paper:#f4f5f1;--card:#fff;--go:#1f8a52;
--warn:#9a5b00;--warnpaper:#fff6e0}
@media (prefers-color-scheme:dark){:root{--ink:#eef1ee;--soft:#9aa59f;--line:#2c3430;
--paper:#121613;--card:#1b211d;--go:#2fa566;--warn:#f0c36a;--warnpaper:#2c2513}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;
font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",
sans-serif}
main{max-width:430px;margin:0 auto;padding:0 16px calc(32px + env(safe-area-inset-bottom))}
.note{display:flex;gap:8px;justify-content:center;background:var(--warnpaper);color:var(--warn);
font-size:13px;padding:9px 16px;text-align:center}
h1{font-size:17px;font-weight:600;text-align:center;margin:26px 0 4px}
h2{font-size:14px;color:var(--soft);font-weight:500;margin:28px 0 8px}
.card{background:var(--card);border-radius:14px;padding:18px;margin-top:14px}
.amount{font-size:46px;font-weight:650;text-align:center;letter-spacing:-.5px;line-height:1.2;
font-variant-numeric:tabular-nums;margin:4px 0 22px}
.amount small{font-size:26px;font-weight:600;margin-right:2px}
dl{display:grid;grid-template-columns:auto 1fr;gap:10px 18px;margin:0;font-size:15px}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere}
button,.button{display:block;width:100%;border:0;border-radius:12px;padding:14px;font:inherit;
font-weight:600;font-size:17px;text-align:center;text-decoration:none;cursor:pointer;
margin-top:14px}
.go{background:var(--go);color:#fff}.quiet{background:transparent;color:var(--soft);
font-weight:400;font-size:15px}
button:focus-visible,a:focus-visible{outline:3px solid var(--go);outline-offset:2px}
ul{list-style:none;margin:-10px 0;padding:0}
.end{text-align:right;white-space:nowrap}
li+li{border-top:1px solid var(--line)}
li a,.row{display:flex;align-items:center;gap:12px;padding:13px 0;color:inherit;
text-decoration:none}
.face{width:44px;height:44px;border-radius:12px;color:#fff;display:grid;place-items:center;
font-weight:600;flex:none}
.soft{color:var(--soft);font-size:13px}
.grow{flex:1;min-width:0;overflow-wrap:anywhere}
.code{font-size:26px;font-weight:650;letter-spacing:3px;font-variant-numeric:tabular-nums}
.blue{--go:#1677ff}
.big{font-size:44px;text-align:center;margin-top:40px}
"""


def yuan(amount_minor: int) -> str:
    return f"{amount_minor // 100:,}.{amount_minor % 100:02d}"


def moment(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, _CHINA).strftime("%m-%d %H:%M:%S")


def page(title: str, content: str, *, note: str, refresh_seconds: int | None = None) -> str:
    refresh = f'<meta http-equiv="refresh" content="{refresh_seconds}">' if refresh_seconds else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="data:,">{refresh}'
        f"<title>{escape(title)}</title>"
        f"<style>{_STYLE}</style></head><body>"
        f'<div class="note" role="note">{escape(note)}</div><main>{content}</main></body></html>'
    )


def cashier_page(order: "Order", *, prepay_id: str, return_url: str, now: int) -> str:
    """Pay by hand, or leave."""
    query = f"?{urlencode({'return_url': return_url})}" if return_url else ""
    action = escape(f"/cashier/{prepay_id}/pay{query}")
    leave = (
        f'<a class="button quiet" href="{escape(return_url)}">暂不支付，返回商家</a>'
        if return_url
        else ""
    )
    minutes = max(0, (order.payable_until - now) // 60)
    return page(
        "模拟收银台",
        f"""<h1>{escape(order.description)}</h1>
<p class="amount"><small>¥</small>{yuan(order.total)}</p>
<div class="card"><dl>
<dt>收款商户</dt><dd>{escape(order.mch_id)}</dd>
<dt>商户订单号</dt><dd>{escape(order.out_trade_no)}</dd>
<dt>支付方式</dt><dd>{_CHANNEL_NAMES.get(order.channel, order.channel)}</dd>
<dt>剩余时间</dt><dd>{minutes} 分钟</dd></dl></div>
<form method="post" action="{action}"><button class="go">确认支付</button></form>{leave}""",
        note="模拟收银台：这里不会动用真实资金",
    )


def message_page(title: str, text: str, *, mark: str, return_url: str = "") -> str:
    back = f'<a class="button go" href="{escape(return_url)}">返回商家</a>' if return_url else ""
    return page(
        title,
        f'<div class="big" aria-hidden="true">{escape(mark)}</div><h1>{escape(title)}</h1>'
        f'<p class="soft" style="text-align:center">{escape(text)}</p>{back}',
        note="模拟收银台：这里不会动用真实资金",
    )


def choose_person_page(
    people: Iterable[Person], *, app_id: str, redirect_uri: str, scope: str, state: str
) -> str:
    """Who is signing in? A link per test person."""
    asked = {
        "appid": app_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": scope,
        "state": state,
    }
    rows = "".join(
        f'<li><a href="?{escape(urlencode(asked | {"person": person.id}))}">'
        f'<span class="face" style="background:{person.colour}">{person.nickname[0]}</span>'
        f'<span class="grow">{person.nickname}<br><span class="soft">{person.phone}</span></span>'
        "</a></li>"
        for person in people
    )
    return page(
        "选择测试用户",
        f'<h1>选择测试用户</h1><p class="soft" style="text-align:center">以谁的身份登录？</p>'
        f'<div class="card"><ul>{rows}</ul></div>',
        note="模拟微信登录：这里没有真实的微信账号",
    )


def inbox_page(messages: Sequence["TextMessage"]) -> str:
    """The last codes, newest first; refreshes itself."""
    rows = "".join(
        f'<li class="row"><span class="grow"><span class="code">{escape(message.code)}</span><br>'
        f'<span class="soft">{escape(message.phone)} · {moment(message.at)}<br>'
        f"{escape(message.text)}</span></span></li>"
        for message in messages
    )
    return page(
        "模拟短信箱",
        f'<h1>短信箱</h1><div class="card"><ul>{rows}</ul></div>'
        if rows
        else '<h1>短信箱</h1><p class="soft" style="text-align:center">'
        "还没有短信，发一个验证码试试。</p>",
        note="模拟短信箱：短信没有真的发出",
        refresh_seconds=4,
    )


def home_page(orders: Sequence["Order"], notifications: Sequence["Queued"]) -> str:
    """What is here, what was ordered lately and what was announced."""
    order_rows = "".join(
        f'<li class="row"><span class="grow">{escape(order.description)}<br><span class="soft">'
        f'{escape(order.out_trade_no)}</span></span><span class="end">¥{yuan(order.total)}<br>'
        f'<span class="soft">{_STATE_NAMES.get(order.state, order.state)}</span></span></li>'
        for order in orders
    )
    notification_rows = "".join(
        f'<li class="row"><span class="grow">{escape(item.summary)}<br><span class="soft">'
        f"{moment(item.created_at)} · 第 {item.attempts} 次</span></span>"
        f'<span class="soft end">{escape(item.result or "等待发送")}</span></li>'
        for item in notifications
    )
    nothing = '<li class="row soft">暂无</li>'
    return page(
        "微客沙箱",
        f"""<h1>微客沙箱</h1>
<p class="soft" style="text-align:center">在本机模拟微信支付、微信登录与短信。</p>
<div class="card"><ul><li><a href="/sms"><span class="grow">短信箱</span>›</a></li></ul></div>
<h2>最近订单</h2><div class="card"><ul>{order_rows or nothing}</ul></div>
<h2>最近通知</h2><div class="card"><ul>{notification_rows or nothing}</ul></div>""",
        note="这是模拟环境：没有真实资金、真实微信账号和真实短信",
        refresh_seconds=10,
    )


_CHANNEL_NAMES = {"jsapi": "公众号 / 小程序支付", "h5": "手机网页支付", "native": "扫码支付"}
_STATE_NAMES = {"NOTPAY": "待支付", "SUCCESS": "已支付", "CLOSED": "已关闭", "REFUND": "有退款"}
