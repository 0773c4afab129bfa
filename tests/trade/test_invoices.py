"""Invoices: who may ask for what, how they follow refunds, and the check character of a company."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from tests.trade.builders import Stall, deliver, open_stall, paid, placed, refund_at_provider
from tests.trade.reviewing import EN, ZH, clerk
from weike import trade
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.trade.errors import UnknownOrder
from weike.trade.invoices import errors, keep_titles
from weike.trade.invoices.issue_invoice import (
    issue_invoice,
    refuse_invoice,
    reverse_invoice,
    send_invoice,
)
from weike.trade.invoices.request_invoice import request_invoice
from weike.trade.invoices.rules import InvoiceTitle, checked, file_ending, is_credit_code
from weike.trade.invoices.show_invoices import (
    invoice_counts,
    my_invoice,
    order_invoice,
    shop_invoice,
    shop_invoices,
)
from weike.trade.model import Actor, Placed

ME = InvoiceTitle(kind="personal", title="个人")
COMPANY = InvoiceTitle(kind="company", title="橙心科技有限公司", tax_no="91350100M000100Y43")


def test_the_standards_example_fits_and_every_slip_of_one_sign_is_found() -> None:
    good = "91350100M000100Y43"
    assert is_credit_code(good)
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    slips = {
        good[:place] + sign + good[place + 1 :]
        for place in range(18)
        for sign in signs
        if sign != good[place]
    }
    assert len(slips) == 18 * 30
    assert not any(is_credit_code(slip) for slip in slips)
    assert not is_credit_code(good.lower())
    assert not is_credit_code(good[:17])
    assert not is_credit_code("9135010IM000100Y43")


def test_a_company_needs_its_code_and_a_person_has_none() -> None:
    spaced = InvoiceTitle(kind="company", title="橙心", tax_no=" 91350100m000100y43 ")
    assert checked(spaced).tax_no == "91350100M000100Y43"
    assert checked(InvoiceTitle(kind="personal", title="个人", tax_no="x")).tax_no == ""
    with pytest.raises(errors.BadTaxNumber):
        checked(InvoiceTitle(kind="company", title="橙心", tax_no="91350100M000100Y44"))


def test_a_file_is_known_by_what_it_begins_with() -> None:
    assert file_ending(b"%PDF-1.7 ...") == "pdf"
    assert file_ending(b"PK\x03\x04....OFD.xml...") == "ofd"
    assert file_ending(b"PK\x03\x04....word/document.xml") is None
    assert file_ending(b"<html>") is None


@pytest.fixture
async def stall(tx: Tx, now: datetime) -> Stall:
    return await open_stall(tx, now, buyers=2)


async def requested(tx: Tx, stall: Stall, order: Placed, now: datetime, **more: object) -> UUID:
    values: dict[str, object] = {
        "invoice_id": uuid7(now),
        "member_id": stall.buyer.member_id,
        "title": COMPANY,
        **more,
    }
    return await request_invoice(tx, order_id=order.id, now=now, **values)  # type: ignore[arg-type]


async def test_an_order_is_invoiced_once_for_what_was_paid(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    order = await paid(tx, stall, now)
    invoice_id = await requested(tx, stall, order, now)
    assert await requested(tx, stall, order, now, invoice_id=invoice_id) == invoice_id
    with pytest.raises(errors.InvoiceAskedBefore):
        await requested(tx, stall, order, now)
    mine = await my_invoice(tx, invoice_id=invoice_id, member_id=stall.buyer.member_id, words=EN)
    assert (mine.amount_minor, mine.state_text) == (order.payable_minor, "Requested")
    assert mine.number.startswith("F261111")
    other = await paid(tx, stall, now)
    with pytest.raises(IdTakenByOther):
        await requested(tx, stall, other, now, invoice_id=invoice_id)


async def test_nothing_unpaid_and_nothing_of_others_is_invoiced(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    unpaid = await placed(tx, stall, now)
    with pytest.raises(errors.NothingToInvoice):
        await requested(tx, stall, unpaid, now)
    order = await paid(tx, stall, now)
    with pytest.raises(UnknownOrder):
        await requested(tx, stall, order, now, member_id=stall.buyers[1].member_id)
    with pytest.raises(errors.UnknownInvoice):
        await my_invoice(tx, invoice_id=uuid4(), member_id=stall.buyer.member_id, words=ZH)


async def test_it_is_issued_handed_over_and_reversed_in_that_order(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    order = await paid(tx, stall, now)
    invoice_id = await requested(tx, stall, order, now)
    staff = {"actor": clerk(tx), "now": now}
    with pytest.raises(errors.InvoiceNotThere):
        await send_invoice(tx, invoice_id=invoice_id, **staff)  # type: ignore[arg-type]
    issue = {"invoice_id": invoice_id, "invoice_no": "26332000000001234567", "link": None}
    await issue_invoice(tx, **issue, **staff)  # type: ignore[arg-type]
    with pytest.raises(errors.InvoiceNotThere):
        await issue_invoice(tx, **issue, **staff)  # type: ignore[arg-type]
    with pytest.raises(errors.InvoiceNotThere):
        await refuse_invoice(tx, invoice_id=invoice_id, reason="x", **staff)  # type: ignore[arg-type]
    await send_invoice(tx, invoice_id=invoice_id, **staff)  # type: ignore[arg-type]
    shown = await shop_invoice(tx, invoice_id=invoice_id, words=ZH)
    assert (shown.state, shown.state_text, shown.actions) == ("sent", "已交付", ["reverse"])
    await reverse_invoice(
        tx,
        invoice_id=invoice_id,
        red_no="26332000000007654321",
        reason="抬头开错",
        **staff,  # type: ignore[arg-type]
    )
    # Reversed, the order may be invoiced again.
    assert await requested(tx, stall, order, now, title=ME) != invoice_id


async def refunded(tx: Tx, stall: Stall, order: Placed, now: datetime) -> None:
    await trade.refund_order(
        tx,
        refund_id=uuid7(now),
        order_id=order.id,
        actor=Actor("member", stall.buyer.member_id),
        reason="不想要了",
        now=now,
    )
    await deliver(tx, stall, now)
    await refund_at_provider(tx, stall, order.id, now)
    await deliver(tx, stall, now)


async def test_a_refund_closes_a_request_and_asks_for_a_reversal_of_what_was_issued(
    tx: Tx, stall: Stall, now: datetime
) -> None:
    waiting, issued = await paid(tx, stall, now), await paid(tx, stall, now)
    first = await requested(tx, stall, waiting, now)
    second = await requested(tx, stall, issued, now)
    await issue_invoice(tx, invoice_id=second, invoice_no="1", link=None, actor=clerk(tx), now=now)
    await refunded(tx, stall, waiting, now)
    await refunded(tx, stall, issued, now)

    closed = await shop_invoice(tx, invoice_id=first, words=ZH)
    assert (closed.state, closed.reason) == ("refused", "订单已全额退款")
    red = await shop_invoice(tx, invoice_id=second, words=ZH)
    assert (red.state, red.red_minor) == ("issued", issued.payable_minor)
    counts = await invoice_counts(tx)
    assert (counts.all, counts.refused, counts.red_needed) == (2, 1, 1)
    answer = await order_invoice(tx, order_id=waiting.id, member_id=stall.buyer.member_id, words=ZH)
    assert (answer.amount_minor, answer.can_request, answer.invoice) == (0, False, None)


async def test_the_desk_finds_invoices(tx: Tx, stall: Stall, now: datetime) -> None:
    order = await paid(tx, stall, now)
    invoice_id = await requested(tx, stall, order, now)

    async def found(wanted: str | None) -> list[UUID]:
        page = await shop_invoices(
            tx, state="requested", wanted=wanted, after=None, limit=5, words=ZH
        )
        return [one.id for one in page.items]

    for wanted in (None, order.number, "橙心", "91350100m000100y43"):
        assert await found(wanted) == [invoice_id]
    assert await found("没有这个") == []


async def test_titles_belong_to_their_member(tx: Tx, stall: Stall, now: datetime) -> None:
    me, other = (buyer.member_id for buyer in stall.buyers)
    first, second = uuid7(now), uuid7(now)
    keep = {"title": COMPANY, "is_default": True, "now": now}
    await keep_titles.put_title(tx, title_id=first, member_id=me, **keep)  # type: ignore[arg-type]
    await keep_titles.put_title(tx, title_id=second, member_id=me, **keep)  # type: ignore[arg-type]
    titles = await keep_titles.my_titles(tx, member_id=me)
    assert [(title.id, title.is_default) for title in titles] == [(second, True), (first, False)]
    with pytest.raises(IdTakenByOther):
        await keep_titles.put_title(tx, title_id=first, member_id=other, **keep)  # type: ignore[arg-type]
    with pytest.raises(errors.UnknownTitle):
        await keep_titles.remove_title(tx, title_id=first, member_id=other)
    await keep_titles.remove_title(tx, title_id=first, member_id=me)
    assert len(await keep_titles.my_titles(tx, member_id=me)) == 1
