"""The demo's after-sale: a dozen cases, from one that was just asked to one the platform decides.

Their orders are paid at the sandbox beside us, so that the desk can go on with them live.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from weike import trade
from weike.entry.demo.scene import Scene
from weike.kernel import Tx
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import appeal, decide
from weike.trade.after_sale.ask_after_sale import ask_after_sale
from weike.trade.after_sale.change_mind import withdraw
from weike.trade.after_sale.exchange import ship_replacement
from weike.trade.after_sale.model import AskAfterSale, AskedPieces, Kind, ReturnAddress
from weike.trade.after_sale.send_back import accept_return, refuse_return, send_back
from weike.trade.model import Actor

_HOME = ReturnAddress(
    name="橙心小店 售后组", phone="0571-00000002", address="浙江省杭州市余杭区仓前街道良睦路 99 号"
)
_ORDERED_BEFORE = timedelta(days=6)
_FIRST_BUYER = 12


@dataclass(frozen=True, slots=True)
class _Told:
    """One case: what is wrong, and which steps were taken, an equal time apart."""

    kind: Kind
    reason: str
    remark: str
    steps: tuple[str, ...] = ()
    shipped: bool = True
    part_minor: int | None = None
    word: str = ""
    """What the merchant or the judge said."""


_CASES: tuple[_Told, ...] = (
    _Told("return", "damaged", "外箱压变形了，里面有一件碎了，照片可以补。"),
    _Told("refund_only", "not_received", "物流三天没动了，联系不上快递员。"),
    _Told("price_difference", "better_price", "昨天刚买，今天就降了 5 块。", part_minor=500),
    _Told("exchange", "quality", "封口没有压实，想换一件新的。", ("agree",)),
    _Told("return", "not_as_described", "颜色和图片差别很大。", ("agree",)),
    _Told("return", "wrong_item", "发错规格了，已按地址寄回。", ("agree", "send_back")),
    _Told("exchange", "damaged", "盖子裂了，换一件就好。", ("agree", "send_back", "accept")),
    _Told(
        *("exchange", "missing_parts", "少了配件，商家答应整套换。"),
        ("agree", "send_back", "accept", "replace"),
    ),
    _Told("return", "changed_mind", "没有拆封，七天无理由。", ("agree", "send_back", "accept")),
    _Told("return", "quality", "开封就有异味。", ("decline",), word="开封后的食品不支持无理由退货"),
    _Told(
        *("return", "damaged", "签收当场就发现破损，有视频。"),
        ("decline", "appeal"),
        word="物流显示本人签收，未当场反馈",
    ),
    _Told(
        *("return", "other", "用了两天不太喜欢。"),
        ("agree", "send_back", "refuse", "appeal", "dismiss"),
        word="退回的商品已有明显使用痕迹",
    ),
    _Told("refund_only", "changed_mind", "不想要了", shipped=False),
    _Told("return", "wrong_order", "多拍了一件。", ("withdraw",)),
)


async def show_after_sales(scene: Scene) -> None:
    """Each case has an order of its own, received some days ago."""
    buyers = scene.telling.buyers()
    if not buyers:
        return
    for nth, told in enumerate(_CASES, start=_FIRST_BUYER):
        ordered = scene.now - _ORDERED_BEFORE + timedelta(hours=nth % 17)
        await _tell(scene, buyers[nth % len(buyers)], told, ordered=ordered)


async def _tell(scene: Scene, number: int, told: _Told, *, ordered: datetime) -> None:
    run = scene.past.run
    placed, titles = await run(
        partial(scene.telling.order_again, number=number, at=ordered), at=ordered
    )
    await scene.till.pay_at_sandbox(placed, titles, at=ordered)
    await scene.past.deliver(at=ordered)
    buyer = Actor("member", scene.telling.member_id(number))
    if told.shipped:
        await run(partial(_hand_over, scene=scene, placed=placed, buyer=buyer), at=ordered)
    case_id = scene.past.ids.at(ordered)
    ask = AskAfterSale(
        id=case_id,
        order_id=placed.id,
        kind=told.kind,
        lines=(AskedPieces(0, 0 if told.kind == "price_difference" else 1),),
        reason_code=told.reason,
        amount_minor=told.part_minor,
        remark=told.remark,
    )
    # The more has happened, the longer ago it began; what waits for an answer waits since today.
    at = scene.now - timedelta(hours=5 + 20 * len(told.steps))
    await run(partial(ask_after_sale, ask=ask, actor=buyer, now=at), at=at)
    for step in told.steps:
        at += timedelta(hours=20)
        await run(
            partial(_step, scene=scene, ask=ask, step=step, buyer=buyer, word=told.word, at=at),
            at=at,
        )
        await scene.past.deliver(at=at)
    await scene.past.deliver(at=at)


async def _hand_over(tx: Tx, *, scene: Scene, placed: trade.Placed, buyer: Actor) -> None:
    sent = placed.expires_at + timedelta(hours=8)
    await trade.ship_order(
        tx,
        parcel_id=scene.past.ids.at(sent),
        order_id=placed.id,
        courier="zto",
        tracking_no=f"7{placed.number:0>13}"[:14],
        actor=Actor("staff", scene.crew.shipper.staff_id),
        now=sent,
    )
    if buyer.id is not None:
        await trade.receive_order(
            tx, order_id=placed.id, member_id=buyer.id, now=sent + timedelta(hours=20)
        )


async def _step(
    tx: Tx,
    *,
    scene: Scene,
    ask: AskAfterSale,
    step: str,
    buyer: Actor,
    word: str,
    at: datetime,
) -> None:
    clerk = Actor("staff", scene.crew.shipper.staff_id)
    judge = Actor("staff", scene.crew.owner.staff_id)
    match step:
        case "agree":
            await agree(tx, case_id=ask.id, actor=clerk, return_to=_HOME, now=at)
        case "decline":
            await decline(tx, case_id=ask.id, actor=clerk, reason=word, now=at)
        case "send_back":
            number = f"SF{ask.id.int % 10**12:012}"
            await send_back(
                tx, case_id=ask.id, actor=buyer, courier="sf", tracking_no=number, now=at
            )
        case "accept":
            good = _sellable(ask.lines) if ask.reason_code == "changed_mind" else {}
            await accept_return(tx, case_id=ask.id, actor=clerk, resaleable=good, now=at)
        case "refuse":
            await refuse_return(tx, case_id=ask.id, actor=clerk, reason=word, now=at)
        case "replace":
            await ship_replacement(
                tx, case_id=ask.id, actor=clerk, courier="zto", tracking_no="76500000000011", now=at
            )
        case "appeal":
            await appeal(tx, case_id=ask.id, actor=buyer, reason="我有开箱视频，请平台核实", now=at)
        case "dismiss":
            await decide(tx, case_id=ask.id, actor=judge, for_buyer=False, reason=word, now=at)
        case _:
            await withdraw(tx, case_id=ask.id, actor=buyer, now=at)


def _sellable(lines: Sequence[AskedPieces]) -> dict[int, int]:
    return {line.position: line.quantity for line in lines}
