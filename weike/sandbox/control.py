"""`/_ctl/…`: the hand of the tester. Pays, breaks, moves the clock, and tells the truth.

The truth (`/_ctl/truth`) is what tests compare the shop's books with: orders, refunds and
notifications as the simulated WeChat Pay knows them.
"""

from typing import Annotated, Literal

import msgspec
from litestar import Router, delete, get, post
from litestar.exceptions import HTTPException
from msgspec import Struct

from weike.sandbox import orders
from weike.sandbox.alipay.notifications import deliver_alipay
from weike.sandbox.faults import Fault, add_fault, clear_faults, faults_set
from weike.sandbox.notifications import Queued, deliver_due
from weike.sandbox.orders import Order
from weike.sandbox.people import PEOPLE, person_by_id
from weike.sandbox.refunds import RefundRow, settle_refunds
from weike.sandbox.wechat_api import issue_code
from weike.sandbox.wire import ProtocolRefusal
from weike.sandbox.world import World


class PayAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Which order is paid; `notify` false leaves the notification to the ladder's loop, and
    `seconds_ago` pays it in the past, so that its bill is written already."""

    out_trade_no: str
    mch_id: str | None = None
    notify: bool = True
    seconds_ago: Annotated[int, msgspec.Meta(ge=0, le=60 * 86400)] = 0


class AdvanceAsked(Struct, frozen=True, forbid_unknown_fields=True):
    seconds: Annotated[int, msgspec.Meta(ge=0)]


class SettingsAsked(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the simulated WeChat Pay behaves; what is left out stays as it is."""

    notify_signed_with: Literal["public_key", "certificate", "mixed"] | None = None
    refunds_end: Literal["SUCCESS", "ABNORMAL"] | None = None
    refund_gap_seconds: Annotated[int, msgspec.Meta(ge=0)] | None = None
    fee_bp: Annotated[int, msgspec.Meta(ge=0, le=1000)] | None = None
    """What the channel keeps, as bills tell it."""
    express_step_seconds: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Between two things a courier says."""


class LoginCodeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """What `wx.login` or the phone button would give a mini-program."""

    person: str
    purpose: Literal["mini_program", "phone"] = "mini_program"


class Truth(Struct, frozen=True):
    now: int
    orders: list[Order]
    refunds: list[RefundRow]
    notifications: list[Queued]
    paid_minor: int
    refunded_minor: int


@post("/pay", status_code=200)
async def pay(world: World, data: PayAsked) -> dict[str, object]:
    mch_id = data.mch_id or world.keys.credentials.merchants[0].mch_id
    try:
        order = orders.known_order(world, mch_id, data.out_trade_no)
        paid = orders.pay(
            world, order, openid=PEOPLE[0].openid(order.app_id), seconds_ago=data.seconds_ago
        )
    except ProtocolRefusal as refusal:
        raise HTTPException(status_code=409, detail=refusal.message) from refusal
    if data.notify:
        await deliver_due(world)
    return orders.transaction(paid)


@get("/faults")
async def list_faults(world: World) -> list[Fault]:
    return faults_set(world.store)


@post("/faults", status_code=201)
async def set_fault(world: World, data: Fault) -> list[Fault]:
    add_fault(world.store, data)
    return faults_set(world.store)


@delete("/faults", status_code=200)
async def remove_faults(world: World) -> dict[str, int]:
    return {"removed": clear_faults(world.store)}


@post("/advance", status_code=200)
async def advance(world: World, data: AdvanceAsked) -> dict[str, int]:
    """Moves the business clock and sends what became due."""
    now = world.advance(data.seconds)
    return {"now": now, "sent": await deliver_due(world) + await deliver_alipay(world)}


@post("/deliver", status_code=200)
async def deliver(world: World) -> dict[str, int]:
    """Settles refunds and sends what is due, now instead of at the next tick."""
    settle_refunds(world)
    return {"sent": await deliver_due(world) + await deliver_alipay(world)}


@post("/settings", status_code=200)
async def change_settings(world: World, data: SettingsAsked) -> dict[str, str]:
    changed = {
        name: str(value)
        for name in data.__struct_fields__
        if (value := getattr(data, name)) is not None
    }
    for name, value in changed.items():
        world.store.keep_setting(name, value)
    return changed


@post("/login_code", status_code=200)
async def login_code(world: World, data: LoginCodeAsked) -> dict[str, str]:
    person = person_by_id(data.person)
    if person is None:
        raise HTTPException(status_code=404, detail="no such person")
    app_id = world.keys.credentials.mini_program.app_id
    return {"code": issue_code(world, purpose=data.purpose, app_id=app_id, person=person)}


@get("/people")
async def people(world: World) -> list[dict[str, str]]:
    apps = world.keys.credentials
    return [
        {
            "id": person.id,
            "nickname": person.nickname,
            "phone": person.phone,
            "mini_program_openid": person.openid(apps.mini_program.app_id),
            "official_account_openid": person.openid(apps.official_account.app_id),
            "unionid": person.unionid,
        }
        for person in PEOPLE
    ]


@get("/truth")
async def dump_truth(world: World) -> Truth:
    known = world.store.every(Order, "SELECT * FROM orders ORDER BY rowid")
    refunds = world.store.every(RefundRow, "SELECT * FROM refunds ORDER BY rowid")
    return Truth(
        now=world.now(),
        orders=known,
        refunds=refunds,
        notifications=world.store.every(Queued, "SELECT * FROM notifications ORDER BY rowid"),
        paid_minor=sum(order.total for order in known if order.state in ("SUCCESS", "REFUND")),
        refunded_minor=sum(row.refund for row in refunds if row.status == "SUCCESS"),
    )


control_router = Router(
    "/_ctl",
    route_handlers=[
        pay,
        list_faults,
        set_fault,
        remove_faults,
        advance,
        deliver,
        change_settings,
        login_code,
        people,
        dump_truth,
    ],
)
