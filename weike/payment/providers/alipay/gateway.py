"""Alipay in the words of payment: its client behind the `Gateway` port."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Literal

import msgspec

from weike.payment.model import Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.ports import (
    BillFile,
    Meaning,
    Notice,
    NotificationRefused,
    PayFields,
    PayForm,
)
from weike.payment.providers.alipay import trades
from weike.payment.providers.alipay.messages import BillAddress, RefundKnown, Trade, fen, moment_of
from weike.payment.providers.alipay.notifications import open_notification
from weike.payment.providers.alipay.transport import GATEWAY_CODES, AlipayTransport
from weike.payment.providers.alipay.verification import NotVerified

_PAGES: Mapping[str, trades.PayPage] = {
    "alipay_wap": "alipay.trade.wap.pay",
    "alipay_page": "alipay.trade.page.pay",
}
REFUND_NOT_EXIST = "REFUND_NOT_EXIST"
"""Our own word: Alipay answers an empty "ok" about a refund it has never heard of."""

_MEANINGS: Mapping[str, Meaning] = {
    "ACQ.TRADE_HAS_SUCCESS": "paid",
    "ACQ.TRADE_HAS_CLOSE": "closed",
    "ACQ.TRADE_NOT_EXIST": "absent",
    REFUND_NOT_EXIST: "absent",
    # Nothing happened, and later the same question may be answered otherwise.
    "ACQ.SELLER_BALANCE_NOT_ENOUGH": "later",
    "ACQ.REASON_TRADE_BEEN_FREEZEN": "later",
    "ACQ.REASON_TRADE_STATUS_INVALID": "later",
    "ACQ.DISCORDANT_REPEAT_REQUEST": "later",
    "ACQ.TRADE_SETTLE_ERROR": "later",
    "isp.bill_not_exist": "later",
    "isv.invalid-signature": "later",
    "isv.invalid-timestamp": "later",
    "isv.app-call-limited": "later",
    "isv.insufficient-isv-permissions": "later",
    **dict.fromkeys(GATEWAY_CODES, "later"),
}


@dataclass(frozen=True, slots=True)
class AlipayGateway:
    """One app of one seller. `notify_url` is where Alipay will tell us, `return_url` where it
    sends the buyer back to."""

    transport: AlipayTransport
    notify_url: str
    return_url: str

    async def prepay(self, intent: Intent, *, payer_ip: str | None) -> Outcome[dict[str, str]]:
        """Asks nobody: what a form needs is kept, and signed whenever a buyer wants to pay."""
        return Ok(
            {
                "out_trade_no": intent.out_trade_no,
                "amount_minor": str(intent.amount_minor),
                "subject": intent.description,
                "expires_at": intent.expires_at.isoformat(),
            }
        )

    def pay_fields(self, method: Method, app_id: str, prepay: Mapping[str, str]) -> PayFields:
        action, fields = trades.pay_form(
            self.transport,
            _PAGES[method],
            out_trade_no=prepay["out_trade_no"],
            amount_minor=int(prepay["amount_minor"]),
            subject=prepay["subject"],
            expires_at=datetime.fromisoformat(prepay["expires_at"]),
            notify_url=self.notify_url,
            return_url=self.return_url,
        )
        return PayFields(form=PayForm(action=action, fields=fields))

    async def query(self, out_trade_no: str) -> Outcome[PaymentSeen]:
        asked = await trades.query(self.transport, out_trade_no)
        if not isinstance(asked, Ok):
            return asked
        trade = asked.value
        if trade.out_trade_no != out_trade_no:
            # Alipay's word, but about something else: an old answer played back.
            return Unknown("answer_other_number")
        return Ok(self._payment(trade))

    async def close(self, out_trade_no: str) -> Outcome[None]:
        asked = await trades.close(self.transport, out_trade_no)
        if isinstance(asked, Ok):
            same = asked.value.out_trade_no in ("", out_trade_no)
            return Ok(None) if same else Unknown("answer_other_number")
        return asked

    async def refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        """Accepted is not done: the answer's sum is that of all refunds of the trade, so what
        became of this one is asked under its own number."""
        asked = await trades.refund(
            self.transport,
            out_trade_no=intent.out_trade_no,
            out_request_no=refund.out_refund_no,
            amount_minor=refund.amount_minor,
            reason=refund.reason,
        )
        if not isinstance(asked, Ok):
            return asked
        known = await self.query_refund(refund, intent)
        if isinstance(known, Ok):
            return known
        return Ok(_processing(refund, intent)) if isinstance(known, Refused) else known

    async def query_refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        asked = await trades.query_refund(
            self.transport, out_trade_no=intent.out_trade_no, out_request_no=refund.out_refund_no
        )
        if not isinstance(asked, Ok):
            return asked
        seen = asked.value
        if not seen.out_request_no and not seen.refund_amount:
            return Refused(REFUND_NOT_EXIST, "")
        known = (seen.out_trade_no, seen.out_request_no)
        if known != (intent.out_trade_no, refund.out_refund_no):
            return Unknown("answer_other_number")
        return Ok(_refund(seen))

    async def download_bill(self, day: date, into: BinaryIO) -> Outcome[BillFile]:
        asked = await self.transport.call(
            "alipay.data.dataservice.bill.downloadurl.query",
            {"bill_type": "trade", "bill_date": day.isoformat()},
            answer=BillAddress,
        )
        if not isinstance(asked, Ok):
            return asked
        fetched = await self.transport.download(asked.value.bill_download_url, into)
        return Ok(BillFile(packing="zip")) if isinstance(fetched, Ok) else fetched

    def meaning(self, refused: Refused) -> Meaning:
        return _MEANINGS.get(refused.code, "no")

    def open_notification(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Notice:
        try:
            fields = open_notification(self.transport.credentials, raw)
        except NotVerified as refusal:
            raise NotificationRefused(refusal.reason) from refusal
        return Notice(
            id=fields["notify_id"],
            event_type=f"{fields['notify_type']} {fields.get('trade_status', '')}".strip(),
            content=_told(fields) if fields["notify_type"] == "trade_status_sync" else None,
            plain=msgspec.json.encode(fields),
        )

    def _payment(self, trade: Trade) -> PaymentSeen:
        """An answer is to our own signed question: app and seller are ours."""
        was_paid = trade.send_pay_date != ""
        return PaymentSeen(
            mch_id=self.transport.credentials.seller_id,
            app_id=self.transport.credentials.app_id,
            out_trade_no=trade.out_trade_no,
            state=_state(trade.trade_status, was_paid=was_paid),
            transaction_id=trade.trade_no,
            payer=trade.buyer_open_id or trade.buyer_user_id,
            amount_minor=fen(trade.total_amount),
            currency="CNY",
            paid_at=moment_of(trade.send_pay_date),
        )


def _told(fields: Mapping[str, str]) -> PaymentSeen:
    """Who it is about is read from the notification: it may be meant for another."""
    return PaymentSeen(
        mch_id=fields.get("seller_id", ""),
        app_id=fields["app_id"],
        out_trade_no=fields["out_trade_no"],
        state=_state(fields.get("trade_status", ""), was_paid="gmt_payment" in fields),
        transaction_id=fields.get("trade_no", ""),
        payer=fields.get("buyer_open_id") or fields.get("buyer_id", ""),
        amount_minor=fen(fields.get("total_amount", "")),
        currency="CNY",
        paid_at=moment_of(fields.get("gmt_payment", "")),
    )


def _state(status: str, *, was_paid: bool) -> Literal["paid", "open", "closed"]:
    """A trade that is refunded in full is closed too; who missed the payment learns of it here."""
    if status in ("TRADE_SUCCESS", "TRADE_FINISHED"):
        return "paid"
    if status == "TRADE_CLOSED":
        return "paid" if was_paid else "closed"
    return "open"


def _refund(seen: RefundKnown) -> RefundSeen:
    return RefundSeen(
        out_trade_no=seen.out_trade_no,
        out_refund_no=seen.out_request_no,
        provider_refund_id=seen.trade_no,
        state="done" if seen.refund_status == "REFUND_SUCCESS" else "processing",
        refund_minor=fen(seen.refund_amount) or 0,
        total_minor=fen(seen.total_amount) or 0,
        done_at=moment_of(seen.gmt_refund_pay),
    )


def _processing(refund: Refund, intent: Intent) -> RefundSeen:
    return RefundSeen(
        out_trade_no=intent.out_trade_no,
        out_refund_no=refund.out_refund_no,
        provider_refund_id="",
        state="processing",
        refund_minor=refund.amount_minor,
        total_minor=intent.amount_minor,
    )
