"""What the merchant of the demo has done in the club: tags, points by hand, one that waits."""

from __future__ import annotations

from weike import members
from weike.entry.adapters import Buyers
from weike.entry.demo.people import people
from weike.entry.demo.scene import Scene
from weike.kernel import Tx, derived_id
from weike.ledger.points.adjust import adjust

_TAGS = (
    ("高消费", members.TagRule(spent_from_minor=50_000)),
    ("近期活跃", members.TagRule(bought_within_days=14)),
    ("沉睡客", members.TagRule(silent_for_days=30)),
)
_BY_HAND = "社区团长"


async def show_club(scene: Scene) -> None:
    """Tags found by rule, a tag by hand, points by hand: one done, one that waits for a second
    person, and enough for the tester to try the checkout with."""
    tester_name = next(person.nickname for person in people() if not person.is_promoter)

    async def work(tx: Tx) -> None:
        (tester,) = await members.members_named(tx, tester_name, limit=1)
        others = [scene.telling.member_id(number) for number in (1, 2, 3)]
        for name, rule in _TAGS:
            tag_id = derived_id(tx.tenant_id, f"demo tag {name}")
            await members.put_tag(tx, Buyers(), tag_id=tag_id, name=name, rule=rule, now=scene.now)
        tag_id = derived_id(tx.tenant_id, f"demo tag {_BY_HAND}")
        await members.put_tag(tx, Buyers(), tag_id=tag_id, name=_BY_HAND, rule=None, now=scene.now)
        await members.tag_members(tx, tag_id=tag_id, member_ids=others, on=True, now=scene.now)
        for member_id, number, reason, caller in (
            (tester, 800, "欢迎体验演示店铺", scene.crew.owner),
            (others[0], 200, "物流延误补偿", scene.crew.owner),
            (others[1], 5000, "门店活动补发", scene.crew.owner),
        ):
            await adjust(
                tx,
                adjustment_id=scene.past.ids.at(scene.now),
                member_id=member_id,
                points=number,
                reason=reason,
                caller=caller,
                now=scene.now,
            )

    await scene.past.run(work, at=scene.now)
