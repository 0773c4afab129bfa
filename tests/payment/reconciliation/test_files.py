"""Bills as files: whole ones are read to the fen, and whatever is not a bill is refused."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from weike.payment.ports import BillFile
from weike.payment.reconciliation import alipay_bill, unpack, wechat_bill
from weike.payment.reconciliation.model import (
    BadLine,
    BillLine,
    BillUnsound,
    Candidate,
    Said,
    Surroundings,
    classify,
    fee_is_plausible,
    span_of,
)
from weike.payment.reconciliation.unpack import lines_of
from weike.sandbox.bills import BillRow, alipay_file, wechat_text

DAY = date(2026, 11, 11)
START, END = span_of(DAY)
PAID = BillRow(
    kind="payment",
    at=int(START.timestamp()) + 3600,
    mch_id="1900000001",
    app_id="wx1",
    transaction_id="4200000001",
    out_trade_no="order-0001",
    payer="o-buyer",
    title="明前龙井, 特级 `新茶`",
    total=1234,
    amount=1234,
)
REFUNDED = BillRow(
    kind="refund",
    at=int(START.timestamp()) + 7200,
    mch_id="1900000001",
    app_id="wx1",
    transaction_id="4200000001",
    out_trade_no="order-0001",
    payer="o-buyer",
    title="明前龙井",
    total=1234,
    amount=100,
    refund_id="5000000001",
    out_refund_no="refund-0001",
)


def of_wechat(text: str, *, sha1: str | None = None) -> list[BillLine | BadLine | Said]:
    packed = io.BytesIO(gzip.compress(text.encode()))
    lines = lines_of(packed, BillFile("gzip", sha1), encoding=wechat_bill.ENCODING)
    return list(wechat_bill.read(lines))


def of_alipay(packed: bytes) -> list[BillLine | BadLine | Said]:
    lines = lines_of(io.BytesIO(packed), BillFile("zip"), encoding=alipay_bill.ENCODING)
    return list(alipay_bill.read(lines))


def test_both_formats_say_the_same() -> None:
    wechat = of_wechat(wechat_text([PAID, REFUNDED]))
    alipay = of_alipay(alipay_file([PAID, REFUNDED], seller_id="2088", day=DAY))
    for read in (wechat, alipay):
        payment, refund, said = read
        assert isinstance(payment, BillLine)
        assert isinstance(refund, BillLine)
        assert isinstance(said, Said)
        assert (payment.kind, payment.number, payment.txn) == (
            "payment",
            "order-0001",
            "4200000001",
        )
        assert (payment.amount_minor, payment.fee_minor) == (1234, 7)
        assert payment.at == datetime.fromtimestamp(PAID.at, UTC)
        assert (refund.kind, refund.number, refund.txn) == ("refund", "refund-0001", "")
        assert (refund.amount_minor, refund.fee_minor) == (100, -1)
        assert (payment.is_done, refund.is_done) == (True, True)


@settings(max_examples=200, deadline=None)
@given(
    amounts=st.lists(st.integers(1, 10**10), min_size=0, max_size=20),
    title=st.text(max_size=30).filter(str.isprintable),
)
def test_amounts_survive_the_round_trip(amounts: list[int], title: str) -> None:
    rows = [
        replace(PAID, amount=amount, total=amount, out_trade_no=f"order-{n:04}", title=title)
        for n, amount in enumerate(amounts)
    ]
    for read in (
        of_wechat(wechat_text(rows)),
        of_alipay(alipay_file(rows, seller_id="2088", day=DAY)),
    ):
        lines = [one for one in read if isinstance(one, BillLine)]
        assert [one.amount_minor for one in lines] == amounts
        assert [one.fee_minor for one in lines] == [row.fee for row in rows]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("`12.34,", "`12.345,", "amount"),
        ("`12.34,", "`1e3,", "amount"),
        ("`12.34,", "`NaN,", "amount"),
        ("`order-0001", "`order'; drop table--", "number"),
        ("`4200000001", "`", "transaction"),
        ("2026-11-11", "2026-13-45", "time"),
        ("`0.60%", "`lots", "rate"),
        ("`CNY,", "", "cells"),
    ],
)
def test_a_row_that_cannot_be_read_stops_no_other(old: str, new: str, why: str) -> None:
    good = wechat_text([PAID, REFUNDED])
    first, second, *rest = good.split("\r\n")
    broken = "\r\n".join((first, second.replace(old, new, 1), *rest))
    assert broken != good
    bad, refund, said = of_wechat(broken)
    assert bad == BadLine(2, why)
    assert isinstance(refund, BillLine)
    assert said == Said(rows=2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>502 Bad Gateway</html>",
        "\r\n".join(wechat_text([PAID]).split("\r\n")[:2]),
        wechat_text([PAID]).replace("手续费,", "别的,"),
        wechat_text([PAID]) + wechat_text([PAID]),
    ],
)
def test_what_is_no_whole_bill_is_refused(text: str) -> None:
    with pytest.raises(BillUnsound):
        of_wechat(text)


def test_the_hash_of_the_whole_is_checked() -> None:
    text = wechat_text([PAID])
    right = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    assert len(of_wechat(text, sha1=right.upper())) == 2
    with pytest.raises(BillUnsound, match="hash"):
        of_wechat(text, sha1="0" * 40)


@pytest.mark.parametrize("cut", [1, 10, 100, 200])
def test_a_file_that_ends_too_early_is_refused(cut: int) -> None:
    packed = gzip.compress(wechat_text([PAID] * 50).encode())[:-cut]
    with pytest.raises(BillUnsound):
        list(wechat_bill.read(lines_of(io.BytesIO(packed), BillFile("gzip"), encoding="utf-8-sig")))
    zipped = alipay_file([PAID] * 50, seller_id="2088", day=DAY)[:-cut]
    with pytest.raises(BillUnsound):
        of_alipay(zipped)


def _read_until_refused(content: bytes) -> tuple[str, int]:
    """Why it was refused, and how much was given before that."""
    given = 0
    try:
        for line in lines_of(io.BytesIO(content), BillFile("gzip"), encoding="utf-8"):
            given += len(line) + 1
    except BillUnsound as refused:
        return refused.reason, given
    raise AssertionError("a bomb was unpacked")


def test_a_bomb_is_not_unpacked() -> None:
    one_line = gzip.compress(b"0" * (16 * 1024 * 1024))
    reason, given = _read_until_refused(one_line)
    assert reason == "line_too_long"
    assert given == 0
    lines = b"0\n" * (8 * 1024 * 1024)
    many_lines = gzip.compress(lines)
    reason, given = _read_until_refused(many_lines)
    assert reason == "too_large"
    assert given <= unpack.RATIO * len(many_lines)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bill.csv", lines)
    with pytest.raises(BillUnsound, match="too_large"):
        of_alipay(packed.getvalue())


def test_an_archive_of_many_or_of_none_is_refused() -> None:
    for names in ((), tuple(f"{n}.csv" for n in range(40)), ("a.csv", "b.csv")):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        with pytest.raises(BillUnsound, match="packing"):
            of_alipay(packed.getvalue())


@settings(max_examples=300, deadline=None)
@given(noise=st.binary(max_size=400))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    for file in (BillFile("gzip"), BillFile("zip")):
        with pytest.raises(BillUnsound):
            list(wechat_bill.read(lines_of(io.BytesIO(noise), file, encoding="utf-8-sig")))
    with pytest.raises(BillUnsound):
        list(
            alipay_bill.read(
                lines_of(io.BytesIO(gzip.compress(noise)), BillFile("gzip"), encoding="gbk")
            )
        )


def _candidate(**changed: object) -> Candidate:
    given: dict[str, object] = {
        "kind": "payment",
        "number": "n",
        "txn": "t",
        "out_trade_no": "n",
        "line_no": 2,
        "done_lines": 1,
        "theirs_done": True,
        "theirs_minor": 1000,
        "fee_minor": 6,
        "rate_ppm": 6000,
        "ours_done": True,
        "ours_minor": 1000,
        "ours_state": "paid",
        "ours_at": START.replace(hour=20),
    }
    return Candidate(**(given | changed))  # type: ignore[arg-type]


AROUND = Surroundings(day=DAY, now=END, has_previous=True, has_next=False)


def test_equal_sides_are_no_difference() -> None:
    assert classify(_candidate(), AROUND) is None


@pytest.mark.parametrize(
    ("fee", "rate", "amount", "plausible"),
    [
        (6, 6000, 1000, True),
        (7, 6000, 1000, True),
        (8, 6000, 1000, False),
        (-6, 6000, 1000, False),
        (0, 0, 1000, True),
        (1001, None, 1000, False),
        (600, None, 1000, True),
    ],
)
def test_a_fee_follows_from_its_rate(
    fee: int, rate: int | None, amount: int, plausible: bool
) -> None:
    c = _candidate(fee_minor=fee, rate_ppm=rate, theirs_minor=amount, ours_minor=amount)
    assert fee_is_plausible(c) is plausible
    verdict = classify(c, AROUND)
    assert (verdict is None) is plausible
    assert plausible or (verdict is not None and verdict.name == "fee")
