"""A provider that lives in memory: for tests of those above, and for a made-up past.

It keeps its own truth (`paid`, `closed`, `refunds`) and answers from it; `fail_next` makes the
next call of a kind end otherwise, after executing it when `executed` is true. It takes no
notifications: what a test wants to be known it says with `pay` and lets payment query.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Literal
from uuid import UUID

import msgspec

from weike.payment.model import Config, Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.outcome import Ok, Outcome, Refused, Unknown
from weike.payment.ports import BillFile, Meaning, Notice, NotificationRefused, PayFields, PayForm
from weike.payment.transfer_model import Transfer, TransferSeen


@dataclass(slots=True)
class FakeGateway:
    """One pretended merchant number."""

    mch_id: str
    announced: dict[str, Intent] = field(default_factory=dict)
    paid: dict[str, PaymentSeen] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    refunds: dict[str, RefundSeen] = field(default_factory=dict)
    bills: dict[date, bytes] = field(default_factory=dict)
    """Packed as the provider's own; a day that is missing is not ready."""
    transfers: dict[str, TransferSeen] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _failures: dict[str, tuple[Refused | Unknown, bool]] = field(default_factory=dict)

    def fail_next(self, call: str, outcome: Refused | Unknown, *, executed: bool) -> None:
        self._failures[call] = (outcome, executed)

    def pay(self, intent: Intent, *, now: datetime) -> PaymentSeen:
        """The buyer pays what was announced."""
        seen = PaymentSeen(
            mch_id=self.mch_id,
            app_id=intent.app_id,
            out_trade_no=intent.out_trade_no,
            state="paid",
            transaction_id=f"fake-{intent.out_trade_no}",
            payer=intent.payer_openid or "",
            amount_minor=intent.amount_minor,
            currency=intent.currency,
            paid_at=now,
        )
        self.paid[intent.out_trade_no] = seen
        return seen

    async def prepay(self, intent: Intent, *, payer_ip: str | None) -> Outcome[dict[str, str]]:
        failure, executed = self._begin("prepay")
        if executed:
            self.announced[intent.out_trade_no] = intent
        return failure or Ok(
            {
                "prepay_id": f"fake-{intent.out_trade_no}",
                "h5_url": f"https://pay.invalid/{intent.out_trade_no}",
                "code_url": f"https://pay.invalid/{intent.out_trade_no}",
            }
        )

    def pay_fields(self, method: Method, app_id: str, prepay: Mapping[str, str]) -> PayFields:
        match method:
            case "h5":
                return PayFields(h5_url=prepay["h5_url"])
            case "native":
                return PayFields(code_url=prepay["code_url"])
            case "alipay_wap" | "alipay_page":
                return PayFields(form=PayForm(action=prepay["h5_url"], fields={}))
            case _:
                return PayFields(
                    jsapi={"appId": app_id, "package": f"prepay_id={prepay['prepay_id']}"}
                )

    async def query(self, out_trade_no: str) -> Outcome[PaymentSeen]:
        failure, _ = self._begin("query")
        if failure:
            return failure
        if seen := self.paid.get(out_trade_no):
            return Ok(seen)
        intent = self.announced.get(out_trade_no)
        if intent is None:
            return Refused("ABSENT", "")
        return Ok(
            PaymentSeen(
                mch_id=self.mch_id,
                app_id=intent.app_id,
                out_trade_no=out_trade_no,
                state="closed" if out_trade_no in self.closed else "open",
            )
        )

    async def close(self, out_trade_no: str) -> Outcome[None]:
        failure, executed = self._begin("close")
        if out_trade_no in self.paid:
            return failure or Refused("PAID", "")
        if executed:
            self.closed.add(out_trade_no)
        return failure or Ok(None)

    async def refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        failure, executed = self._begin("refund")
        seen = RefundSeen(
            out_trade_no=intent.out_trade_no,
            out_refund_no=refund.out_refund_no,
            provider_refund_id=f"fake-{refund.out_refund_no}",
            state="done",
            refund_minor=refund.amount_minor,
            total_minor=intent.amount_minor,
        )
        if executed:
            self.refunds.setdefault(refund.out_refund_no, seen)
        return failure or Ok(seen)

    async def query_refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]:
        failure, _ = self._begin("query_refund")
        seen = self.refunds.get(refund.out_refund_no)
        return failure or (Ok(seen) if seen else Refused("ABSENT", ""))

    async def download_bill(self, day: date, into: BinaryIO) -> Outcome[BillFile]:
        failure, _ = self._begin("download_bill")
        if failure:
            return failure
        packed = self.bills.get(day)
        if packed is None:
            return Refused("LATER", "")
        into.write(packed)
        return Ok(BillFile(packing="zip" if packed[:2] == b"PK" else "gzip"))

    async def transfer(self, transfer: Transfer, name: str | None) -> Outcome[TransferSeen]:
        failure, executed = self._begin("transfer")
        if executed:
            self.transfers.setdefault(
                transfer.out_bill_no,
                TransferSeen(
                    out_bill_no=transfer.out_bill_no,
                    state="confirming",
                    package_info=f"fake-{transfer.out_bill_no}",
                    amount_minor=transfer.amount_minor,
                ),
            )
        return failure or Ok(self.transfers[transfer.out_bill_no])

    async def query_transfer(self, transfer: Transfer) -> Outcome[TransferSeen]:
        failure, _ = self._begin("query_transfer")
        seen = self.transfers.get(transfer.out_bill_no)
        return failure or (Ok(seen) if seen else Refused("ABSENT", ""))

    def end_transfer(
        self, out_bill_no: str, state: Literal["done", "failed"], *, now: datetime
    ) -> TransferSeen:
        """The payee confirms, or lets the day pass."""
        ended = msgspec.structs.replace(
            self.transfers[out_bill_no],
            state=state,
            reason="" if state == "done" else "OVERDUE_CLOSE",
            done_at=now if state == "done" else None,
        )
        self.transfers[out_bill_no] = ended
        return ended

    def meaning(self, refused: Refused) -> Meaning:
        return _MEANINGS.get(refused.code, "no")

    def open_notification(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Notice:
        raise NotificationRefused("fake")

    def _begin(self, call: str) -> tuple[Refused | Unknown | None, bool]:
        """How this call fails (if it does), and whether it is carried out."""
        self.calls.append(call)
        failure, executed = self._failures.pop(call, (None, True))
        return failure, executed


_MEANINGS: Mapping[str, Meaning] = {"PAID": "paid", "ABSENT": "absent", "LATER": "later"}


@dataclass(slots=True)
class FakeGateways:
    """The same gateway for every shop that has the same merchant number."""

    kept: dict[str, FakeGateway] = field(default_factory=dict)

    def of(self, config: Config) -> FakeGateway:
        return self.kept.setdefault(config.mch_id, FakeGateway(config.mch_id))

    def transferring(self, config: Config) -> FakeGateway:
        return self.of(config)

    def seal_name(self, transfer_id: UUID, name: str) -> bytes:
        return name.encode()

    def open_name(self, transfer_id: UUID, sealed: bytes) -> str:
        return sealed.decode()
