"""Alipay's trade bill (业务明细), line by line.

GBK, a head of `#` lines, cells with tabs behind them, a closing line, totals. Money in yuan;
refunds and fees are told with the sign the merchant feels. Source: Alipay, "查询对账单下载地址".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from weike.payment.reconciliation import cells
from weike.payment.reconciliation.cells import BadCell
from weike.payment.reconciliation.model import BadLine, BillLine, BillUnsound, Said

ENCODING = "gbk"

_NEEDED = (
    *("支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）", "退款批次号/请求号"),
    "服务费（元）",
)
_END = "业务明细列表结束"
_PAYMENTS = re.compile(r"#交易合计：(\d+)笔")
_REFUNDS = re.compile(r"#退款合计：(\d+)笔")
_KINDS = {"交易": "payment", "退款": "refund"}


def read(lines: Iterator[str]) -> Iterator[BillLine | BadLine | Said]:
    """Rows in their order, then once what the bill says of itself. Refuses with BillUnsound."""
    numbered = enumerate(lines, start=1)
    columns = _columns(next((line for _, line in numbered if not line.startswith("#")), ""))
    for line_no, line in numbered:
        if line.startswith("#"):
            if _END in line:
                yield _said(line for _, line in numbered)
                return
            raise BillUnsound("layout")
        if line.strip():
            yield _row(line_no, line, columns)
    raise BillUnsound("no_totals")


def _columns(head: str) -> dict[str, int]:
    columns = {name.strip(): place for place, name in enumerate(head.split(","))}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise BillUnsound(f"no_column_{missing[0]}")
    return columns


def _row(line_no: int, line: str, columns: dict[str, int]) -> BillLine | BadLine:
    try:
        [found] = csv.reader([line], strict=True)
    except (csv.Error, ValueError):
        return BadLine(line_no, "cells")
    if len(found) != len(columns):
        return BadLine(line_no, "cells")

    def cell(name: str) -> str:
        return found[columns[name]].strip()

    try:
        kind = _KINDS.get(cell("业务类型"))
        is_refund = kind == "refund"
        if kind is None:
            raise BadCell("kind")
        out_trade_no = cells.number(cell("商户订单号"), "number")
        refund_no = cell("退款批次号/请求号")
        return BillLine(
            line_no=line_no,
            kind="refund" if is_refund else "payment",
            number=cells.number(refund_no, "refund_number") if is_refund else out_trade_no,
            txn="" if is_refund else cells.number(cell("支付宝交易号"), "transaction"),
            out_trade_no=out_trade_no,
            amount_minor=_amount(cell("订单金额（元）"), is_refund=is_refund),
            fee_minor=-cells.rounded_fen(cell("服务费（元）"), "fee"),
            rate_ppm=None,
            is_done=True,
            state="TRADE_REFUND" if is_refund else "TRADE_SUCCESS",
            at=cells.moment(cell("完成时间")),
        )
    except BadCell as bad:
        return BadLine(line_no, bad.why)


def _amount(cell: str, *, is_refund: bool) -> int:
    """What is paid is told above zero, what goes back below it."""
    amount = cells.fen(cell, "amount")
    if (amount < 0) != is_refund and amount != 0:
        raise BadCell("amount")
    return abs(amount)


def _said(tail: Iterator[str]) -> Said:
    payments = refunds = None
    for line in tail:
        if found := _PAYMENTS.match(line):
            payments = int(found[1])
        if found := _REFUNDS.match(line):
            refunds = int(found[1])
    if payments is None or refunds is None:
        raise BillUnsound("totals")
    return Said(payments=payments, refunds=refunds)
