"""The simulated Alipay's bill of a day, from its own book. The file's form is in `bills`."""

from datetime import date, datetime, time, timedelta, timezone

from msgspec import Struct

from weike.sandbox import bills
from weike.sandbox.bills import BillRow
from weike.sandbox.faults import take_fault
from weike.sandbox.world import World

_CHINA = timezone(timedelta(hours=8))


class Movement(Struct, frozen=True):
    """A payment or a refund of the book."""

    at: int
    seller_id: str
    trade_no: str
    out_trade_no: str
    total: int
    amount: int
    out_request_no: str


_PAID = (
    "SELECT paid_at AS at, seller_id, trade_no, out_trade_no, total, total AS amount,"
    " '' AS out_request_no FROM alipay_trades"
    " WHERE app_id = ? AND paid_at >= ? AND paid_at < ? AND trade_no <> ''"
)
_RETURNED = (
    "SELECT r.done_at AS at, t.seller_id, t.trade_no, t.out_trade_no, t.total, r.amount,"
    " r.out_request_no FROM alipay_refunds r JOIN alipay_trades t USING (app_id, out_trade_no)"
    " WHERE r.app_id = ? AND r.done_at >= ? AND r.done_at < ?"
)


def bill_file(world: World, app_id: str, day: date) -> bytes | None:
    """The zip; None while it is not written yet. A day without movements has an empty table."""
    start = int(datetime.combine(day, time(), _CHINA).timestamp())
    if world.now() < start + int(bills.READY.total_seconds()):
        return None
    fee_ppm = int(world.store.setting("fee_bp", "60")) * 100
    movements = [
        movement
        for sql in (_PAID, _RETURNED)
        for movement in world.store.every(Movement, sql, app_id, start, start + 86400)
    ]
    rows = sorted((_row(one, app_id, fee_ppm) for one in movements), key=lambda row: row.at)
    seller_id = movements[0].seller_id if movements else "2088000000000000"
    content = bills.alipay_file(bills.spoiled(world, rows), seller_id=seller_id, day=day)
    # A day without movements has no file worth spoiling.
    fault = take_fault(world.store, "bill_file", chance=world.chance) if rows else None
    # Alipay names no hash: half a file is found by its own directory and closing lines.
    return content[: len(content) // 2] if fault and fault.kind == "half" else content


def _row(one: Movement, app_id: str, fee_ppm: int) -> BillRow:
    return BillRow(
        kind="refund" if one.out_request_no else "payment",
        at=one.at,
        mch_id=one.seller_id,
        app_id=app_id,
        transaction_id=one.trade_no,
        out_trade_no=one.out_trade_no,
        payer="buyer***@example.com",
        title="商品",
        total=one.total,
        amount=one.amount,
        out_refund_no=one.out_request_no,
        fee_ppm=fee_ppm,
    )
