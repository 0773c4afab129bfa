"""Creating and replacing products."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import msgspec
import pytest

from tests.catalog.builders import a_draft, a_product, a_sku, sku_ids, three_sizes_of_tea
from weike import catalog
from weike.catalog import errors
from weike.kernel import Database, IdTakenByOther, Money, TenantId, Tx, uuid7

LATER = timedelta(hours=1)


async def test_a_product_is_kept_as_it_was_drafted(tx: Tx, now: datetime) -> None:
    draft = a_draft(now, **three_sizes_of_tea(now))
    product = await catalog.create_product(tx, product_id=uuid7(now), draft=draft, now=now)
    assert product.draft == draft
    assert (product.version, product.created_at) == (1, now)


async def test_asking_twice_makes_one_product(tx: Tx, now: datetime) -> None:
    id, draft = uuid7(now), a_draft(now)
    first = await catalog.create_product(tx, product_id=id, draft=draft, now=now)
    assert await catalog.create_product(tx, product_id=id, draft=draft, now=now + LATER) == first


async def test_the_same_id_with_other_content_is_refused(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    with pytest.raises(errors.VersionConflict):
        await catalog.create_product(tx, product_id=product.id, draft=a_draft(now), now=now)


async def test_an_edit_of_an_old_version_is_refused(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    first = msgspec.structs.replace(product.draft, title="雨前龙井")
    second = msgspec.structs.replace(product.draft, title="西湖龙井")
    await catalog.put_product(tx, product_id=product.id, draft=first, version=1, now=now)
    with pytest.raises(errors.VersionConflict) as refused:
        await catalog.put_product(tx, product_id=product.id, draft=second, version=1, now=now)
    assert refused.value.facts == {"version": 2}


async def test_two_skus_may_exchange_their_codes(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now, **three_sizes_of_tea(now))
    one, two, three = product.draft.skus
    skus = (
        msgspec.structs.replace(one, code=two.code),
        msgspec.structs.replace(two, code=one.code),
        three,
    )
    draft = msgspec.structs.replace(product.draft, skus=skus)
    changed = await catalog.put_product(
        tx, product_id=product.id, draft=draft, version=1, now=now + LATER
    )
    assert changed.draft.skus == skus
    assert changed.version == 2


async def test_a_left_out_sku_is_withdrawn_and_gives_its_code_back(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now, **three_sizes_of_tea(now))
    gone = product.draft.skus[0]
    draft = msgspec.structs.replace(product.draft, skus=product.draft.skus[1:])
    await catalog.put_product(tx, product_id=product.id, draft=draft, version=1, now=now)
    found = await catalog.skus_for_sale(tx, sku_ids(product))
    assert [found[id].is_on_sale for id in sku_ids(product)] == [False, True, True]
    other = await a_product(tx, now, skus=(a_sku(now, code=gone.code),))
    assert other.draft.skus[0].code == gone.code


async def test_a_code_of_another_product_is_refused(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    code = product.draft.skus[0].code
    with pytest.raises(errors.CodeTaken) as refused:
        await a_product(
            tx,
            now,
            specs=(catalog.Spec(name="净含量", values=("50g", "100g")),),
            skus=(a_sku(now, spec_values=("50g",)), a_sku(now, spec_values=("100g",), code=code)),
        )
    assert refused.value.field == "skus[1].code"


async def test_a_sku_id_of_another_product_is_refused(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    stolen = msgspec.structs.replace(product.draft.skus[0], code="fresh")
    with pytest.raises(IdTakenByOther):
        await a_product(tx, now, skus=(stolen,))


async def test_an_unknown_picture_or_category_is_refused(tx: Tx, now: datetime) -> None:
    with pytest.raises(errors.UnknownMedia):
        await a_product(tx, now, media_ids=(uuid4(),))
    with pytest.raises(errors.CategoryMissing):
        await a_product(tx, now, category_id=uuid4())


async def test_specs_that_do_not_fit_are_refused(tx: Tx, now: datetime) -> None:
    specs = (catalog.Spec(name="净含量", values=("50g", "100g")),)
    cases = [
        ((a_sku(now),), errors.SpecsUnfit),
        ((a_sku(now, spec_values=("75g",)),), errors.SpecsUnfit),
        (
            (a_sku(now, spec_values=("50g",)), a_sku(now, spec_values=("50g",))),
            errors.SameSpecsTwice,
        ),
        (
            (
                a_sku(now, spec_values=("50g",), code="A"),
                a_sku(now, spec_values=("100g",), code="A"),
            ),
            errors.CodeTwice,
        ),
        ((a_sku(now, spec_values=("50g",), market_price_minor=1),), errors.MarketPriceTooLow),
    ]
    for skus, refusal in cases:
        with pytest.raises(refusal):
            await a_product(tx, now, specs=specs, skus=skus)
    with pytest.raises(errors.SpecsTwice):
        await a_product(tx, now, specs=specs * 2)


async def test_an_order_learns_price_and_state_of_a_sku(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now, **three_sizes_of_tea(now), commission_rate_bp=1500)
    wanted = product.draft.skus[1]
    found = (await catalog.skus_for_sale(tx, [wanted.id, uuid4()]))[wanted.id]
    assert found == catalog.SkuForSale(
        sku_id=wanted.id,
        product_id=product.id,
        title="明前龙井特级",
        title_en="",
        spec_text="100g",
        media_url=None,
        price=Money(9600),
        cost=None,
        is_on_sale=True,
        commission_rate_bp=1500,
        category_id=None,
        weight_g=None,
        kind=catalog.ProductKind.PHYSICAL,
        freight_template_id=None,
    )


async def test_goods_off_sale_are_not_for_sale(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    off = catalog.ProductState.OFF_SALE
    changed = await catalog.set_state(tx, product_ids=[product.id, uuid4()], state=off, now=now)
    assert changed == 1
    assert await catalog.set_state(tx, product_ids=[product.id], state=off, now=now) == 0
    assert not (await catalog.skus_for_sale(tx, sku_ids(product)))[sku_ids(product)[0]].is_on_sale


async def test_an_archived_product_gives_its_codes_back(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    await catalog.archive_product(tx, product_id=product.id, now=now)
    await catalog.archive_product(tx, product_id=product.id, now=now + LATER)
    await a_product(tx, now, skus=(a_sku(now, code=product.draft.skus[0].code),))
    with pytest.raises(catalog.UnknownProduct):
        await catalog.archive_product(tx, product_id=uuid4(), now=now)


async def test_pieces_sold_are_counted_and_never_below_zero(tx: Tx, now: datetime) -> None:
    product = await a_product(tx, now)
    await catalog.add_sold(tx, {product.id: 7})
    await catalog.add_sold(tx, {product.id: -9})
    again = await catalog.create_product(tx, product_id=product.id, draft=product.draft, now=now)
    assert (again.sold_count, again.version) == (0, 1)


async def test_a_neighbour_cannot_touch_a_product(database: Database, now: datetime) -> None:
    mine, theirs = TenantId(uuid7(now)), TenantId(uuid7(now))
    product = await database.run(mine, lambda tx: a_product(tx, now))
    found = await database.run(theirs, lambda tx: catalog.skus_for_sale(tx, sku_ids(product)))
    assert found == {}
    with pytest.raises(catalog.UnknownProduct):
        await database.run(
            theirs, lambda tx: catalog.archive_product(tx, product_id=product.id, now=now)
        )
    with pytest.raises(catalog.UnknownProduct):
        await database.run(
            theirs,
            lambda tx: catalog.put_product(
                tx, product_id=product.id, draft=product.draft, version=1, now=now
            ),
        )
