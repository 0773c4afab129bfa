"""The order desk: what is found by what, what a file holds, what a sheet ships."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.trade.fulfilling import House, a_sku_of, open_house
from weike.catalog import ProductKind
from weike.kernel import Database, Tx
from weike.kernel.edge.sheets import sheet_bytes
from weike.trade.desk.queries import of_receiver
from weike.trade.desk.question import Wanted, wanted_by

HEADINGS = ["订单号", "快递公司", "物流单号", "第几种商品", "发货件数"]


@pytest.fixture
async def house(database: Database, now: datetime) -> AsyncIterator[House]:
    async with open_house(database, now) as house:
        yield house


async def found(house: House, **params: Any) -> list[str]:
    answer = await house.console("GET", "/orders", params=params)
    assert answer.status_code == 200, answer.text
    return [row["number"] for row in answer.json()["items"]]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", None),
        ("  ", None),
        ("8000", Wanted(tail="8000")),
        ("13800138000", Wanted(tail="8000", tracking_no="13800138000")),
        ("261122000001", Wanted(number="261122000001", tracking_no="261122000001")),
        ("sf1234567890", Wanted(tracking_no="SF1234567890", name="sf1234567890")),
        ("林小满", Wanted(name="林小满")),
    ],
)
def test_one_box_understands_what_is_typed(typed: str, wanted: Wanted | None) -> None:
    assert wanted_by(typed) == wanted


async def test_orders_are_found_by_what_people_know_of_them(house: House) -> None:
    tea, cup = house.stall.skus
    first, second = await house.buy({tea: 1}), await house.buy({cup: 1})
    await house.ship(first, "SF0000000001")
    both = sorted([first.number, second.number])
    assert await found(house, q=first.number) == [first.number]
    assert sorted(await found(house, q=first.number[:8])) == both
    assert await found(house, q="SF0000000001") == [first.number]
    assert await found(house, q="sf0000000001") == [first.number]
    assert sorted(await found(house, q="8000")) == both
    assert sorted(await found(house, q="13800138000")) == both
    name = (await house.order(first))["address"]["name"]
    assert sorted(await found(house, q=name)) == both
    assert await found(house, q="没有这个人") == []
    rows = (await house.console("GET", "/orders")).json()["items"]
    assert all(name not in str(row["receiver"]) and "8000" in row["receiver"] for row in rows)


async def test_filters_must_all_fit(house: House) -> None:
    tea, cup = house.stall.skus
    virtual = await house.run(lambda tx: a_sku_of(tx, house.now, ProductKind.VIRTUAL, stock=5))
    shipped, part, plain = (
        await house.buy({tea: 1}),
        await house.buy({tea: 2}),
        await house.buy({cup: 1}),
    )
    none = await house.buy({virtual: 1}, kind="none")
    await house.ship(shipped, "SF0000000001")
    await house.ship(part, "SF0000000002", {0: 1})
    assert await found(house, fulfilment="part") == [part.number]
    assert sorted(await found(house, state="paid")) == sorted([part.number, plain.number])
    assert await found(house, delivery="none") == [none.number]
    assert await found(house, delivery="none", state="paid") == []
    assert len(await found(house, paid_by="wechat")) == 4
    assert await found(house, paid_by="alipay") == []
    assert len(await found(house, refund="none")) == 4
    later = (house.now + timedelta(hours=1)).isoformat()
    assert await found(house, **{"from": later}) == []
    detail = await house.order(plain)
    product = detail["lines"][0]["product_id"]
    assert await found(house, product_id=product) == [plain.number]
    bad = await house.console("GET", "/orders", params={"fulfilment": "lost"})
    assert bad.status_code == 422


@pytest.mark.parametrize("sort", ["newest", "oldest", "amount_desc", "amount_asc"])
async def test_sorted_pages_lose_and_repeat_nothing(house: House, sort: str) -> None:
    tea, cup = house.stall.skus
    orders = [await house.buy({sku: count}) for sku in (tea, cup) for count in (1, 2, 1)]
    numbers: list[str] = []
    amounts: list[int] = []
    cursor = None
    while True:
        params = {"sort": sort, "limit": 4} | ({"cursor": cursor} if cursor else {})
        page = (await house.console("GET", "/orders", params=params)).json()
        numbers += [row["number"] for row in page["items"]]
        amounts += [row["payable_minor"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(numbers) == sorted(order.number for order in orders)
    if sort.startswith("amount"):
        assert amounts == sorted(amounts, reverse=sort == "amount_desc")


async def test_receivers_are_found_by_an_index(house: House) -> None:
    async def plan(tx: Tx) -> str:
        await tx.execute("set local enable_seqscan = off")
        rows = await tx.fetch(
            "explain select o.id from trade.orders o where o.tenant_id = $1 and "
            + of_receiver("receiver_tail", "$2"),
            tx.tenant_id,
            "8000",
        )
        return "\n".join(row[0] for row in rows)

    assert "orders_by_tail" in await house.run(plan)


# Files.


async def test_the_export_has_a_row_for_each_line(house: House) -> None:
    tea, cup = house.stall.skus
    order = await house.buy({tea: 2, cup: 1})
    await house.ship(order, "SF0000000001")
    answer = await house.console("GET", "/orders/export", params={"format": "csv"})
    assert answer.headers["content-disposition"].endswith('.csv"')
    headings, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert headings[:3] == ["订单号", "订单状态", "发货状态"]
    told = [dict(zip(headings, row, strict=True)) for row in rows]
    assert [(row["订单号"], row["数量"], row["商品实付(元)"]) for row in told] == [
        (order.number, "2", "256.00"),
        (order.number, "1", "45.00"),
    ]
    assert {row["手机号"] for row in told} == {"13800138000"}
    assert {row["物流单号"] for row in told} == {"顺丰速运 SF0000000001"}

    house.permissions = "orders.read"
    masked = await house.console("GET", "/orders/export", params={"format": "xlsx"})
    assert b"13800138000" not in masked.content
    sheet = load_workbook(io.BytesIO(masked.content)).worksheets[0]
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert "13800138000" not in cells
    assert order.number in cells


async def test_the_export_follows_the_filters_and_passes_a_page(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weike.trade.desk.list_orders._PAGE", 2)
    orders = [await house.buy({house.stall.skus[0]: 1}) for _ in range(5)]
    await house.ship(orders[0], "SF0000000001")
    answer = await house.console("GET", "/orders/export", params={"state": "paid"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    assert sorted(row[0] for row in rows) == sorted(order.number for order in orders[1:])


# Shipping by a sheet.


async def taken(house: House, rows: list[list[Any]], *, dry_run: bool = False) -> Any:
    answer = await house.console(
        "POST",
        "/orders/ship-sheet",
        params={"dry_run": dry_run},
        files={"file": ("ship.csv", sheet_bytes("csv", HEADINGS, rows))},
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_row_is_shipped_or_told_why_not(house: House) -> None:
    tea, cup = house.stall.skus
    whole, split, late = (
        await house.buy({tea: 1}),
        await house.buy({tea: 3, cup: 1}),
        await house.buy({cup: 1}),
    )
    await house.ship(late, "SF0000000009")
    rows: list[list[Any]] = [
        [whole.number, "顺丰速运", "SF0000000001", "", ""],
        [split.number, "zto", "ZTO1", 1, 2],
        [split.number, "中通快递", "ZTO2", 1, 9],
        [split.number, "中通快递", "ZTO3", "", ""],
        [late.number, "sf", "SF0000000010", "", ""],
        ["000000000000", "sf", "SF0000000011", "", ""],
        [whole.number, "", "SF0000000012", "", ""],
        [whole.number, "sf", "SF0000000013", "一", 1],
    ]
    preview = await taken(house, rows, dry_run=True)
    assert [item["ok"] for item in preview["items"]] == [
        *(True, True, False, True, False, False, False, False),
    ]
    assert (await house.order(whole))["state"] == "paid"

    report = await taken(house, rows)
    assert (report["rows"], report["shipped"], report["known"], report["failed"]) == (8, 3, 0, 5)
    assert [(item["row"], item["code"]) for item in report["items"] if not item["ok"]] == [
        (4, "trade.too_many_shipped"),
        (6, "trade.not_shippable"),
        (7, "trade.unknown_order"),
        (8, "trade.cell_missing"),
        (9, "trade.cell_invalid"),
    ]
    assert report["items"][6]["message"] == "「快递公司」不能为空"
    assert (await house.order(whole))["state"] == "shipped"
    detail = await house.order(split)
    assert detail["state"] == "shipped"
    assert sorted(parcel["tracking_no"] for parcel in detail["parcels"]) == ["ZTO1", "ZTO3"]

    again = await taken(house, rows)
    assert (again["shipped"], again["known"]) == (0, 3)


async def test_the_template_holds_what_waits_and_is_taken_back(house: House) -> None:
    order = await house.buy({house.stall.skus[0]: 1})
    answer = await house.console("GET", "/orders/ship-template", params={"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == HEADINGS
    assert rows[1][0] == order.number
    empty = await taken(house, [[order.number, "", "", "", ""]])
    assert empty["items"][0]["code"] == "trade.cell_missing"


async def test_the_picking_list_sums_what_is_left(house: House) -> None:
    tea, cup = house.stall.skus
    first, second = await house.buy({tea: 2, cup: 1}), await house.buy({tea: 1})
    gone = await house.buy({tea: 5})
    await house.ship(first, "SF0000000001", {0: 1})
    await house.ship(gone, "SF0000000002")
    ids = [str(order.id) for order in (first, second, gone)]
    told = (await house.console("POST", "/orders/picking-list", order_ids=ids)).json()
    assert {good["sku_id"]: good["quantity"] for good in told["goods"]} == {
        str(tea): 2,
        str(cup): 1,
    }
    # Both were placed at one moment, so either may come first.
    assert {o["number"]: [line["quantity"] for line in o["lines"]] for o in told["orders"]} == {
        first.number: [1, 1],
        second.number: [1],
    }
