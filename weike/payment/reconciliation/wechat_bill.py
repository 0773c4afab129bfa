"""WeChat Pay's trade bill (`bill_type=ALL`), line by line.

UTF-8 with a mark in front, every cell after a back-tick, columns found by their names (the vendor
adds some), two lines of totals at the end. Source: WeChat Pay API v3, "交易账单".
"""

from __future__ import annotations

from collections.abc import Iterator

from weike.payment.reconciliation import cells
from weike.payment.reconciliation.cells import BadCell
from weike.payment.reconciliation.model import BadLine, BillLine, BillUnsound, Said

ENCODING = "utf-8-sig"

_NEEDED = (
    *("交易时间", "微信订单号", "商户订单号", "交易状态", "应结订单金额", "微信退款单号"),
    *("商户退款单号", "退款金额", "退款状态", "手续费", "费率"),
)
_TOTALS = "总交易单数"


def read(lines: Iterator[str]) -> Iterator[BillLine | BadLine | Said]:
    """Rows in their order, then once what the bill says of itself. Refuses with BillUnsound."""
    columns = _columns(next(lines, ""))
    for line_no, line in enumerate(lines, start=2):
        if line.startswith(_TOTALS):
            said = _said(line, next(lines, ""))
            # To the very end: only there the file's own checks are made.
            if any(more.strip() for more in lines):
                raise BillUnsound("layout")
            yield said
            return
        if line:
            yield _row(line_no, line, columns)
    raise BillUnsound("no_totals")


def _columns(head: str) -> dict[str, int]:
    names = [name.strip() for name in head.lstrip("\ufeff").split(",")]
    columns = {name: place for place, name in enumerate(names)}
    if missing := [name for name in _NEEDED if name not in columns]:
        raise BillUnsound(f"no_column_{missing[0]}")
    return columns


def _row(line_no: int, line: str, columns: dict[str, int]) -> BillLine | BadLine:
    # A title of goods may hold a comma; the back-tick behind it says where a cell really begins.
    found = line.removeprefix("`").split(",`")
    if len(found) != len(columns) or not line.startswith("`"):
        return BadLine(line_no, "cells")

    def cell(name: str) -> str:
        return found[columns[name]].strip()

    try:
        refund_no = cell("商户退款单号")
        is_refund = cell("交易状态") == "REFUND" or refund_no not in ("", "0")
        state = cell("退款状态") if is_refund else cell("交易状态")
        out_trade_no = cells.number(cell("商户订单号"), "number")
        return BillLine(
            line_no=line_no,
            kind="refund" if is_refund else "payment",
            number=cells.number(refund_no, "refund_number") if is_refund else out_trade_no,
            txn="" if is_refund else cells.number(cell("微信订单号"), "transaction"),
            out_trade_no=out_trade_no,
            amount_minor=cells.fen(cell("退款金额" if is_refund else "应结订单金额"), "amount"),
            fee_minor=cells.rounded_fen(cell("手续费"), "fee"),
            rate_ppm=cells.rate_ppm(cell("费率")),
            is_done=state == "SUCCESS",
            state=state[:32],
            at=cells.moment(cell("交易时间")),
        )
    except BadCell as bad:
        return BadLine(line_no, bad.why)


def _said(heads: str, values: str) -> Said:
    names = [name.strip() for name in heads.split(",")]
    told = values.removeprefix("`").split(",`")
    if len(names) != len(told) or not told[0].strip().isdecimal():
        raise BillUnsound("totals")
    return Said(rows=int(told[0]))
