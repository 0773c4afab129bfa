"""Making and touching shares, through the deeds and over HTTP."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from tests.catalog.builders import a_product
from tests.members.builders import a_member
from tests.sharing.builders import CODES, a_share
from tests.tenancy.builders import a_shop, put_shop
from tests.web import OpenDoors, web_client
from weike import sharing
from weike.catalog import ProductState
from weike.kernel import Batcher, Database, IdTakenByOther, Tx, utc_now
from weike.sharing.routes import ROUTES


def a_touch(share: sharing.Share, member_id: UUID | None = None) -> sharing.Touch:
    return sharing.Touch(
        id=uuid4(),
        code=share.code,
        visitor_id=uuid4(),
        member_id=member_id,
        event=sharing.TouchEvent.OPEN,
    )


async def test_the_same_id_again_is_the_same_share(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    sharer, share_id = uuid4(), uuid4()
    first = await a_share(tx, now, sharer_id=sharer, share_id=share_id)
    again = await a_share(tx, now + timedelta(hours=1), sharer_id=sharer, share_id=share_id)
    assert again == first


async def test_somebody_elses_share_id_is_refused(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    share = await a_share(tx, now)
    with pytest.raises(IdTakenByOther):
        await a_share(tx, now, share_id=share.id)


async def test_goods_off_sale_are_not_shared(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    product = await a_product(tx, now, state=ProductState.OFF_SALE)
    with pytest.raises(sharing.NothingToShare):
        await sharing.make_share(
            tx,
            CODES,
            share_id=uuid4(),
            sharer_id=uuid4(),
            kind=sharing.ShareKind.PRODUCT,
            product_id=product.id,
            channel=sharing.Channel.LINK,
            parent_code=None,
            now=now,
        )


async def test_touches_of_many_are_recorded_at_once(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    share = await a_share(tx, now)
    asks = [a_touch(share) for _ in range(5)]
    forged = sharing.Touch(
        id=uuid4(),
        code="0" * 25,
        visitor_id=uuid4(),
        member_id=None,
        event=sharing.TouchEvent.OPEN,
    )
    answers = await sharing.record_touches(tx, [*asks[:2], forged, *asks[2:]], codes=CODES, now=now)
    assert isinstance(answers[2], sharing.UnknownShare)
    assert [answer for answer in answers if answer == share] == [share] * 5
    seen = await sharing.visits_between(
        tx, sharer_id=share.sharer_id, start=now, end=now + timedelta(seconds=1)
    )
    assert (seen["shares"], seen["visitors"]) == (1, 5)


async def test_only_a_signed_in_visit_is_told_to_others(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    share, member = await a_share(tx, now), uuid4()
    asks = [a_touch(share), a_touch(share, member), a_touch(share, share.sharer_id)]
    await sharing.record_touches(tx, asks, codes=CODES, now=now)
    told = tx.announced()
    assert [event for event in told if isinstance(event, sharing.ShareTouched)] == [
        sharing.ShareTouched(share_id=share.id, sharer_id=share.sharer_id, member_id=member, at=now)
    ]


async def test_a_touch_sent_again_later_is_no_second_one(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    share = await a_share(tx, now)
    touch = a_touch(share, uuid4())
    for later in (timedelta(), timedelta(minutes=3), timedelta(days=40)):
        answers = await sharing.record_touches(tx, [touch, touch], codes=CODES, now=now + later)
        assert answers == [share, share]
    assert await tx.fetchval(
        "select count(*) from sharing.touches t where t.tenant_id = $1", tx.tenant_id
    ) == 1  # fmt: skip
    assert len([e for e in tx.announced() if isinstance(e, sharing.ShareTouched)]) == 1


async def test_a_link_opens_the_shop_and_is_counted(database: Database, now: datetime) -> None:
    shop = await a_shop(database, now)
    member = await a_member(database, shop.tenant_id, now)
    product = await database.run(
        shop.tenant_id, lambda tx: a_product(tx, now, title="龙井 <b>特级</b> & 礼盒")
    )
    touches: Batcher[sharing.Touch, sharing.Share] = Batcher(
        database, partial(sharing.record_touches, codes=CODES), clock=utc_now
    )
    dependencies = {
        "codes": CODES,
        "touches": touches,
        "public_url": "http://shop.test",
        "media_store": None,
    }
    async with web_client(
        ROUTES, database, OpenDoors(shop.tenant_id), dependencies=dependencies
    ) as client:
        made = await client.post(
            "/api/shop/shares",
            headers={"authorization": f"Bearer m_{member}"},
            json={
                "id": str(uuid4()),
                "kind": "product",
                "product_id": str(product.id),
                "channel": "wechat",
            },
        )
        assert made.status_code == 200, made.text
        assert made.json()["url"] == f"http://shop.test/s/{made.json()['code']}"
        assert all("龙井" in text for text in made.json()["texts"])

        page = await client.get(f"/s/{made.json()['code']}")
        assert page.status_code == 200
        assert "龙井 &lt;b&gt;特级&lt;/b&gt; &amp; 礼盒" in page.text
        visitor = page.cookies["weike_visitor"]
        target = f"/m/?shop={shop.slug}&amp;s={made.json()['code']}&amp;v={visitor}#/"
        assert target in page.text
        assert "<script" not in page.text

        forged = await client.get(f"/s/{'A' * 25}")
        assert forged.status_code == 404
        assert forged.json()["code"] == "sharing.unknown_share"
    seen = await database.run(
        shop.tenant_id,
        lambda tx: sharing.visits_between(
            tx,
            sharer_id=member,
            start=utc_now() - timedelta(minutes=5),
            end=utc_now() + timedelta(minutes=5),
        ),
    )
    assert seen["visitors"] == 1


async def test_another_shops_share_is_unknown_here(database: Database, now: datetime) -> None:
    ours, theirs = await a_shop(database, now), await a_shop(database, now)
    share = await database.run(theirs.tenant_id, lambda tx: a_share(tx, now))
    found = await database.run(
        ours.tenant_id, lambda tx: sharing.share_of_code(tx, CODES, share.code)
    )
    assert found is None
