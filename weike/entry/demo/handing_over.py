"""The demo's other ways of handing over: keys and notes at payment, pick-up, parcels in parts.

Journeys of the past are told as couriers tell them; with a sandbox beside us, parcels that are
shipped from now on are followed live.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from weike import catalog, inventory, members, trade
from weike.entry.demo.people import people
from weike.entry.demo.scene import Scene
from weike.kernel import Refusal, Tx, derived_id
from weike.sandbox.express import account_of
from weike.sandbox.keys import load_or_make_keys
from weike.trade import Actor
from weike.trade.fulfilment.keys.keep_keys import upload_keys
from weike.trade.fulfilment.model import ParcelState
from weike.trade.fulfilment.pickup import queries as pickup
from weike.trade.fulfilment.pickup.codes import make_ready
from weike.trade.fulfilment.pickup.queries import PickupPoint
from weike.trade.fulfilment.queries import parcels_of
from weike.trade.fulfilment.tracking import queries as tracking
from weike.trade.fulfilment.tracking.follow import set_up_tracking
from weike.trade.fulfilment.tracking.ports import Step
from weike.trade.model import Delivery, Placed

_KEYS = 60
_POINTS = (
    ("橙心小店·西湖门店", "西湖区", "330106", "文三路 478 号", "每天 9:30-21:30", "0571-00000001"),
    ("橙心小店·滨江前置仓", "滨江区", "330108", "江南大道 588 号", "每天 8:00-20:00", ""),
)
_CARDS = (
    "茶艺体验课 兑换卡",
    "Tea class voucher",
    "线下门店通用，一卡一次",
    "在任意门店出示密码即可兑换一次 90 分钟茶艺体验课。\n两年内有效，演示数据，请勿当真。",
    12800,
    "龙井",
)
_NOTE = (
    "产地直播课 回看",
    "Orchard live class, recorded",
    "果农讲四季管护，随买随看",
    "打开「我的 - 课程」即可观看，六个月内不限次数。\n演示数据，没有真实课程。",
    2990,
    "脐橙",
)
_JOURNEY = (
    (0.3, ParcelState.COLLECTED, "【杭州市】快件已被揽收，揽投员：王师傅"),
    (4, ParcelState.IN_TRANSIT, "【杭州市】快件已从杭州转运中心发出"),
    (15, ParcelState.IN_TRANSIT, "【嘉兴市】快件已到达嘉兴转运中心"),
    (22, ParcelState.OUT_FOR_DELIVERY, "【目的地】快件正在派送中，派件员：李师傅"),
)


async def show_handing_over(scene: Scene) -> None:
    """A product with keys, one with a note, two pick-up points; of each an order of the tester's,
    and one that left in two parcels."""
    past, now = scene.past, scene.now
    points, cards, note = await past.run(partial(_furnish, scene=scene), at=now)
    tester = await past.run(_tester, at=now)
    carried = await past.run(_carried, at=now)

    async def buy(lines: dict[UUID, int], hours: float, delivery: Delivery) -> Placed:
        at = now - timedelta(hours=hours)

        async def work(tx: Tx) -> Placed:
            ask = trade.PlaceOrder(
                order_id=past.ids.at(at),
                member_id=tester,
                lines=tuple(trade.AskedLine(sku, count) for sku, count in lines.items()),
                delivery=delivery,
            )
            (placed,) = await trade.place_orders(tx, scene.house.trade_ports, [ask], now=at)
            if isinstance(placed, Refusal):
                raise placed
            await scene.till.pay(tx, placed, ["演示订单"], at=at)
            return placed

        placed = await past.run(work, at=at)
        await past.deliver(at=at)
        return placed

    await buy({cards: 2}, 5, Delivery(kind="none"))
    await buy({note: 1}, 4, Delivery(kind="none"))
    fetched = Delivery(
        kind="pickup",
        pickup_point_id=points[0],
        contact_name="演示买家",
        contact_phone="13800000001",
    )
    waiting = await buy({carried: 1}, 3, fetched)
    await buy({carried: 1}, 1, fetched)  # Still to be made ready.
    address_id = await past.run(partial(_address_of, member_id=tester), at=now)
    split = await buy({carried: 3}, 47, Delivery(address_id=address_id))
    staff = Actor("staff", scene.crew.shipper.staff_id)

    async def hand_over(tx: Tx) -> None:
        codes = scene.house.fulfilment.codes
        await make_ready(tx, codes, order_id=waiting.id, actor=staff, now=now)
        for number, hours in (("SF1680244100271", 40.0), ("SF1680244100388", 18.0)):
            at = now - timedelta(hours=hours)
            await trade.ship_order(
                tx,
                parcel_id=past.ids.at(at),
                order_id=split.id,
                courier="sf",
                tracking_no=number,
                pieces={0: 1},
                actor=staff,
                now=at,
            )
        for parcel in await parcels_of(tx, split.id):
            await _tell_journey(tx, parcel.id, parcel.tracking_no, parcel.shipped_at, now=now)
        for row in await tx.fetch(
            "select p.id, p.tracking_no, p.shipped_at from trade.parcels p "
            "join trade.orders o on o.tenant_id = p.tenant_id and o.id = p.order_id "
            "where p.tenant_id = $1 and p.kind = 'express' and o.state = 'shipped'",
            tx.tenant_id,
        ):
            await _tell_journey(tx, row["id"], row["tracking_no"], row["shipped_at"], now=now)

    await past.run(hand_over, at=now)
    await past.deliver(at=now)
    if scene.house.settings.outside.sandbox_url is not None:
        await past.run(partial(_follow, scene=scene), at=now)


async def _furnish(tx: Tx, *, scene: Scene) -> tuple[list[UUID], UUID, UUID]:
    """(pick-up points, SKU of the keys, SKU of the note)."""
    now, points = scene.now, []
    for place, (name, district, code, street, hours, phone) in enumerate(_POINTS):
        point = PickupPoint(
            id=derived_id(tx.tenant_id, f"demo pickup {code}"),
            name=name,
            region_code=code,
            province="浙江省",
            city="杭州市",
            district=district,
            street=street,
            hours=hours,
            phone=phone,
            is_on=True,
            position=place,
        )
        await pickup.put_point(tx, point, now=now)
        points.append(point.id)
    products = await catalog.products_after(tx, None, limit=500)
    pictured = [one for one in products if one.draft.media_ids]
    kinds = (catalog.ProductKind.CARD_KEY, catalog.ProductKind.VIRTUAL)
    made = []
    for (title, title_en, subtitle, note, price, like), kind in zip(
        (_CARDS, _NOTE), kinds, strict=True
    ):
        sku_id = derived_id(tx.tenant_id, f"demo sku {kind}")
        # A picture that has to do with it, if it is still in the catalogue.
        model = next((one for one in pictured if like in one.draft.title), pictured[0])
        draft = catalog.ProductDraft(
            title=title,
            title_en=title_en,
            subtitle=subtitle,
            kind=kind,
            delivery_note=note,
            category_id=model.draft.category_id,
            state=catalog.ProductState.ON_SALE,
            media_ids=model.draft.media_ids[:1],
            skus=(catalog.SkuDraft(id=sku_id, code=f"DEMO-{kind}".upper(), price_minor=price),),
        )
        product_id = derived_id(tx.tenant_id, f"demo product {kind}")
        await catalog.create_product(tx, product_id=product_id, draft=draft, now=now)
        made.append(sku_id)
    cards, note_sku = made
    text = "\n".join(f"CYK{number:05d},CY-{7919 * (number + 3):08d}" for number in range(_KEYS))
    await upload_keys(
        tx,
        scene.house.fulfilment.keys,
        sku_id=cards,
        batch_id=derived_id(tx.tenant_id, "demo keys"),
        text=text,
        actor=Actor("staff", scene.crew.owner.staff_id),
        now=now,
    )
    await inventory.set_on_hand(tx, {note_sku: 9999}, now=now)
    return points, cards, note_sku


async def _tester(tx: Tx) -> UUID:
    name = next(person.nickname for person in people() if not person.is_promoter)
    (tester,) = await members.members_named(tx, name, limit=1)
    return tester


async def _carried(tx: Tx) -> UUID:
    """What most is left of among the things that are carried."""
    products = await catalog.products_after(tx, None, limit=60)
    skus = [
        one.draft.skus[0].id
        for one in products
        if one.draft.kind is catalog.ProductKind.PHYSICAL
        and one.draft.state == catalog.ProductState.ON_SALE
    ]
    left = await inventory.available(tx, skus)
    return max(skus, key=lambda sku: left[sku])


async def _address_of(tx: Tx, *, member_id: UUID) -> UUID:
    found: UUID = await tx.fetchval(
        "select a.id from members.addresses a where a.tenant_id = $1 and a.member_id = $2 "
        "order by a.is_default desc limit 1",
        tx.tenant_id,
        member_id,
    )
    return found


async def _tell_journey(
    tx: Tx, parcel_id: UUID, tracking_no: str, shipped_at: datetime, *, now: datetime
) -> None:
    steps = [
        Step(at=shipped_at + timedelta(hours=hours), state=state, text=text)
        for hours, state, text in _JOURNEY
        if shipped_at + timedelta(hours=hours) <= now
    ]
    await tracking.insert_steps(tx, parcel_id, tracking_no, steps, now=now)
    if steps:
        await tracking.move_parcel(
            tx, parcel_id, tracking_no=tracking_no, state=steps[-1].state, at=steps[-1].at
        )


async def _follow(tx: Tx, *, scene: Scene) -> None:
    """From now on parcels are followed by the sandbox beside us."""
    folder = scene.house.settings.data / "sandbox"
    account = account_of(load_or_make_keys(folder, now=scene.now).credentials)
    await set_up_tracking(
        tx,
        scene.house.fulfilment.follower,
        customer=account.customer,
        key=account.key,
        is_on=True,
        actor=scene.crew.owner,
        now=scene.now,
    )
