"""Freight: which zone, how much, on which line; what a template refuses; who may change one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
import pytest

from tests.catalog.builders import a_draft, a_sku, sku_ids
from tests.members.builders import an_address, seal
from tests.tenancy.builders import put_shop
from tests.trade.builders import Buyer, Stall, codes, open_stall, wish
from weike import catalog, inventory, members, trade
from weike.kernel import Tx, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.trade.errors import DefaultTemplate, RegionTwice, UnknownTemplate
from weike.trade.freight.keep_templates import kept_templates, put_template, remove_template
from weike.trade.freight.rules import (
    FREE,
    FreightRules,
    Load,
    RegionZone,
    Template,
    Zone,
    check_rules,
    fee_of,
    zone_for,
)
from weike.trade.price.pricing import Basket, LinePrice, add_freight

SHENZHEN, GUANGZHOU, HANGZHOU, LHASA = "440305", "440106", "330106", "540102"

TEA = FreightRules(
    measure="weight",
    elsewhere=Zone(first_units=1000, first_fee_minor=1000, step_units=500, step_fee_minor=300),
    zones=[
        RegionZone(
            regions=["44"],
            first_units=1000,
            first_fee_minor=600,
            step_units=500,
            step_fee_minor=100,
            free_from_minor=9900,
        ),
        RegionZone(regions=["4403"], first_units=1000, first_fee_minor=400),
    ],
    not_delivered=["54", "440305"],
)


def load(pieces: int = 1, weight_g: int = 0, goods: int = 0) -> Load:
    return Load(pieces=pieces, weight_g=weight_g, goods_paid_minor=goods)


@pytest.mark.parametrize(
    ("region", "fee"),
    [(None, 1000), (HANGZHOU, 1000), (GUANGZHOU, 600), ("440304", 400), (LHASA, None)],
)
def test_the_longest_prefix_wins(region: str | None, fee: int | None) -> None:
    zone = zone_for(TEA, region)
    assert (zone.first_fee_minor if zone else None) == fee


def test_one_district_may_be_left_out_of_a_city_that_is_served() -> None:
    assert zone_for(TEA, SHENZHEN) is None


@pytest.mark.parametrize(
    ("measure", "goods", "fee"),
    [
        ("piece", load(pieces=1), 500),
        ("piece", load(pieces=2), 500),
        ("piece", load(pieces=3), 700),
        ("piece", load(pieces=5), 700),
        ("piece", load(pieces=6), 900),
        ("weight", load(weight_g=0), 500),
        ("weight", load(weight_g=2), 500),
        ("weight", load(weight_g=3), 700),
        ("amount", load(goods=6), 900),
        ("piece", load(pieces=3, goods=9999), 700),
        ("piece", load(pieces=3, goods=10000), 0),
        ("piece", load(pieces=20), 0),
    ],
)
def test_first_units_then_steps_that_are_begun(measure: str, goods: Load, fee: int) -> None:
    zone = Zone(
        first_units=2,
        first_fee_minor=500,
        step_units=3,
        step_fee_minor=200,
        free_from_minor=10000,
        free_from_pieces=20,
    )
    assert fee_of(zone, measure, goods) == fee  # type: ignore[arg-type]


def test_without_steps_one_fee_is_all() -> None:
    assert fee_of(Zone(first_fee_minor=800), "piece", load(pieces=99)) == 800


def test_a_shop_that_has_set_nothing_delivers_for_nothing() -> None:
    zone = zone_for(FREE, LHASA)
    assert zone is not None
    assert fee_of(zone, "piece", load(pieces=99)) == 0


def test_a_region_stands_in_one_place() -> None:
    twice = FreightRules(
        zones=[RegionZone(regions=["44", "33"]), RegionZone(regions=["33"])], not_delivered=["54"]
    )
    with pytest.raises(RegionTwice) as refused:
        check_rules(twice)
    assert (refused.value.field, refused.value.facts) == ("zones[1].regions", {"region": "33"})
    with pytest.raises(RegionTwice):
        check_rules(FreightRules(zones=[RegionZone(regions=["54"])], not_delivered=["54"]))
    check_rules(TEA)


def a_line(paid_minor: int, quantity: int = 1, weight_g: int = 0, **more: object) -> LinePrice:
    return LinePrice(
        sku_id=UUID(int=1),
        product_id=UUID(int=2),
        category_id=None,
        title="明前龙井",
        spec_text="",
        image_url=None,
        quantity=quantity,
        unit_price_minor=paid_minor // quantity,
        weight_g=weight_g,
        **more,  # type: ignore[arg-type]
    )


ORDINARY = Template(
    id=UUID(int=10),
    is_default=True,
    rules=FreightRules(elsewhere=Zone(first_fee_minor=800, step_units=1, step_fee_minor=400)),
)
BY_WEIGHT = Template(id=UUID(int=11), is_default=False, rules=TEA)


def test_the_example_of_the_prose() -> None:
    basket = Basket(
        member_id=None,
        region_code="440304",
        lines=(
            a_line(8000, weight_g=1300, freight_template_id=UUID(int=11)),
            a_line(6000),
            a_line(2000),
        ),
    )
    guangdong = FreightRules(
        measure="weight",
        elsewhere=TEA.elsewhere,
        zones=[TEA.zones[0]],
        not_delivered=["54"],
    )
    tea = Template(id=UUID(int=11), is_default=False, rules=guangdong)

    priced = add_freight(basket, [ORDINARY, tea])

    assert [line.freight_share_minor for line in priced.lines] == [700, 900, 300]
    assert [(part.fee_minor, part.positions) for part in priced.freight] == [
        (700, (0,)),
        (1200, (1, 2)),
    ]
    far = add_freight(msgspec.structs.replace(basket, region_code=LHASA), [ORDINARY, tea])
    assert far.undelivered == (0,)


def test_a_template_that_is_gone_is_the_default() -> None:
    basket = Basket(member_id=None, lines=(a_line(100, freight_template_id=UUID(int=77)),))
    assert add_freight(basket, [BY_WEIGHT, ORDINARY]).freight_minor == 800


def test_what_is_not_carried_or_fetched_has_no_freight() -> None:
    virtual = Basket(member_id=None, lines=(a_line(100, is_carried=False), a_line(100)))
    assert [line.freight_share_minor for line in add_freight(virtual, [ORDINARY]).lines] == [0, 800]
    fetched = Basket(member_id=None, lines=(a_line(100),), delivery_kind="pickup")
    assert add_freight(fetched, [ORDINARY]).freight_minor == 0


# With a database.


def owner(tx: Tx) -> Caller:
    return Caller(CallerKind.STAFF, tx.tenant_id, id=UUID(int=7))


async def keep(
    tx: Tx, name: str, rules: FreightRules, now: datetime, *, is_default: bool = False
) -> UUID:
    template_id = uuid7(now)
    await put_template(
        tx,
        template_id=template_id,
        name=name,
        rules=rules,
        is_default=is_default,
        caller=owner(tx),
        now=now,
    )
    return template_id


async def test_a_shop_keeps_one_default(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    first = await keep(tx, "普通", FREE, now)
    second = await keep(tx, "茶叶", TEA, now)
    assert [(one.id, one.is_default) for one in await kept_templates(tx)] == [
        (first, True),
        (second, False),
    ]
    third = await keep(tx, "大件", FREE, now, is_default=True)
    assert [one.id for one in await kept_templates(tx) if one.is_default] == [third]
    with pytest.raises(DefaultTemplate):
        await remove_template(tx, template_id=third, caller=owner(tx), now=now)
    await remove_template(tx, template_id=first, caller=owner(tx), now=now)
    with pytest.raises(UnknownTemplate):
        await remove_template(tx, template_id=first, caller=owner(tx), now=now)
    (_, tea) = await kept_templates(tx)
    assert (tea.name, tea.rules) == ("茶叶", TEA)


async def a_stall_of_two_templates(tx: Tx, now: datetime) -> tuple[Stall, UUID, UUID]:
    """The tea is sent by weight and nowhere near Lhasa; the cup goes by the default."""
    stall = await open_stall(tx, now)
    await keep(tx, "普通", ORDINARY.rules, now)
    by_weight = await keep(tx, "茶叶", TEA, now)
    draft = a_draft(now, skus=(a_sku(now, price_minor=8000, weight_g=1300),))
    product = await catalog.create_product(
        tx,
        product_id=uuid7(now),
        draft=msgspec.structs.replace(draft, freight_template_id=by_weight),
        now=now,
    )
    (tea,) = sku_ids(product)
    await inventory.set_on_hand(tx, {tea: 10}, now=now)
    return stall, tea, stall.skus[1]


async def living_in(tx: Tx, buyer: Buyer, now: datetime, code: str, province: str) -> Buyer:
    address_id = uuid7(now)
    await members.put_address(
        tx,
        seal,
        member_id=buyer.member_id,
        address_id=address_id,
        address=an_address(region_code=code, province=province),
        is_default=True,
        now=now,
    )
    return Buyer(buyer.member_id, address_id)


async def test_an_order_pays_for_each_template_and_keeps_it_on_the_line(
    tx: Tx, now: datetime
) -> None:
    stall, tea, cup = await a_stall_of_two_templates(tx, now)
    here = await living_in(tx, stall.buyer, now, GUANGZHOU, "广东省")
    order = await trade.place_order(tx, trade.Ports(), wish(here, {tea: 1, cup: 2}, now), now=now)
    shares = await tx.fetch(
        "select l.freight_share_minor as share from trade.order_lines l "
        "where l.tenant_id = $1 and l.order_id = $2 order by l.position",
        tx.tenant_id,
        order.id,
    )
    assert [row["share"] for row in shares] == [700, 1200]
    assert order.payable_minor == 8000 + 9000 + 1900


async def test_where_a_template_does_not_deliver_nothing_is_ordered(tx: Tx, now: datetime) -> None:
    stall, tea, cup = await a_stall_of_two_templates(tx, now)
    far = await living_in(tx, stall.buyer, now, LHASA, "西藏自治区")
    asks = [wish(far, {cup: 1, tea: 1}, now), wish(far, {cup: 1}, now)]

    answers = await trade.place_orders(tx, trade.Ports(), asks, now=now)

    assert codes(answers) == ["trade.not_delivered_there", "placed"]
    assert answers[0].facts["sku_id"] == tea  # type: ignore[union-attr]


async def test_an_order_that_costs_another_amount_by_now_is_refused(tx: Tx, now: datetime) -> None:
    stall = await open_stall(tx, now)
    await keep(tx, "普通", ORDINARY.rules, now)
    lines = {stall.skus[0]: 1}
    asks = [
        wish(stall.buyer, lines, now, expected_minor=12800),
        wish(stall.buyer, lines, now, expected_minor=13600),
    ]
    answers = await trade.place_orders(tx, trade.Ports(), asks, now=now)
    assert codes(answers) == ["trade.price_changed", "placed"]
