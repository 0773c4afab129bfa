"""What payment needs from a provider. `providers/wechat_pay` and `providers/alipay` supply it,
`providers/fake` in tests and made-up pasts.

Every call that leaves the house ends in `Ok`, `Refused` or `Unknown` (see `outcome`).
None of them may be made inside a transaction.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import BinaryIO, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from weike.payment.model import Config, Intent, Method, PaymentSeen, Refund, RefundSeen
from weike.payment.outcome import Outcome, Refused
from weike.payment.transfer_model import Transfer, TransferSeen

Meaning = Literal["paid", "closed", "absent", "later", "no"]
"""What a refusal says: it is paid already, closed already, not known there, ask again later
(nothing happened), or simply no."""


class Notice(Struct, frozen=True):
    """A verified notification. `content` is None for kinds payment does not act on."""

    id: str
    event_type: str
    content: PaymentSeen | RefundSeen | TransferSeen | None
    plain: bytes


class NotificationRefused(Exception):
    """Not proven to be the provider's word for this merchant; `reason` is for the log only."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class BillFile(Struct, frozen=True):
    """How a downloaded bill is packed, and the SHA-1 of what is inside where the provider tells."""

    packing: Literal["gzip", "zip"]
    sha1: str | None = None


class PayForm(Struct, frozen=True, kw_only=True):
    """A form that the buyer's browser sends to the provider, leaving the shop."""

    action: str
    fields: dict[str, str]


class PayFields(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the buyer's front end is handed: one of four, by method."""

    jsapi: dict[str, str] | None = None
    h5_url: str | None = None
    code_url: str | None = None
    form: PayForm | None = None


class Gateway(Protocol):
    """One merchant number at one provider."""

    async def prepay(self, intent: Intent, *, payer_ip: str | None) -> Outcome[dict[str, str]]:
        """What must be remembered to let the buyer pay. The same intent again is harmless."""
        ...

    def pay_fields(self, method: Method, app_id: str, prepay: Mapping[str, str]) -> PayFields:
        """Signed afresh every time; makes no call."""
        ...

    async def query(self, out_trade_no: str) -> Outcome[PaymentSeen]: ...

    async def close(self, out_trade_no: str) -> Outcome[None]: ...

    async def refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]: ...

    async def query_refund(self, refund: Refund, intent: Intent) -> Outcome[RefundSeen]: ...

    async def download_bill(self, day: date, into: BinaryIO) -> Outcome[BillFile]:
        """Writes the packed bill of one day in China into `into`, as it came. A bill that is not
        ready yet is refused with the meaning "later", a day without any with "absent"."""
        ...

    def meaning(self, refused: Refused) -> Meaning: ...

    def open_notification(self, headers: Mapping[str, str], raw: bytes, *, now: datetime) -> Notice:
        """Refuses with NotificationRefused. Makes no call and reads no clock."""
        ...


class TransferGateway(Protocol):
    """A merchant number that can pay money out to people."""

    async def transfer(self, transfer: Transfer, name: str | None) -> Outcome[TransferSeen]:
        """Accepted is not paid. The same transfer again answers the first."""
        ...

    async def query_transfer(self, transfer: Transfer) -> Outcome[TransferSeen]: ...

    def meaning(self, refused: Refused) -> Meaning: ...


class Gateways(Protocol):
    """From a shop's sealed config to its gateway."""

    def of(self, config: Config) -> Gateway: ...


class PayoutGateways(Gateways, Protocol):
    """The same, where money also goes out to people."""

    def transferring(self, config: Config) -> TransferGateway:
        """Of a config whose provider pays people out."""
        ...

    def seal_name(self, transfer_id: UUID, name: str) -> bytes: ...

    def open_name(self, transfer_id: UUID, sealed: bytes) -> str: ...
