"""Bills of the simulated channels: what a day's book looks like in the files of the real ones.

WeChat Pay's: `GET /v3/bill/tradebill` says where the file is and what it hashes to, and
`GET /v3/billdownload/file` hands it out, gzipped. Alipay's files are written here too
(`alipay_file`), from rows of the same shape. Source: the vendors' pages on trade bills.
"""

import base64
import gzip
import hashlib
import io
import re
import secrets
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal
from urllib.parse import parse_qs

from msgspec import Struct
from msgspec.structs import replace

from weike.sandbox.faults import take_fault
from weike.sandbox.orders import CHANNELS, Order
from weike.sandbox.refunds import RefundRow
from weike.sandbox.wire import ProtocolRefusal, SignedCall
from weike.sandbox.world import World, digits

_CHINA = timezone(timedelta(hours=8))
READY = timedelta(hours=34)
"""From ten in the morning of the next day, counted from the day's first moment."""
OLDEST_DAYS = 92
DEFAULT_FEE_PPM = 6000

_WECHAT_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
_WECHAT_TOTALS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
_ALIPAY_HEAD = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)


class BillRow(Struct, frozen=True, kw_only=True):
    """One movement of the book. `amount` is what was paid or goes back, in fen; times are unix
    seconds. `state` is WeChat Pay's word for how it ended."""

    kind: Literal["payment", "refund"]
    at: int
    mch_id: str
    app_id: str
    transaction_id: str
    out_trade_no: str
    payer: str
    title: str
    total: int
    amount: int
    trade_type: str = "JSAPI"
    refund_id: str = ""
    out_refund_no: str = ""
    state: str = "SUCCESS"
    fee_ppm: int = DEFAULT_FEE_PPM

    @property
    def fee(self) -> int:
        """Rounded half up to fen, as it is charged; a refund gives its part back."""
        fee = (self.amount * self.fee_ppm * 2 + 1_000_000) // 2_000_000
        return -fee if self.kind == "refund" else fee


class BillPlace(Struct, frozen=True):
    hash_type: str
    hash_value: str
    download_url: str


class BillContent(Struct, frozen=True):
    """A file that may be fetched once it was asked for."""

    token: str
    mch_id: str
    content: str


class _GBKNamed(zipfile.ZipInfo):
    """The real archive names its files in GBK without saying so, which zipfile would not do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def wechat_text(rows: Sequence[BillRow]) -> str:
    """The unpacked file."""
    lines = ["\ufeff" + _WECHAT_HEAD, *(_ticked(_wechat_cells(row)) for row in rows)]
    paid = sum(row.amount for row in rows if row.kind == "payment")
    refunded = sum(row.amount for row in rows if row.kind == "refund")
    fees = sum(row.fee for row in rows)
    totals = (
        str(len(rows)),
        *(_yuan(paid), _yuan(refunded), "0.00", f"{_yuan(fees)}000", _yuan(paid), _yuan(refunded)),
    )
    return "\r\n".join((*lines, _WECHAT_TOTALS, _ticked(totals), ""))


def alipay_file(rows: Sequence[BillRow], *, seller_id: str, day: date) -> bytes:
    """The zip with its two tables, both in GBK, as their names are."""
    name = f"{seller_id}0156_{day:%Y%m%d}_业务明细"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, text in (
            ("", alipay_text(rows, seller_id=seller_id, day=day)),
            ("(汇总)", _alipay_summary(rows, seller_id=seller_id, day=day)),
        ):
            info = _GBKNamed(f"{name}{suffix}.csv")
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text.encode("gbk", errors="replace"))
    return packed.getvalue()


def alipay_text(rows: Sequence[BillRow], *, seller_id: str, day: date) -> str:
    payments = [row for row in rows if row.kind == "payment"]
    refunds = [row for row in rows if row.kind == "refund"]
    rule, end = "-" * 41, "-" * 36
    return "\r\n".join(
        (
            *_alipay_top(seller_id, day),
            f"#{rule}业务明细列表{end}",
            _ALIPAY_HEAD,
            *(",".join(f"{cell}\t" for cell in _alipay_cells(row)) for row in rows),
            f"#{rule}业务明细列表结束{end}",
            f"#交易合计：{len(payments)}笔，商家实收共{_yuan(sum(r.amount for r in payments))}元，"
            "商家优惠共0.00元",
            f"#退款合计：{len(refunds)}笔，商家实收退款共"
            f"{_yuan(-sum(r.amount for r in refunds))}元，商家优惠退款共0.00元",
            f"#导出时间：[{_cn_time(_day_start(day) + int(READY.total_seconds()))}]",
            "",
        )
    )


def tradebill(world: World, call: SignedCall, base_url: str) -> BillPlace:
    """Refuses as WeChat Pay does: not yet, too old, nothing on that day."""
    query = parse_qs(call.target.partition("?")[2])
    day = checked_day(world, (query.get("bill_date") or [""])[0])
    if (query.get("bill_type") or ["ALL"])[0] != "ALL":
        raise ProtocolRefusal(400, "PARAM_ERROR", "沙箱只提供 bill_type=ALL 的账单")
    rows = spoiled(world, rows_of_wechat(world, call.mch_id, day))
    if not rows:
        raise ProtocolRefusal(404, "NO_STATEMENT_EXIST", "账单文件不存在")
    plain = wechat_text(rows).encode()
    fault = take_fault(world.store, "bill_file", chance=world.chance)
    # With the hash of the whole, as when a download breaks off; only the hash can tell.
    half = fault is not None and fault.kind == "half"
    token = keep_file(
        world, call.mch_id, gzip.compress(plain[: len(plain) // 2] if half else plain)
    )
    wrong = fault is not None and fault.kind == "wrong_hash"
    digest = hashlib.sha1(plain + (b"!" if wrong else b""), usedforsecurity=False)
    return BillPlace(
        hash_type="SHA1",
        hash_value=digest.hexdigest(),
        download_url=f"{base_url}/v3/billdownload/file?token={token}",
    )


def download(world: World, call: SignedCall) -> bytes:
    token = (parse_qs(call.target.partition("?")[2]).get("token") or [""])[0]
    content = kept_file(world, token, call.mch_id)
    if content is None:
        raise ProtocolRefusal(404, "RESOURCE_NOT_EXISTS", "账单文件不存在")
    return content


def keep_file(world: World, mch_id: str, content: bytes) -> str:
    token = secrets.token_urlsafe(24)
    world.store.run(
        "INSERT INTO bill_files (token, mch_id, content) VALUES (?, ?, ?)",
        token,
        mch_id,
        base64.b64encode(content).decode(),
    )
    return token


def kept_file(world: World, token: str, mch_id: str) -> bytes | None:
    found = world.store.one(
        BillContent,
        "SELECT token, mch_id, content FROM bill_files WHERE token = ? AND mch_id = ?",
        token,
        mch_id,
    )
    return base64.b64decode(found.content) if found else None


def checked_day(world: World, asked: str) -> date:
    """A day that is over, whose bill is written and not yet thrown away."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", asked):
        raise ProtocolRefusal(400, "PARAM_ERROR", "账单日期格式错误")
    try:
        day = date.fromisoformat(asked)
    except ValueError as error:
        raise ProtocolRefusal(400, "PARAM_ERROR", "账单日期格式错误") from error
    start = _day_start(day)
    if world.now() < start + int(READY.total_seconds()):
        raise ProtocolRefusal(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    if world.now() > start + OLDEST_DAYS * 86400:
        raise ProtocolRefusal(400, "INVALID_REQUEST", "账单日期超出可下载范围")
    return day


def rows_of_wechat(world: World, mch_id: str, day: date) -> list[BillRow]:
    """The book of one day in China, in the order things happened."""
    start = _day_start(day)
    fee_ppm = int(world.store.setting("fee_bp", "60")) * 100
    paid = world.store.every(
        Order,
        "SELECT * FROM orders WHERE mch_id = ? AND transaction_id <> ''"
        " AND paid_at >= ? AND paid_at < ?",
        mch_id,
        start,
        start + 86400,
    )
    returned = world.store.every(
        RefundRow,
        "SELECT * FROM refunds WHERE mch_id = ? AND status = 'SUCCESS'"
        " AND done_at >= ? AND done_at < ?",
        mch_id,
        start,
        start + 86400,
    )
    rows = [_payment_row(order, fee_ppm) for order in paid]
    for row in returned:
        [order] = world.store.every(
            Order,
            "SELECT * FROM orders WHERE mch_id = ? AND out_trade_no = ?",
            mch_id,
            row.out_trade_no,
        )
        rows.append(_refund_row(order, row, fee_ppm))
    return sorted(rows, key=lambda row: row.at)


def spoiled(world: World, rows: list[BillRow]) -> list[BillRow]:
    """What a fault of the target `bill_rows` makes of the book; the file is still well-formed."""
    fault = take_fault(world.store, "bill_rows", chance=world.chance) if rows else None
    if fault is None:
        return rows
    first = rows[0]
    match fault.kind:
        case "missing_row":
            return rows[1:]
        case "extra_row":
            stranger = replace(
                first, out_trade_no=f"other-till-{digits(12)}", transaction_id="42" + digits(26)
            )
            return [*rows, stranger]
        case "double_row":
            return [first, *rows]
        case "other_amount":
            return [replace(first, amount=first.amount + 1), *rows[1:]]
        case _:
            return rows


def _payment_row(order: Order, fee_ppm: int) -> BillRow:
    return BillRow(
        kind="payment",
        at=order.paid_at,
        mch_id=order.mch_id,
        app_id=order.app_id,
        transaction_id=order.transaction_id,
        out_trade_no=order.out_trade_no,
        payer=order.openid,
        title=order.description,
        total=order.total,
        amount=order.total,
        trade_type=CHANNELS[order.channel],
        fee_ppm=fee_ppm,
    )


def _refund_row(order: Order, row: RefundRow, fee_ppm: int) -> BillRow:
    return replace(
        _payment_row(order, fee_ppm),
        kind="refund",
        at=row.done_at,
        amount=row.refund,
        refund_id=row.refund_id,
        out_refund_no=row.out_refund_no,
    )


def _wechat_cells(row: BillRow) -> tuple[str, ...]:
    refund = row.kind == "refund"
    return (
        *(_cn_time(row.at), row.app_id, row.mch_id, "0", "", row.transaction_id),
        *(row.out_trade_no, row.payer, row.trade_type, "REFUND" if refund else row.state),
        *("OTHERS", "CNY", "0.00" if refund else _yuan(row.amount), "0.00"),
        *(row.refund_id or "0", row.out_refund_no or "0"),
        *(_yuan(row.amount) if refund else "0.00", "0.00"),
        *("ORIGINAL" if refund else "", row.state if refund else ""),
        # The vendor takes commas and back-ticks out of what a merchant wrote.
        *(re.sub(r"[`,\r\n]", " ", row.title), "", f"{_yuan(row.fee)}000"),
        *(f"{row.fee_ppm / 10_000:.2f}%", "0.00" if refund else _yuan(row.total)),
        *(_yuan(row.amount) if refund else "0.00", ""),
    )


def _alipay_cells(row: BillRow) -> tuple[str, ...]:
    refund = row.kind == "refund"
    amount = _yuan(-row.amount if refund else row.amount)
    at = _cn_time(row.at)
    return (
        *(row.transaction_id, row.out_trade_no, "退款" if refund else "交易"),
        *(re.sub(r'[",\r\n\t]', " ", row.title), at, at, "", "", "", "", row.payer),
        *(amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00"),
        *(row.out_refund_no, _yuan(-row.fee), "0.00", ""),
    )


def _alipay_top(seller_id: str, day: date) -> tuple[str, ...]:
    following = day + timedelta(days=1)
    return (
        "#支付宝业务明细查询",
        f"#账号：[{seller_id}0156]",
        f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{following:%Y年%m月%d日} 00:00:00]",
    )


def _alipay_summary(rows: Sequence[BillRow], *, seller_id: str, day: date) -> str:
    paid = sum(row.amount for row in rows if row.kind == "payment")
    refunded = sum(row.amount for row in rows if row.kind == "refund")
    return "\r\n".join(
        (
            *_alipay_top(seller_id, day),
            "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）",
            f"合计\t,\t,{len(rows)}\t,,{_yuan(paid - refunded)}\t,{_yuan(paid - refunded)}\t",
            "",
        )
    )


def _ticked(cells: Sequence[str]) -> str:
    return ",".join(f"`{cell}" for cell in cells)


def _yuan(minor: int) -> str:
    sign, minor = ("-" if minor < 0 else ""), abs(minor)
    return f"{sign}{minor // 100}.{minor % 100:02d}"


def _cn_time(timestamp: int) -> str:
    return datetime.fromtimestamp(timestamp, _CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _day_start(day: date) -> int:
    return int(datetime.combine(day, time(), _CHINA).timestamp())
