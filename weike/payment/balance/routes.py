"""HTTP of balances: a member's own, and the merchant's settings and looks.

Given by name: `gateways: ProviderGateways`, besides the kernel's `caller`, `database`, `now`.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from weike import ledger, members, tenancy
from weike.kernel import Database, Money, NotFound, Page, Tx, decode_cursor, page_of
from weike.kernel.edge import MEMBER, Caller, limited, staff
from weike.payment import queries as payment_queries
from weike.payment.balance import queries
from weike.payment.balance.holder import name_holder, shown_holder
from weike.payment.balance.model import BalanceSettings, Holder, rests_at
from weike.payment.balance.questions import balance_view
from weike.payment.balance.set_balance import set_balance
from weike.payment.balance.take_back import take_back
from weike.payment.balance.top_up import open_top_up
from weike.payment.begin_payment import PaymentBegun, begin_payment
from weike.payment.gateways import ProviderGateways
from weike.payment.model import Intent, Method

_WECHAT_KIND: dict[Method, str] = {"mini": "mini", "jsapi": "official"}
_Sum = Annotated[int, Meta(ge=1, le=500_000)]
_Limit = Annotated[int, Meta(ge=1, le=1_000_000)]


class MyBalance(Struct, kw_only=True):
    """`holder` is masked. `filing` and `issuer` say who owes this money, as the law wants."""

    is_on: bool
    balance_minor: int
    leaving_minor: int
    limit_minor: int
    room_minor: int
    named_limit_minor: int
    is_named: bool
    holder: str | None
    rests_at: datetime | None
    is_resting: bool
    choices_minor: list[int]
    issuer: str
    filing: str
    terms: str


class BalanceLine(Struct, kw_only=True):
    """`amount_minor` is positive when the balance grew. `source_id` is an order's or a top-up's."""

    id: UUID
    kind: str
    source_type: str
    source_id: UUID
    amount_minor: int
    at: datetime


class TopUpAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    amount_minor: _Sum
    method: Method


class TopUp(Struct, kw_only=True):
    id: UUID
    state: Literal["open", "paid", "closed"]
    amount_minor: int


class TakeBackAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    amount_minor: _Sum


class HolderAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    id_number: Annotated[str, Meta(min_length=18, max_length=18)]


class BalanceRules(Struct, forbid_unknown_fields=True, kw_only=True):
    """`version` is that of the rules that were shown."""

    is_on: bool
    issuer: Annotated[str, Meta(max_length=100)] = ""
    filing: Annotated[str, Meta(max_length=200)] = ""
    terms: Annotated[str, Meta(max_length=2000)] = ""
    anonymous_limit_minor: _Limit
    named_limit_minor: _Limit
    validity_years: Annotated[int, Meta(ge=1, le=50)] | None = None
    choices_minor: Annotated[list[_Sum], Meta(max_length=6)]
    version: int = 0


class MemberBalance(Struct, kw_only=True):
    """What the merchant sees: figures and history. There is no way to change one by hand."""

    balance_minor: int
    leaving_minor: int
    is_named: bool
    lines: list[BalanceLine]


@get("/api/shop/balance", opt=MEMBER, operation_id="my_balance", tags=["shop"])
async def my_balance(
    caller: Caller, database: Database, gateways: ProviderGateways, now: datetime
) -> MyBalance:
    return await database.run(
        caller.tenant_id, lambda tx: _mine(tx, gateways, caller.member_id, now=now)
    )


@get("/api/shop/balance/lines", opt=MEMBER, operation_id="my_balance_lines", tags=["shop"])
async def my_balance_lines(
    caller: Caller,
    database: Database,
    cursor: str | None = None,
    limit: Annotated[int, Meta(ge=1, le=100)] = 20,
) -> Page[BalanceLine]:
    """Newest first."""
    after = decode_cursor(cursor, tuple[datetime, UUID])
    found = await database.run(
        caller.tenant_id,
        lambda tx: ledger.statement(tx, "balance", caller.member_id, after=after, limit=limit + 1),
    )
    return page_of(found, limit=limit, item=_line, key=lambda one: (one.at, one.transfer_id))


@post(
    "/api/shop/balance/top-ups",
    opt=limited(MEMBER, per_minute=20),
    operation_id="top_up_balance",
    status_code=200,
    tags=["shop"],
)
async def top_up(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    data: TopUpAsked,
    client_address: str,
    now: datetime,
) -> PaymentBegun:
    """Asking again for the same top-up while it can be paid gives the same payment."""

    async def open_it(tx: Tx) -> Intent:
        kind = _WECHAT_KIND.get(data.method)
        openid = await members.wechat_open_id(tx, caller.member_id, kind=kind) if kind else None
        shop = await tenancy.tenant_of(tx)
        return await open_top_up(
            tx,
            top_up_id=data.id,
            member_id=caller.member_id,
            amount=Money(data.amount_minor),
            method=data.method,
            description=f"{shop.name} 余额充值",
            payer_openid=openid,
            now=now,
        )

    intent = await database.run(caller.tenant_id, open_it)
    return await begin_payment(
        database,
        gateways,
        caller.tenant_id,
        intent_id=intent.id,
        payer_ip=client_address or None,
        now=now,
    )


@get("/api/shop/balance/top-ups/{top_up_id:uuid}", opt=MEMBER, operation_id="my_top_up")
async def my_top_up(caller: Caller, database: Database, top_up_id: UUID) -> TopUp:
    """What became of a top-up of one's own."""
    intents = await database.run(
        caller.tenant_id, lambda tx: payment_queries.intents_of_order(tx, top_up_id)
    )
    mine = [one for one in intents if one.member_id == caller.member_id]
    if not mine:
        raise NotFound()
    states = {one.state for one in mine}
    is_open = any(one.is_open and one.close_requested_at is None for one in mine)
    return TopUp(
        id=top_up_id,
        state="paid" if "paid" in states else "open" if is_open else "closed",
        amount_minor=mine[0].amount_minor,
    )


@post(
    "/api/shop/balance/take-back",
    opt=limited(MEMBER, per_minute=10),
    operation_id="take_balance_back",
    status_code=200,
    tags=["shop"],
)
async def take_balance_back(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    data: TakeBackAsked,
    now: datetime,
) -> MyBalance:
    """Back to where it was topped up from. The same id again changes nothing."""

    async def take(tx: Tx) -> MyBalance:
        await take_back(
            tx,
            request_id=data.id,
            member_id=caller.member_id,
            amount=Money(data.amount_minor),
            now=now,
        )
        return await _mine(tx, gateways, caller.member_id, now=now)

    return await database.run(caller.tenant_id, take)


@post(
    "/api/shop/balance/wake",
    opt=MEMBER,
    operation_id="wake_balance",
    status_code=204,
    tags=["shop"],
)
async def wake_balance(caller: Caller, database: Database, now: datetime) -> None:
    """A resting balance can be spent again, free of charge."""

    async def wake(tx: Tx) -> None:
        account = await queries.lock_account(tx, caller.member_id)
        if account:
            settings = await queries.settings_of_shop(tx)
            at = rests_at(settings, is_named=account.is_named, now=now)
            await queries.let_rest_at(tx, caller.member_id, at)

    await database.run(caller.tenant_id, wake)


@put(
    "/api/shop/balance/holder",
    opt=limited(MEMBER, per_minute=5),
    operation_id="name_balance_holder",
    status_code=204,
    tags=["shop"],
)
async def name_balance_holder(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    data: HolderAsked,
    now: datetime,
) -> None:
    holder = Holder(data.name, data.id_number)
    await database.run(
        caller.tenant_id,
        lambda tx: name_holder(
            tx, gateways.sealer, member_id=caller.member_id, holder=holder, now=now
        ),
    )


@get("/api/console/payment/balance", opt=staff("settings.read"), operation_id="balance_rules")
async def balance_rules(caller: Caller, database: Database) -> BalanceRules:
    return _rules(await database.run(caller.tenant_id, queries.settings_of_shop))


@put("/api/console/payment/balance", opt=staff("settings.write"), operation_id="set_balance_rules")
async def set_balance_rules(
    caller: Caller, database: Database, now: datetime, data: BalanceRules
) -> BalanceRules:
    asked = BalanceSettings(
        is_on=data.is_on,
        issuer=data.issuer.strip(),
        filing=data.filing.strip(),
        terms=data.terms.strip(),
        anonymous_limit_minor=data.anonymous_limit_minor,
        named_limit_minor=data.named_limit_minor,
        validity_years=data.validity_years,
        choices_minor=tuple(sorted(set(data.choices_minor))),
        version=data.version,
    )

    async def keep(tx: Tx) -> BalanceSettings:
        settings = await set_balance(tx, asked, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="payment.balance_set",
            subject_type="balance_settings",
            subject_id=str(settings.version),
            detail={"is_on": settings.is_on, "filing": settings.filing, "issuer": settings.issuer},
            now=now,
        )
        return settings

    return _rules(await database.run(caller.tenant_id, keep))


@get(
    "/api/console/members/{member_id:uuid}/balance",
    opt=staff("members.read"),
    operation_id="member_balance",
)
async def member_balance(
    caller: Caller, database: Database, member_id: UUID, now: datetime
) -> MemberBalance:
    """The last thirty movements."""

    async def read(tx: Tx) -> MemberBalance:
        if member_id not in await members.member_cards(tx, [member_id]):
            raise NotFound()
        view = await balance_view(tx, member_id, now=now)
        lines = await ledger.statement(tx, "balance", member_id, limit=30)
        return MemberBalance(
            balance_minor=view.balance_minor,
            leaving_minor=view.leaving_minor,
            is_named=view.is_named,
            lines=[_line(one) for one in lines],
        )

    return await database.run(caller.tenant_id, read)


BALANCE_ROUTES: tuple[HTTPRouteHandler, ...] = (
    my_balance,
    my_balance_lines,
    top_up,
    my_top_up,
    take_balance_back,
    wake_balance,
    name_balance_holder,
    balance_rules,
    set_balance_rules,
    member_balance,
)


async def _mine(tx: Tx, gateways: ProviderGateways, member_id: UUID, *, now: datetime) -> MyBalance:
    view = await balance_view(tx, member_id, now=now)
    account = await queries.account_of(tx, member_id)
    settings = view.settings
    return MyBalance(
        is_on=view.is_on,
        balance_minor=view.balance_minor,
        leaving_minor=view.leaving_minor,
        limit_minor=view.limit_minor,
        room_minor=view.room_minor,
        named_limit_minor=settings.named_limit_minor,
        is_named=view.is_named,
        holder=shown_holder(gateways.sealer, tx.tenant_id, account) if account else None,
        rests_at=view.rests_at,
        is_resting=view.is_resting,
        choices_minor=[one for one in settings.choices_minor if one <= view.limit_minor],
        issuer=settings.issuer,
        filing=settings.filing,
        terms=settings.terms,
    )


def _line(one: ledger.StatementLine) -> BalanceLine:
    return BalanceLine(
        id=one.transfer_id,
        kind=one.kind,
        source_type=one.source_type,
        source_id=one.source_id,
        amount_minor=one.amount_minor,
        at=one.at,
    )


def _rules(settings: BalanceSettings) -> BalanceRules:
    return BalanceRules(
        is_on=settings.is_on,
        issuer=settings.issuer,
        filing=settings.filing,
        terms=settings.terms,
        anonymous_limit_minor=settings.anonymous_limit_minor,
        named_limit_minor=settings.named_limit_minor,
        validity_years=settings.validity_years,
        choices_minor=list(settings.choices_minor),
        version=settings.version,
    )
