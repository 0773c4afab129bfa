"""WeChat Pay in the words of payment: its client behind the `Gateway` port."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Literal

from weike.payment.model import Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.outcome import Ok, Outcome, Refused
from weike.payment.ports import BillFile, Meaning, Notice, NotificationRefused, PayFields
from weike.payment.providers.wechat_pay import messages, orders, refunds, transfers
from weike.payment.providers.wechat_pay.bills import download_trade_bill
from weike.payment.providers.wechat_pay.notifications import open_notification
from weike.payment.providers.wechat_pay.signing import pay_call
from weike.payment.providers.wechat_pay.transport import WeChatPayTransport
from weike.payment.providers.wechat_pay.verification import NotVerified
from weike.payment.transfer_model import Transfer, TransferSeen

_CHANNELS: Mapping[str, orders.Channel] = {
    "mini": "jsapi",
    "jsapi": "jsapi",
    "h5": "h5",
    "native": "native",
}
_MEANINGS: Mapping[str, Meaning] = {
    **dict.fromkeys(orders.REFUSALS_THAT_MEAN_PAID, "paid"),
    "ORDER_CLOSED": "closed",
    "ORDERCLOSED": "closed",
    "ORDER_NOT_EXIST": "absent",
    "ORDERNOTEXIST": "absent",
    "RESOURCE_NOT_EXISTS": "absent",
    "NOT_FOUND": "absent",
    # A day on which nothing was paid has no bill.
    "NO_STATEMENT_EXIST": "absent",
    "STATEMENT_CREATING": "later",
    # Nothing happened, and a while later (more money in the merchant's account, a repaired
    # setting, a quieter minute) the same question may be answered otherwise.
    "NOT_ENOUGH": "later",
    "NOTENOUGH": "later",
    "FREQUENCY_LIMITED": "later",
    "RATELIMIT_EXCEEDED": "later",
    "SIGN_ERROR": "later",
    "NO_AUTH": "later",
}
_STATES: Mapping[str, Literal["paid", "closed"]] = {
    "SUCCESS": "paid",
    # A refund presupposes a payment: who missed the payment learns of it here.
    "REFUND": "paid",
    "CLOSED": "closed",
    "REVOKED": "closed",
}
_REFUND_STATES: Mapping[
    messages.RefundState, Literal["done", "processing", "closed", "abnormal"]
] = {
    "SUCCESS": "done",
    "PROCESSING": "processing",
    "CLOSED": "closed",
    "ABNORMAL": "abnormal",
}


@dataclass(frozen=True, slots=True)
class WeChatPayGateway:
    """One merchant number. `notify_url` is where WeChat Pay will tell us."""

    transport: WeChatPayTransport
    notify_url: str

    async def prepay(self, intent: Intent, *, payer_ip: str | None) -> Outcome[dict[str, str]]:
        asked = await orders.prepay(
            self.transport,
            _CHANNELS[intent.method],
            app_id=intent.app_id,
            out_trade_no=intent.out_trade_no,
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            description=intent.description,
            expires_at=intent.expires_at,
            notify_url=self.notify_url,
            payer_openid=intent.payer_openid,
            payer_ip=payer_ip or "127.0.0.1",
        )
        if not isinstance(asked, Ok):
            return asked
        answer = asked.value
        kept = {
            "prepay_id": answer.prepay_id,
            "h5_url": answer.h5_url,
            "code_url": answer.code_url,
        }
        return Ok({name: value for name, value in kept.items() if value})

    def pay_fields(self, method: Method, app_id: str, prepay: Mapping[str, str]) -> PayFields:
        match method:
            case "h5":
                return PayFields(h5_url=prepay["h5_url"])
            case "native":
                return PayFields(code_url=prepay["code_url"])
            case _:
                call = pay_call(
                    self.transport.credentials,
                    app_id=app_id,
                    prepay_id=prepay["prepay_id"],
                    now=self.transport.clock(),
                    nonce=self.transport.nonce(),
                )
                return PayFields(
                    jsapi={
                        "appId": call.app_id,
                        "timeStamp": call.time_stamp,
                        "nonceStr": call.nonce_str,
                        "package": call.package,
                        "signType": call.sign_type,
                        "paySign": call.pay_sign,
                    }
                )

    async def query(self, out_trade_no: str) -> Outcome[PaymentSeen]:
        asked = await orders.query(self.transport, out_trade_no)
        return Ok(_payment(asked.value)) if isinstance(asked, Ok) else asked

    async def close(self, out_trade_no: str) -> Outcome[None]:
        return await orders.close(self.transport, out_trade_no)

    async def refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        asked = await refunds.refund(
            self.transport,
            out_trade_no=intent.out_trade_no,
            out_refund_no=refund.out_refund_no,
            refund_minor=refund.amount_minor,
            total_minor=intent.amount_minor,
            currency=refund.currency,
            reason=refund.reason,
            notify_url=self.notify_url,
            # Money nobody wanted goes back by its own transaction: the number may have another.
            transaction_id=(intent.transaction_id or "") if refund.purpose == "return" else "",
        )
        return Ok(_refund(asked.value)) if isinstance(asked, Ok) else asked

    async def query_refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        asked = await refunds.query_refund(self.transport, refund.out_refund_no)
        return Ok(_refund(asked.value)) if isinstance(asked, Ok) else asked

    async def transfer(self, transfer: Transfer, name: str | None) -> Outcome[TransferSeen]:
        asked = await transfers.transfer(
            self.transport,
            app_id=transfer.app_id,
            out_bill_no=transfer.out_bill_no,
            openid=transfer.payee,
            amount_minor=transfer.amount_minor,
            remark=transfer.remark,
            name=name,
            notify_url=self.notify_url,
        )
        return Ok(_transfer(asked.value)) if isinstance(asked, Ok) else asked

    async def query_transfer(self, transfer: Transfer) -> Outcome[TransferSeen]:
        asked = await transfers.query_transfer(self.transport, transfer.out_bill_no)
        return Ok(_transfer(asked.value)) if isinstance(asked, Ok) else asked

    async def download_bill(self, day: date, into: BinaryIO) -> Outcome[BillFile]:
        return await download_trade_bill(self.transport, day, into)

    def meaning(self, refused: Refused) -> Meaning:
        return _MEANINGS.get(refused.code, "no")

    def open_notification(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Notice:
        try:
            opened = open_notification(self.transport.credentials, headers, raw, now=now)
        except NotVerified as refusal:
            raise NotificationRefused(refusal.reason) from refusal
        match opened.content:
            case messages.Transaction() as transaction:
                content: PaymentSeen | RefundSeen | TransferSeen | None = _payment(transaction)
            case messages.RefundNotice() as notice:
                content = _refund_notice(notice)
            case messages.TransferBill() as bill:
                content = _transfer(bill)
            case _:
                content = None
        return Notice(
            id=opened.id, event_type=opened.event_type, content=content, plain=opened.plain
        )


_TRANSFER_STATES: Mapping[
    messages.TransferBillState, Literal["processing", "confirming", "done", "failed"]
] = {
    "ACCEPTED": "processing",
    "PROCESSING": "processing",
    "WAIT_USER_CONFIRM": "confirming",
    "TRANSFERING": "processing",
    "CANCELING": "processing",
    "SUCCESS": "done",
    "FAIL": "failed",
    "CANCELLED": "failed",
}


def _transfer(seen: messages.TransferBill) -> TransferSeen:
    return TransferSeen(
        out_bill_no=seen.out_bill_no,
        state=_TRANSFER_STATES[seen.state],
        provider_transfer_id=seen.transfer_bill_no,
        package_info=seen.package_info,
        amount_minor=seen.transfer_amount,
        mch_id=seen.mch_id,
        reason=seen.fail_reason or seen.state,
        done_at=seen.update_time if seen.state == "SUCCESS" else None,
    )


def _payment(seen: messages.Transaction) -> PaymentSeen:
    return PaymentSeen(
        mch_id=seen.mchid,
        app_id=seen.appid,
        out_trade_no=seen.out_trade_no,
        state=_STATES.get(seen.trade_state, "open"),
        transaction_id=seen.transaction_id,
        payer=seen.payer.openid if seen.payer else "",
        amount_minor=seen.amount.total if seen.amount else None,
        currency=seen.amount.currency if seen.amount else None,
        paid_at=seen.success_time,
    )


def _refund(seen: messages.Refund) -> RefundSeen:
    return RefundSeen(
        out_trade_no=seen.out_trade_no,
        out_refund_no=seen.out_refund_no,
        provider_refund_id=seen.refund_id,
        state=_REFUND_STATES[seen.status],
        refund_minor=seen.amount.refund,
        total_minor=seen.amount.total,
        done_at=seen.success_time,
        currency=seen.amount.currency,
    )


def _refund_notice(seen: messages.RefundNotice) -> RefundSeen:
    return RefundSeen(
        out_trade_no=seen.out_trade_no,
        out_refund_no=seen.out_refund_no,
        provider_refund_id=seen.refund_id,
        state=_REFUND_STATES[seen.refund_status],
        refund_minor=seen.amount.refund,
        total_minor=seen.amount.total,
        done_at=seen.success_time,
        mch_id=seen.mchid,
    )
