"""Relations in the database: bound, renewed, taken over, ended, moved, and told to everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tests.distribution.builders import a_promoter, staff_of
from tests.members.builders import a_phone, seal
from tests.sharing.builders import a_share
from weike import distribution, members, sharing
from weike.distribution.model import CustomerJoins, Happening, Outcome
from weike.distribution.queries import promoters
from weike.distribution.relations.bind_customer import Spoke, bind_customer
from weike.distribution.relations.end_relations import (
    customer_joined,
    end_idle,
    move_customers,
    move_customers_of,
)
from weike.distribution.relations.queries import relations_of_customers
from weike.distribution.relations.show_relations import (
    happenings_told,
    my_relation,
    relation_history,
)
from weike.kernel import Tx, uuid7
from weike.kernel.texts import load_texts
from weike.kernel.words import Words

DAY = timedelta(days=1)


async def a_customer(tx: Tx, now: datetime, nickname: str = "小满") -> UUID:
    ensured = await members.ensure_member(
        tx, seal, member_id=uuid7(now), phone=a_phone(), nickname=nickname, now=now
    )
    return ensured.member_id


async def a_named_promoter(tx: Tx, now: datetime, nickname: str) -> UUID:
    await a_promoter(tx, now)
    member_id = await a_customer(tx, now, nickname)
    await distribution.join_promoter(
        tx, member_id=member_id, agreement_version=distribution.AGREEMENT_VERSION, now=now
    )
    return member_id


async def set_rules(tx: Tx, now: datetime, **changes: object) -> None:
    programme = replace(
        distribution.DEFAULT_PROGRAMME,
        binding=replace(distribution.BindingRules(), **changes),  # type: ignore[arg-type]
    )
    await distribution.set_programme(tx, programme, by=staff_of(tx), now=now)


def clicked(
    customer_id: UUID, sharer_id: UUID, at: datetime, happening: Happening = Happening.CLICK
) -> Spoke:
    return Spoke(
        id=uuid7(at),
        customer_id=customer_id,
        sharer_id=sharer_id,
        share_id=None,
        happening=happening,
        at=at,
    )


async def holder(tx: Tx, customer_id: UUID, at: datetime) -> UUID | None:
    bound = (await relations_of_customers(tx, [customer_id])).get(customer_id)
    return bound.relation.promoter_id if bound and bound.relation.runs_at(at) else None


async def test_hearing_of_a_click_twice_binds_once(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    customer = await a_customer(tx, now)
    click = clicked(customer, anna, now)
    assert await bind_customer(tx, click) is Outcome.NEW
    await bind_customer(tx, click)
    assert len(await relation_history(tx, customer)) == 1


async def test_three_people_read_why_a_protected_customer_stays(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    bella = await a_named_promoter(tx, now, "贝拉贝拉")
    customer = await a_customer(tx, now)
    await bind_customer(tx, clicked(customer, anna, now))
    assert await bind_customer(tx, clicked(customer, bella, now + DAY)) is Outcome.PROTECTED
    until = f"{now + 15 * DAY:%Y-%m-%d}"

    words = Words(load_texts(("distribution",)), "zh")
    mine = await my_relation(tx, customer, words=words, now=now + DAY)
    assert mine.promoter == members.masked_nickname("安娜")
    assert until in mine.happenings[0].sentence
    assert "安娜" not in mine.happenings[0].sentence
    (bellas,) = await happenings_told(tx, words=words, sharer_id=bella)
    assert until in bellas.sentence
    assert "安娜" not in bellas.sentence
    (annas,) = await happenings_told(tx, words=words, sharer_id=anna)
    assert annas.outcome is Outcome.NEW


async def test_a_renewal_that_moves_nothing_still_names_the_day(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    customer = await a_customer(tx, now)
    await bind_customer(tx, clicked(customer, anna, now))
    until = (await relations_of_customers(tx, [customer]))[customer].relation.expires_at
    paid = clicked(customer, anna, now, Happening.PAID)
    assert await bind_customer(tx, paid) is Outcome.RENEWED
    words = Words(load_texts(("distribution",)), "zh")
    told = await happenings_told(tx, words=words, sharer_id=anna)
    assert {one.outcome for one in told} == {Outcome.NEW, Outcome.RENEWED}
    assert all(f"{until:%Y-%m-%d}" in one.sentence for one in told)


async def test_taken_over_after_the_protection_with_both_ends_on_record(
    tx: Tx, now: datetime
) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    bella = await a_named_promoter(tx, now, "贝拉")
    customer = await a_customer(tx, now)
    await bind_customer(tx, clicked(customer, anna, now))
    assert await bind_customer(tx, clicked(customer, bella, now + 16 * DAY)) is Outcome.TAKEN_OVER
    newest, oldest = await relation_history(tx, customer)
    assert (newest.promoter_id, newest.reason) == (bella, "taken_over")
    assert (oldest.end_reason, oldest.expires_at) == ("taken_over", now + 16 * DAY)


async def test_new_rules_do_not_touch_what_is_bound(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    bella = await a_named_promoter(tx, now, "贝拉")
    customer = await a_customer(tx, now)
    await bind_customer(tx, clicked(customer, anna, now))
    await set_rules(tx, now + DAY, protect_days=0, validity_days=1)
    assert await bind_customer(tx, clicked(customer, bella, now + 2 * DAY)) is Outcome.PROTECTED
    assert await holder(tx, customer, now + 100 * DAY) == anna


async def test_idle_promoters_lose_customers_and_busy_ones_do_not(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    customer = await a_customer(tx, now)
    await bind_customer(tx, clicked(customer, anna, now))
    await set_rules(tx, now, idle_days=60)
    assert await end_idle(tx, now + 59 * DAY) == 0
    assert await end_idle(tx, now + 61 * DAY) == 1
    assert await end_idle(tx, now + 61 * DAY) == 0
    assert await holder(tx, customer, now + 61 * DAY) is None
    (only,) = await relation_history(tx, customer)
    assert only.end_reason == "idle"


async def test_a_customer_who_joins_leaves_when_the_rules_say_so(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    customer = await a_customer(tx, now)
    await set_rules(tx, now, customer_joins=CustomerJoins.AFTER_PROTECTION)
    await bind_customer(tx, clicked(customer, anna, now))
    await customer_joined(tx, customer, at=now + DAY)
    assert await holder(tx, customer, now + 14 * DAY) == anna
    assert await holder(tx, customer, now + 15 * DAY) is None


async def test_the_merchant_moves_customers_once(tx: Tx, now: datetime) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    bella = await a_named_promoter(tx, now, "贝拉")
    customers = [await a_customer(tx, now) for _ in range(3)]
    for customer in customers[:2]:
        await bind_customer(tx, clicked(customer, anna, now))
    move_id, by, later = uuid7(now), staff_of(tx), now + DAY
    moved = [
        await move_customers_of(
            tx, anna, move_id=move_id, to=bella, reason="离职交接", by=by, now=later
        )
        for _ in range(2)
    ]
    assert moved == [2, 0]
    assert [await holder(tx, customer, later) for customer in customers] == [bella, bella, None]
    gone = await move_customers(
        tx, move_id=uuid7(now), customer_ids=customers, to=None, reason="客户要求", by=by, now=later
    )
    assert gone == 2
    newest = (await relation_history(tx, customers[0]))[0]
    assert (newest.reason, newest.end_reason) == ("moved", "moved")


async def test_an_invitation_is_written_once_and_cannot_make_a_circle(
    tx: Tx, now: datetime
) -> None:
    anna = await a_named_promoter(tx, now, "安娜")
    bella = await a_customer(tx, now, "贝拉")

    async def joins(member_id: UUID, inviter_id: UUID, kind: sharing.ShareKind) -> UUID | None:
        invitation = await a_share(tx, now, sharer_id=inviter_id, kind=kind)
        await distribution.join_promoter(
            tx,
            member_id=member_id,
            agreement_version=distribution.AGREEMENT_VERSION,
            invitation=invitation,
            now=now,
        )
        return await promoters.inviter_of(tx, member_id)

    assert await joins(bella, anna, sharing.ShareKind.INVITE) == anna
    assert await joins(anna, bella, sharing.ShareKind.INVITE) is None
    carla = await a_customer(tx, now, "卡拉")
    assert await joins(carla, bella, sharing.ShareKind.SHOP) is None
    assert await joins(carla, bella, sharing.ShareKind.INVITE) is None
