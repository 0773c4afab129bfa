"""Parcels, pick-up, keys and notes, as buyers and the merchant's people meet them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.trade.fulfilling import House, a_sku_of, open_house
from weike import catalog, inventory, trade
from weike.catalog import ProductKind
from weike.kernel import Database, Tx, uuid7
from weike.trade.errors import KeysShort, NoPickup
from weike.trade.fulfilment.deliver_at_payment import deliver_at_payment
from weike.trade.fulfilment.keys.keep_keys import Key, read_keys
from weike.trade.fulfilment.model import Line, left_of, receive_days, too_many
from weike.trade.fulfilment.shipped_pieces import ship_if_complete, unshipped


@pytest.fixture
async def house(database: Database, now: datetime) -> AsyncIterator[House]:
    async with open_house(database, now) as house:
        yield house


# Rules.


def line(position: int, quantity: int, *, called_off: int = 0, shipped: int = 0) -> Line:
    return Line(position, UUID(int=1), UUID(int=2), quantity, called_off, shipped)


def test_what_is_left_is_neither_shipped_nor_called_off() -> None:
    lines = [line(0, 3, shipped=1), line(1, 2, called_off=2), line(2, 5, called_off=1, shipped=4)]
    assert left_of(lines) == {0: 2}
    assert too_many({0: 2}, {0: 2}) is None
    assert too_many({0: 3}, {0: 2}) == 0
    assert too_many({7: 1}, {0: 2}) == 7
    assert too_many({0: 0}, {0: 2}) == 0


def test_orders_without_a_courier_receive_themselves_sooner() -> None:
    assert receive_days(["virtual", "express"], 10) == 10
    assert receive_days(["virtual", "card_key"], 10) == 2


def test_keys_are_read_line_by_line() -> None:
    text = "卡号,密码\nN1,S1\n\nS2\nN3----S3\nN4\tS4\na,b,c\n" + "x" * 501
    keys, unreadable = read_keys(text)
    assert keys == [Key("S1", "N1"), Key("S2"), Key("S3", "N3"), Key("S4", "N4")]
    assert unreadable == [7, 8]


# Split shipment.


async def test_an_order_leaves_in_parts_and_is_shipped_with_the_last(house: House) -> None:
    tea, cup = house.stall.skus
    order = await house.buy({tea: 3, cup: 1})
    assert (await house.ship(order, "SF0000000001", {0: 2})).json()["state"] == "paid"
    detail = await house.order(order)
    assert (detail["state"], detail["fulfilment_state"]) == ("paid", "part")
    # What would be refused is not offered: not all of it can be refunded by one button any more.
    assert (detail["actions"], detail["guarantee"]["state"]) == ([], "part")
    assert detail["auto_receive_at"] is None
    assert [(p["title"], p["quantity"]) for p in detail["parcels"][0]["lines"]] == [
        ("明前龙井特级", 2)
    ]
    too_many = await house.ship(order, "SF0000000002", {0: 2})
    assert too_many.status_code == 409
    assert too_many.json()["code"] == "trade.too_many_shipped"
    assert too_many.json()["detail"] == "「明前龙井特级」最多还能发 1 件"

    assert (await house.ship(order, "SF0000000002")).json()["state"] == "shipped"
    detail = await house.order(order)
    assert detail["fulfilment_state"] == "shipped"
    assert detail["auto_receive_at"] is not None
    assert sorted(
        (p["tracking_no"], line["position"], line["quantity"])
        for p in detail["parcels"]
        for line in p["lines"]
    ) == [("SF0000000001", 0, 2), ("SF0000000002", 0, 1), ("SF0000000002", 1, 1)]
    assert [entry["kind"] for entry in detail["timeline"]] == [
        "placed",
        "paid",
        "part_shipped",
        "shipped",
    ]
    again = await house.ship(order, "SF0000000003")
    assert again.json()["code"] == "trade.not_shippable"


async def test_the_same_parcel_again_is_one_parcel_and_another_is_refused(house: House) -> None:
    tea, _ = house.stall.skus
    order = await house.buy({tea: 2})
    parcel = {"id": str(uuid7(house.now)), "courier": "sf", "tracking_no": "SF0000000001"}
    lines = [{"position": 0, "quantity": 1}]
    path = f"/orders/{order.id}/ship"
    for _ in range(2):
        answer = await house.console("POST", path, **parcel, lines=lines)
        assert answer.status_code == 200
    assert len((await house.order(order))["parcels"]) == 1
    other = await house.console("POST", path, **parcel, lines=[{"position": 0, "quantity": 2}])
    assert other.json()["code"] == "kernel.id_taken"


async def test_pieces_that_are_called_off_need_no_parcel(house: House) -> None:
    tea, cup = house.stall.skus
    order = await house.buy({tea: 2, cup: 1})
    await house.ship(order, "SF0000000001", {0: 2})

    async def call_off(tx: Tx) -> bool:
        assert await unshipped(tx, order.id) == {1: 1}
        assert not await ship_if_complete(tx, order.id, now=house.now)
        await tx.execute(
            "update trade.order_lines l set called_off_quantity = 1 "
            "where l.tenant_id = $1 and l.order_id = $2 and l.position = 1",
            tx.tenant_id,
            order.id,
        )
        assert await unshipped(tx, order.id) == {}
        return await ship_if_complete(tx, order.id, now=house.now)

    assert await house.run(call_off)
    assert (await house.order(order))["state"] == "shipped"


async def test_a_wrong_number_is_corrected_and_remembered(house: House) -> None:
    order = await house.buy({house.stall.skus[0]: 1})
    await house.ship(order, "SF0000000001")
    parcel = (await house.order(order))["parcels"][0]
    path = f"/orders/{order.id}/parcels/{parcel['id']}"
    for _ in range(2):
        answer = await house.console("PUT", path, courier="zto", tracking_no="ZTO1")
        assert answer.status_code == 200, answer.text
    (shown,) = (await house.console("GET", f"/orders/{order.id}/parcels")).json()["items"]
    assert shown["parcel"]["tracking_no"] == "ZTO1"
    assert [(c["courier_name"], c["tracking_no"]) for c in shown["corrections"]] == [
        ("顺丰速运", "SF0000000001")
    ]
    texts = [entry["text"] for entry in (await house.order(order))["timeline"]]
    assert texts[-1] == "物流单号已更正为 中通快递 ZTO1（原单号 SF0000000001）"
    await house.as_buyer("POST", f"/orders/{order.id}/receive")
    late = await house.console("PUT", path, courier="zto", tracking_no="ZTO2")
    assert late.json()["code"] == "trade.not_correctable"


# Virtual goods and card keys.


async def test_a_note_is_delivered_at_payment_and_the_order_receives_itself_in_two_days(
    house: House,
) -> None:
    sku = await house.run(
        lambda tx: a_sku_of(tx, house.now, ProductKind.VIRTUAL, stock=5, note="打开小程序即可使用")
    )
    order = await house.buy({sku: 1}, kind="none")
    detail = await house.order(order)
    assert (detail["state"], detail["fulfilment_state"]) == ("shipped", "shipped")
    assert [(p["kind"], p["note"]) for p in detail["parcels"]] == [
        ("virtual", "打开小程序即可使用")
    ]
    assert datetime.fromisoformat(detail["auto_receive_at"]) == house.now + timedelta(days=2)
    nothing = await house.ship(order, "SF0000000001")
    assert nothing.json()["code"] == "trade.not_shippable"


async def test_a_mixed_order_waits_for_its_courier(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.VIRTUAL, stock=5))
    order = await house.buy({house.stall.skus[0]: 1, sku: 1})
    detail = await house.order(order)
    assert (detail["state"], detail["fulfilment_state"]) == ("paid", "part")
    whole = (await house.console("GET", f"/orders/{order.id}")).json()
    assert [(line["kind"], line["shipped_quantity"]) for line in whole["lines"]] == [
        ("physical", 0),
        ("virtual", 1),
    ]
    assert (await house.ship(order, "SF0000000001")).json()["state"] == "shipped"


async def upload(house: House, sku: UUID, text: str) -> dict[str, object]:
    answer = await house.console("POST", f"/skus/{sku}/keys", id=str(uuid7(house.now)), text=text)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_keys_become_stock_and_reach_their_buyer_once(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.CARD_KEY, note="官网兑换"))
    secrets = [f"KEY-{n:04d}-SECRET" for n in range(5)]
    told = await upload(house, sku, "\n".join([*secrets, secrets[0], "a,b,c"]))
    assert told == {"added": 5, "known": 1, "unreadable": [7]}
    assert (await upload(house, sku, secrets[1]))["added"] == 0
    assert await house.run(lambda tx: inventory.on_hand(tx, [sku])) == {sku: 5}

    first = await house.buy({sku: 2}, kind="none")
    second = await house.buy({sku: 1}, kind="none")
    given = []
    for order, count in ((first, 2), (second, 1)):
        detail = await house.order(order)
        assert detail["state"] == "shipped"
        assert detail["parcels"][0]["note"] == "官网兑换"
        assert "SECRET" not in str(detail)
        keys = (await house.as_buyer("GET", f"/orders/{order.id}/keys")).json()["items"]
        (of_line,) = keys
        assert len(of_line["keys"]) == count
        given += [key["secret"] for key in of_line["keys"]]
    assert len(set(given)) == 3
    assert set(given) <= set(secrets)

    stranger = house.stall.buyers[1]
    refused = await house.as_buyer("GET", f"/orders/{first.id}/keys", stranger)
    assert refused.status_code == 404
    for path in (f"/orders/{first.id}", "/orders"):
        assert "SECRET" not in (await house.console("GET", path)).text
    assert await house.run(lambda tx: inventory.on_hand(tx, [sku])) == {sku: 2}


async def test_being_told_twice_gives_no_second_key(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.CARD_KEY))
    await upload(house, sku, "A1\nA2\nA3")
    order = await house.buy({sku: 1}, kind="none")
    product_ids = await house.run(
        lambda tx: tx.fetch(
            "select s.product_id from catalog.skus s where s.tenant_id = $1 and s.id = $2",
            tx.tenant_id,
            sku,
        )
    )
    await house.run(
        lambda tx: deliver_at_payment(
            tx, order_id=order.id, product_ids=[product_ids[0][0]], now=house.now
        )
    )
    left = await house.run(
        lambda tx: tx.fetchval(
            "select count(*) from trade.card_keys k where k.tenant_id = $1 and k.state = 'free'",
            tx.tenant_id,
        )
    )
    assert left == 2


async def test_keys_are_sealed_where_they_lie(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.CARD_KEY))
    await upload(house, sku, "PLAIN-TEXT-KEY")
    row = await house.run(
        lambda tx: tx.fetchrow(
            "select k.key_cipher, k.key_hash from trade.card_keys k where k.tenant_id = $1",
            tx.tenant_id,
        )
    )
    assert b"PLAIN" not in row["key_cipher"]
    assert len(row["key_hash"]) == 32


async def test_free_keys_are_withdrawn_but_not_those_that_orders_wait_for(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.CARD_KEY))
    batch = str(uuid7(house.now))
    await house.console("POST", f"/skus/{sku}/keys", id=batch, text="A1\nA2\nA3")
    await house.buy({sku: 1}, kind="none")
    path = f"/skus/{sku}/keys/{batch}/withdraw"
    assert (await house.console("POST", path)).json() == {"withdrawn": 2}
    assert await house.run(lambda tx: inventory.on_hand(tx, [sku])) == {sku: 0}
    products = await house.run(lambda tx: catalog.products_after(tx, None, limit=9))
    (product,) = [one for one in products if one.draft.kind is ProductKind.CARD_KEY]
    shown = (await house.console("GET", f"/products/{product.id}/keys")).json()["items"]
    assert [(s["free"], s["given"]) for s in shown] == [(0, 1)]
    assert "A1" not in str(shown)


async def test_keys_past_their_stock_are_an_error_that_is_tried_again(house: House) -> None:
    sku = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.CARD_KEY, stock=3))
    with pytest.raises(KeysShort):
        await house.buy({sku: 1}, kind="none")


async def test_only_card_key_products_take_keys(house: House) -> None:
    answer = await house.console(
        "POST", f"/skus/{house.stall.skus[0]}/keys", id=str(uuid7(house.now)), text="A1"
    )
    assert answer.json()["code"] == "trade.no_keys_of_this"


# Pick-up.


async def fetched(house: House, pieces: int = 2) -> tuple[trade.Placed, str]:
    point = await house.a_point()
    order = await house.buy(
        {house.stall.skus[0]: pieces},
        kind="pickup",
        pickup_point_id=UUID(point),
        contact_name="林小满",
        contact_phone="13800000001",
    )
    return order, point


async def test_an_order_is_fetched_with_its_code_once(house: House) -> None:
    order, _ = await fetched(house)
    early = await house.as_buyer("GET", f"/orders/{order.id}/pickup-code")
    assert early.json()["code"] == "trade.not_fetchable"
    assert (await house.ship(order, "SF0000000001")).json()["code"] == "trade.fetched_by_buyer"

    for _ in range(2):
        ready = await house.console("POST", f"/orders/{order.id}/ready")
        assert ready.status_code == 200, ready.text
    detail = await house.order(order)
    assert detail["fulfilment_state"] == "ready"
    assert detail["pickup"]["name"] == "西湖门店"
    code = (await house.as_buyer("GET", f"/orders/{order.id}/pickup-code")).json()["code"]
    assert len(code) == 12
    assert code.isdecimal()

    spaced = f"{code[:4]} {code[4:8]}-{code[8:]}"
    shown = (await house.console("POST", "/pickup/read", code=spaced)).json()
    assert (shown["number"], shown["receiver"], shown["phone_tail"]) == (
        order.number,
        "林小满",
        "0001",
    )
    assert [(line["title"], line["quantity"]) for line in shown["lines"]] == [("明前龙井特级", 2)]
    done = await house.console("POST", "/pickup/write-off", code=spaced)
    assert done.json()["state"] == "received", done.text
    again = await house.console("POST", "/pickup/write-off", code=code)
    assert (again.status_code, again.json()["code"]) == (409, "trade.pickup_code_used")
    detail = await house.order(order)
    assert (detail["state"], detail["fulfilment_state"]) == ("received", "received")
    assert [entry["kind"] for entry in detail["timeline"]][-3:] == [
        "ready_for_pickup",
        "handed_over",
        "received",
    ]


async def test_a_code_of_another_shop_of_a_refund_or_of_nobody_is_refused(
    house: House, database: Database, now: datetime
) -> None:
    order, _ = await fetched(house)
    await house.console("POST", f"/orders/{order.id}/ready")
    code = (await house.as_buyer("GET", f"/orders/{order.id}/pickup-code")).json()["code"]
    async with open_house(database, now) as other:
        answer = await other.console("POST", "/pickup/read", code=code)
        assert (answer.status_code, answer.json()["code"]) == (404, "trade.unknown_pickup_code")
    nobody = await house.console("POST", "/pickup/read", code="000000000000")
    assert nobody.json()["code"] == "trade.unknown_pickup_code"

    async def refunding(tx: Tx) -> None:
        await tx.execute(
            "update trade.orders o set pay_state = 'refunding' "
            "where o.tenant_id = $1 and o.id = $2",
            tx.tenant_id,
            order.id,
        )

    await house.run(refunding)
    answer = await house.console("POST", "/pickup/write-off", code=code)
    assert (answer.status_code, answer.json()["code"]) == (409, "trade.pickup_code_void")


async def test_only_who_may_write_off_reads_codes(house: House) -> None:
    house.permissions = "orders.read orders.ship"
    answer = await house.console("POST", "/pickup/read", code="000000000000")
    assert answer.status_code == 403


async def test_points_that_are_off_take_no_orders(house: House) -> None:
    point = await house.a_point(name="旧门店", is_on=False)
    open_points = (await house.client.get("/api/shop/pickup-points")).json()["items"]
    assert open_points == []
    assert len((await house.console("GET", "/pickup-points")).json()["items"]) == 1
    with pytest.raises(NoPickup):
        await house.buy(
            {house.stall.skus[0]: 1},
            kind="pickup",
            pickup_point_id=UUID(point),
            contact_name="林小满",
            contact_phone="13800000001",
        )
