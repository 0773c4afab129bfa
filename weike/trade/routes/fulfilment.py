"""How goods reach buyers, over HTTP: parcels, journeys, pick-up, card keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import Dependency
from msgspec import Meta, Struct

from weike import tenancy
from weike.kernel import Database, Tx
from weike.kernel.edge import MEMBER, SHOP, Caller, limited, staff
from weike.kernel.words import Words
from weike.trade.fulfilment.building import FulfilmentKit
from weike.trade.fulfilment.correct_tracking import correct_tracking
from weike.trade.fulfilment.keys.keep_keys import (
    GivenKeys,
    KeysUploaded,
    keys_of_order,
    upload_keys,
    withdraw_keys,
)
from weike.trade.fulfilment.keys.show_keys import SkuKeys, keys_of_product
from weike.trade.fulfilment.pickup import queries as pickup
from weike.trade.fulfilment.pickup.codes import (
    PickupCode,
    make_ready,
    my_pickup_code,
    read_code,
    write_off,
)
from weike.trade.fulfilment.pickup.queries import PickupPoint
from weike.trade.fulfilment.pickup.show_hand_over import HandOverView, hand_over_view
from weike.trade.fulfilment.ship_order import ship_order
from weike.trade.fulfilment.show_parcels import (
    ShopParcels,
    Tracking,
    my_tracking,
    shop_parcels,
)
from weike.trade.fulfilment.tracking.follow import (
    TrackingSettings,
    query_now,
    set_up_tracking,
    tracking_settings,
)
from weike.trade.fulfilment.tracking.refresh import refuse_unless_told, wish_to_ask
from weike.trade.model import Actor
from weike.trade.order import queries as order_queries
from weike.trade.order.show_orders import OrderMoved
from weike.trade.routes.console import recorded

_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_Word = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
_Line = Annotated[str, Meta(max_length=100, pattern=_PLAIN)]
_Filled = Annotated[str, Meta(min_length=1, max_length=100, pattern=_PLAIN)]
_Kit = Annotated[FulfilmentKit, Dependency(skip_validation=True)]
_WRITE_OFF = staff("orders.write_off")


class ShipLine(Struct, forbid_unknown_fields=True, kw_only=True):
    """So many pieces of the line at this position."""

    position: Annotated[int, Meta(ge=0, le=999)]
    quantity: Annotated[int, Meta(ge=1, le=9999)]


class ShipAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` names the parcel: sent again, it is the same parcel. Without `lines` everything that is
    left goes into it."""

    id: UUID
    courier: _Word
    tracking_no: _Word
    lines: Annotated[list[ShipLine], Meta(min_length=1, max_length=200)] | None = None


class CorrectAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    courier: _Word
    tracking_no: _Word


class PickupPointAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    name: _Filled
    region_code: Annotated[str, Meta(pattern=r"^[0-9]{6}$")]
    province: _Filled
    city: _Filled
    district: _Line = ""
    street: _Filled
    hours: _Line = ""
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[0-9+ -]*$")] = ""
    is_on: bool = True
    position: Annotated[int, Meta(ge=0, le=1000)] = 0


class PickupPoints(Struct, kw_only=True):
    items: list[PickupPoint]


class CodeAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """As it was scanned or typed; blanks and dashes do not matter."""

    code: Annotated[str, Meta(min_length=1, max_length=40, pattern=_PLAIN)]


class KeysAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """`id` names the upload. One key a line: the secret, or number and secret."""

    id: UUID
    text: Annotated[str, Meta(min_length=1, max_length=900_000)]


class KeysWithdrawn(Struct, kw_only=True):
    withdrawn: int


class OrderKeys(Struct, kw_only=True):
    items: list[GivenKeys]


class ProductKeys(Struct, kw_only=True):
    items: list[SkuKeys]


class TrackingAsked(Struct, forbid_unknown_fields=True, kw_only=True):
    """The key that is left out stays as it was."""

    customer: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z]+$")]
    key: Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z]+$")] | None = None
    is_on: bool = True


class TrackingSetUp(Struct, kw_only=True):
    is_set_up: bool
    customer: str = ""
    is_on: bool = False


@post(
    "/api/console/orders/{order_id:uuid}/ship",
    opt=staff("orders.ship"),
    operation_id="ship_order",
    status_code=200,
    tags=["console"],
)
async def ship(
    caller: Caller, database: Database, order_id: UUID, data: ShipAsked, now: datetime
) -> OrderMoved:
    """Everything that is left, or some pieces of it."""
    pieces = None
    if data.lines is not None:
        pieces = dict[int, int]()
        for line in data.lines:
            pieces[line.position] = pieces.get(line.position, 0) + line.quantity

    async def work(tx: Tx) -> OrderMoved:
        await ship_order(
            tx,
            parcel_id=data.id,
            order_id=order_id,
            courier=data.courier,
            tracking_no=data.tracking_no,
            pieces=pieces,
            actor=Actor("staff", caller.staff_id),
            now=now,
        )
        return await recorded(tx, caller, "orders.shipped", order_id, now=now)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/orders/{order_id:uuid}/parcels",
    opt=staff("orders.read"),
    operation_id="order_parcels",
    tags=["console"],
)
async def list_parcels(
    caller: Caller, database: Database, order_id: UUID, words: Words
) -> ShopParcels:
    """Journeys, corrected numbers, and what WeChat was told."""
    return await database.run(
        caller.tenant_id, lambda tx: shop_parcels(tx, order_id=order_id, words=words)
    )


@put(
    "/api/console/orders/{order_id:uuid}/parcels/{parcel_id:uuid}",
    opt=staff("orders.ship"),
    operation_id="correct_parcel",
    tags=["console"],
)
async def correct(
    caller: Caller,
    database: Database,
    order_id: UUID,
    parcel_id: UUID,
    data: CorrectAsked,
    now: datetime,
) -> OrderMoved:
    async def work(tx: Tx) -> OrderMoved:
        await correct_tracking(
            tx,
            order_id=order_id,
            parcel_id=parcel_id,
            courier=data.courier,
            tracking_no=data.tracking_no,
            actor=Actor("staff", caller.staff_id),
            now=now,
        )
        return await recorded(tx, caller, "orders.tracking_corrected", order_id, now=now)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/orders/{order_id:uuid}/parcels/{parcel_id:uuid}/query",
    opt=limited(staff("orders.read"), per_minute=30),
    operation_id="query_parcel",
    status_code=200,
    tags=["console"],
)
async def query_parcel(
    caller: Caller,
    database: Database,
    fulfilment: _Kit,
    order_id: UUID,
    parcel_id: UUID,
    words: Words,
    now: datetime,
) -> ShopParcels:
    """Asks the tracking service now."""
    wish = await database.run(
        caller.tenant_id,
        lambda tx: wish_to_ask(tx, order_id=order_id, parcel_id=parcel_id, now=now),
    )
    told = await query_now(fulfilment.follower, database, caller.tenant_id, wish=wish, now=now)
    refuse_unless_told(told)
    return await database.run(
        caller.tenant_id, lambda tx: shop_parcels(tx, order_id=order_id, words=words)
    )


@get(
    "/api/shop/orders/{order_id:uuid}/parcels/{parcel_id:uuid}",
    opt=MEMBER,
    operation_id="my_tracking",
    tags=["shop"],
)
async def get_tracking(
    caller: Caller, database: Database, order_id: UUID, parcel_id: UUID, words: Words
) -> Tracking:
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: my_tracking(
            tx, order_id=order_id, parcel_id=parcel_id, member_id=member_id, words=words
        ),
    )


@get("/api/shop/pickup-points", opt=SHOP, operation_id="pickup_points", tags=["shop"])
async def list_open_points(caller: Caller, database: Database) -> PickupPoints:
    """Where goods can be fetched."""
    points = await database.run(caller.tenant_id, lambda tx: pickup.points(tx, only_on=True))
    return PickupPoints(items=points)


@get(
    "/api/console/pickup-points",
    opt=staff("orders.read"),
    operation_id="console_pickup_points",
    tags=["console"],
)
async def list_points(caller: Caller, database: Database) -> PickupPoints:
    points = await database.run(caller.tenant_id, lambda tx: pickup.points(tx, only_on=False))
    return PickupPoints(items=points)


@put(
    "/api/console/pickup-points/{point_id:uuid}",
    opt=staff("settings.write"),
    operation_id="put_pickup_point",
    tags=["console"],
)
async def put_point(
    caller: Caller, database: Database, point_id: UUID, data: PickupPointAsked, now: datetime
) -> PickupPoint:
    """Makes the point or changes it. One that is off takes no new orders; those it has stay."""
    point = PickupPoint(
        id=point_id, **{name: getattr(data, name) for name in data.__struct_fields__}
    )

    async def work(tx: Tx) -> PickupPoint:
        await pickup.put_point(tx, point, now=now)
        await tenancy.record_audit(
            tx,
            actor=caller,
            action="pickup_point.set",
            subject_type="pickup_point",
            subject_id=point_id,
            detail={"name": point.name, "is_on": point.is_on},
            now=now,
        )
        return point

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/orders/{order_id:uuid}/ready",
    opt=staff("orders.ship"),
    operation_id="make_order_ready",
    status_code=200,
    tags=["console"],
)
async def ready(
    caller: Caller, database: Database, fulfilment: _Kit, order_id: UUID, now: datetime
) -> OrderMoved:
    """The goods lie ready; the buyer gets a code."""

    async def work(tx: Tx) -> OrderMoved:
        actor = Actor("staff", caller.staff_id)
        await make_ready(tx, fulfilment.codes, order_id=order_id, actor=actor, now=now)
        return await recorded(tx, caller, "orders.ready_for_pickup", order_id, now=now)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/shop/orders/{order_id:uuid}/pickup-code",
    opt=MEMBER,
    operation_id="my_pickup_code",
    tags=["shop"],
)
async def get_pickup_code(
    caller: Caller, database: Database, fulfilment: _Kit, order_id: UUID
) -> PickupCode:
    member_id = caller.member_id
    return await database.run(
        caller.tenant_id,
        lambda tx: my_pickup_code(tx, fulfilment.codes, order_id=order_id, member_id=member_id),
    )


@post(
    "/api/console/pickup/read",
    opt=limited(_WRITE_OFF, per_minute=60),
    operation_id="read_pickup_code",
    status_code=200,
    tags=["console"],
)
async def read_pickup_code(
    caller: Caller, database: Database, fulfilment: _Kit, data: CodeAsked, words: Words
) -> HandOverView:
    """What to hand over for this code."""

    async def work(tx: Tx) -> HandOverView:
        return await hand_over_view(
            tx, await read_code(tx, fulfilment.codes, code=data.code), words
        )

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/pickup/write-off",
    opt=limited(_WRITE_OFF, per_minute=60),
    operation_id="write_off_pickup",
    status_code=200,
    tags=["console"],
)
async def write_off_pickup(
    caller: Caller, database: Database, fulfilment: _Kit, data: CodeAsked, now: datetime
) -> OrderMoved:
    """The goods are with their buyer: the order is received."""

    async def work(tx: Tx) -> OrderMoved:
        actor = Actor("staff", caller.staff_id)
        order_id = await write_off(tx, fulfilment.codes, code=data.code, actor=actor, now=now)
        return await recorded(tx, caller, "orders.written_off", order_id, now=now)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/shop/orders/{order_id:uuid}/keys",
    opt=limited(MEMBER, per_minute=60),
    operation_id="my_keys",
    tags=["shop"],
)
async def get_my_keys(
    caller: Caller, database: Database, fulfilment: _Kit, order_id: UUID
) -> OrderKeys:
    """The keys of one's own order, in clear."""
    member_id = caller.member_id

    async def work(tx: Tx) -> OrderKeys:
        await order_queries.lock_order(tx, order_id, member_id=member_id)
        return OrderKeys(items=await keys_of_order(tx, fulfilment.keys, order_id=order_id))

    return await database.run(caller.tenant_id, work)


@get(
    "/api/console/products/{product_id:uuid}/keys",
    opt=staff("products.read"),
    operation_id="product_keys",
    tags=["console"],
)
async def list_keys(
    caller: Caller, database: Database, product_id: UUID, words: Words
) -> ProductKeys:
    """How many keys each SKU has left, by upload; never a key itself."""
    items = await database.run(
        caller.tenant_id, lambda tx: keys_of_product(tx, product_id=product_id, words=words)
    )
    return ProductKeys(items=items)


@post(
    "/api/console/skus/{sku_id:uuid}/keys",
    opt=staff("products.write"),
    operation_id="upload_keys",
    status_code=200,
    tags=["console"],
)
async def take_keys(
    caller: Caller,
    database: Database,
    fulfilment: _Kit,
    sku_id: UUID,
    data: KeysAsked,
    now: datetime,
) -> KeysUploaded:
    async def work(tx: Tx) -> KeysUploaded:
        uploaded = await upload_keys(
            tx,
            fulfilment.keys,
            sku_id=sku_id,
            batch_id=data.id,
            text=data.text,
            actor=Actor("staff", caller.staff_id),
            now=now,
        )
        await _record_keys(tx, caller, "card_keys.uploaded", sku_id, uploaded.added, now=now)
        return uploaded

    return await database.run(caller.tenant_id, work)


@post(
    "/api/console/skus/{sku_id:uuid}/keys/{batch_id:uuid}/withdraw",
    opt=staff("products.write"),
    operation_id="withdraw_keys",
    status_code=200,
    tags=["console"],
)
async def take_back_keys(
    caller: Caller, database: Database, sku_id: UUID, batch_id: UUID, now: datetime
) -> KeysWithdrawn:
    """The free keys of one upload are never given to anybody."""

    async def work(tx: Tx) -> KeysWithdrawn:
        actor = Actor("staff", caller.staff_id)
        count = await withdraw_keys(tx, sku_id=sku_id, batch_id=batch_id, actor=actor, now=now)
        await _record_keys(tx, caller, "card_keys.withdrawn", sku_id, count, now=now)
        return KeysWithdrawn(withdrawn=count)

    return await database.run(caller.tenant_id, work)


async def _record_keys(
    tx: Tx, caller: Caller, action: str, sku_id: UUID, count: int, *, now: datetime
) -> None:
    await tenancy.record_audit(
        tx,
        actor=caller,
        action=action,
        subject_type="sku",
        subject_id=sku_id,
        detail={"count": count},
        now=now,
    )


@get(
    "/api/console/tracking",
    opt=staff("settings.read"),
    operation_id="tracking_settings",
    tags=["console"],
)
async def get_tracking_settings(caller: Caller, database: Database) -> TrackingSetUp:
    return _shown(await database.run(caller.tenant_id, tracking_settings))


@put(
    "/api/console/tracking",
    opt=staff("settings.write"),
    operation_id="set_up_tracking",
    tags=["console"],
)
async def put_tracking_settings(
    caller: Caller, database: Database, fulfilment: _Kit, data: TrackingAsked, now: datetime
) -> TrackingSetUp:
    async def work(tx: Tx) -> TrackingSetUp:
        await set_up_tracking(
            tx,
            fulfilment.follower,
            customer=data.customer,
            key=data.key,
            is_on=data.is_on,
            actor=caller,
            now=now,
        )
        return _shown(await tracking_settings(tx))

    return await database.run(caller.tenant_id, work)


def _shown(settings: TrackingSettings | None) -> TrackingSetUp:
    if settings is None:
        return TrackingSetUp(is_set_up=False)
    return TrackingSetUp(is_set_up=True, customer=settings.customer, is_on=settings.is_on)


FULFILMENT_ROUTES: tuple[HTTPRouteHandler, ...] = (
    ship,
    list_parcels,
    correct,
    query_parcel,
    get_tracking,
    list_open_points,
    list_points,
    put_point,
    ready,
    get_pickup_code,
    read_pickup_code,
    write_off_pickup,
    get_my_keys,
    list_keys,
    take_keys,
    take_back_keys,
    get_tracking_settings,
    put_tracking_settings,
)
