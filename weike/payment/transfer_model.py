"""Transfers as values."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

TransferState = Literal["requested", "sent", "unknown", "confirming", "succeeded", "failed"]
TransferPurpose = Literal["withdrawal"]

TRANSFER_AFTER_SECONDS = (15, 30, 60, 300, 900, 3600, 3 * 3600)
"""When it is asked about; the payee has a day to confirm, and the provider is late at times."""

NAME_FROM_MINOR = 200_000
"""From 2,000 yuan on WeChat Pay must be told the real name (商家转账, "user_name")."""
NAME_OVER_MINOR = 30
"""Below 0.30 yuan it must not be told one."""


class Transfer(Struct, frozen=True, kw_only=True):
    """`payee` is what the provider knows the person by: an openid at WeChat."""

    id: UUID
    config_id: UUID
    purpose: TransferPurpose
    purpose_id: UUID
    app_id: str
    payee: str
    name_cipher: bytes | None
    amount_minor: int
    currency: str
    remark: str
    state: TransferState
    package_info: str | None
    last_code: str | None
    attempts: int

    @property
    def out_bill_no(self) -> str:
        return self.id.hex


class TransferSeen(Struct, frozen=True, kw_only=True):
    """The provider's verified word about a transfer. `package_info` opens its confirmation."""

    out_bill_no: str
    state: Literal["processing", "confirming", "done", "failed"]
    provider_transfer_id: str = ""
    package_info: str | None = None
    amount_minor: int | None = None
    mch_id: str | None = None
    reason: str = ""
    done_at: datetime | None = None


def transfer_mismatch(seen: TransferSeen, transfer: Transfer, *, mch_id: str) -> str | None:
    """Why the word is not about this transfer."""
    if seen.mch_id is not None and seen.mch_id != mch_id:
        return "mch_id"
    if seen.amount_minor is not None and seen.amount_minor != transfer.amount_minor:
        return "amount"
    return None


def name_to_tell(name: str | None, amount_minor: int) -> str | None:
    """The real name where the provider takes one."""
    return name if name and amount_minor >= NAME_OVER_MINOR else None
