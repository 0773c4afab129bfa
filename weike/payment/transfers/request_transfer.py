"""Request a transfer: promise money to a person; it is sent after the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from weike.kernel import IdTakenByOther, Money, Tx
from weike.payment import queries
from weike.payment.errors import PayeeUnknown, PaymentNotSetUp
from weike.payment.model import Config
from weike.payment.transfer_model import Transfer, TransferPurpose, name_to_tell
from weike.payment.transfers import queries as transfer_queries
from weike.payment.transfers.events import TransferRequested


class NameSeal(Protocol):
    """Seals a payee's name for the time it is on its way."""

    def seal_name(self, transfer_id: UUID, name: str) -> bytes: ...


async def request_transfer(
    tx: Tx,
    names: NameSeal,
    *,
    transfer_id: UUID,
    purpose: TransferPurpose,
    purpose_id: UUID,
    open_ids: Mapping[str, str],
    name: str | None,
    amount: Money,
    remark: str,
    now: datetime,
) -> Transfer:
    """Through WeChat Pay, to the person whom its apps know by `open_ids` (app id → openid). The
    same id again answers the first request.

    Refuses with PaymentNotSetUp, PayeeUnknown and IdTakenByOther.
    """
    if earlier := await transfer_queries.transfer_by_id(tx, transfer_id):
        known = (earlier.purpose_id, earlier.amount_minor, earlier.currency)
        if known != (purpose_id, amount.minor, amount.currency):
            raise IdTakenByOther()
        return earlier
    config = await queries.config_of_shop(tx, "wechat")
    if config is None or config.state != "active":
        raise PaymentNotSetUp()
    app_id = payee_app(config, open_ids)
    if app_id is None:
        raise PayeeUnknown()
    told = name_to_tell(name, amount.minor)
    transfer = Transfer(
        id=transfer_id,
        config_id=config.id,
        purpose=purpose,
        purpose_id=purpose_id,
        app_id=app_id,
        payee=open_ids[app_id],
        name_cipher=names.seal_name(transfer_id, told) if told else None,
        amount_minor=amount.minor,
        currency=amount.currency,
        remark=remark,
        state="requested",
        package_info=None,
        last_code=None,
        attempts=0,
    )
    await transfer_queries.insert_transfer(tx, transfer, now=now)
    tx.announce(TransferRequested(transfer_id=transfer_id))
    return transfer


def payee_app(config: Config, open_ids: Mapping[str, str]) -> str | None:
    """Through which of the merchant's apps the person can be paid; the mini-program's first,
    because only inside WeChat a transfer can be confirmed."""
    apps = (config.app_id_mini, config.app_id_official)
    return next((app for app in apps if app and app in open_ids), None)
