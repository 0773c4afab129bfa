"""What members and merchants ask about a balance."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from weike import ledger
from weike.kernel import Tx
from weike.payment.balance import queries
from weike.payment.balance.model import BalanceSettings


class BalanceView(Struct, frozen=True, kw_only=True):
    """`leaving_minor` is on its way back; `room_minor` is what may still be topped up."""

    is_on: bool
    balance_minor: int
    leaving_minor: int
    limit_minor: int
    room_minor: int
    is_named: bool
    rests_at: datetime | None
    is_resting: bool
    settings: BalanceSettings


async def balance_view(tx: Tx, member_id: UUID, *, now: datetime) -> BalanceView:
    settings = await queries.settings_of_shop(tx)
    account = await queries.account_of(tx, member_id)
    held = (await ledger.balance(tx, "balance", member_id)).minor if account else 0
    leaving = (await ledger.balance(tx, "balance_leaving", member_id)).minor if account else 0
    is_named = account is not None and account.is_named
    limit = settings.limit_minor(is_named=is_named)
    return BalanceView(
        is_on=settings.is_on,
        balance_minor=held,
        leaving_minor=leaving,
        limit_minor=limit,
        room_minor=max(0, limit - held - leaving) if settings.is_on else 0,
        is_named=is_named,
        rests_at=account.rests_at if account and not is_named else None,
        is_resting=account is not None and account.is_resting(now),
        settings=settings,
    )


async def spendable_minor(tx: Tx, member_id: UUID, *, now: datetime) -> int | None:
    """None where there is no balance to be spoken of: nothing left, and no way to top up."""
    account = await queries.account_of(tx, member_id)
    if account is None:
        return 0 if (await queries.settings_of_shop(tx)).is_on else None
    held = (await ledger.balance(tx, "balance", member_id)).minor
    if held == 0 and not (await queries.settings_of_shop(tx)).is_on:
        return None
    return 0 if account.is_resting(now) else held
