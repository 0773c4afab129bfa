"""Pages of the simulated Alipay, at a phone's width; each says that it is a simulation."""

from html import escape
from typing import TYPE_CHECKING

from weike.sandbox.pages import page, yuan

if TYPE_CHECKING:
    from weike.sandbox.alipay.trades import Trade

_NOTE = "模拟支付宝：这里不会动用真实资金，也没有真实的支付宝账户"


def cashier_page(trade: "Trade", *, back: str, now: int) -> str:
    """Pay by hand, or leave."""
    minutes = max(0, (trade.payable_until - now) // 60)
    leave = f'<a class="button quiet" href="{escape(back)}">放弃付款，返回商家</a>' if back else ""
    action = escape(f"/alipay/cashier/{trade.token}/pay")
    return page(
        "模拟支付宝收银台",
        f"""<div class="blue"><h1>{escape(trade.subject)}</h1>
<p class="amount"><small>¥</small>{yuan(trade.total)}</p>
<div class="card"><dl>
<dt>支付宝账号</dt><dd>tes***@example.com</dd>
<dt>付款方式</dt><dd>账户余额（模拟）</dd>
<dt>收款方</dt><dd>{escape(trade.seller_id)}</dd>
<dt>商户订单号</dt><dd>{escape(trade.out_trade_no)}</dd>
<dt>剩余时间</dt><dd>{minutes} 分钟</dd></dl></div>
<form method="post" action="{action}"><button class="go">确认付款</button></form>{leave}</div>""",
        note=_NOTE,
    )


def ended_page(title: str, text: str, *, mark: str, back: str = "") -> str:
    leave = f'<a class="button go" href="{escape(back)}">返回商家</a>' if back else ""
    return page(
        title,
        f'<div class="blue"><div class="big" aria-hidden="true">{escape(mark)}</div>'
        f'<h1>{escape(title)}</h1><p class="soft" style="text-align:center">{escape(text)}</p>'
        f"{leave}</div>",
        note=_NOTE,
    )


def refusal_page(message: str) -> str:
    return ended_page("无法付款", message, mark="!")
