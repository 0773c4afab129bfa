"""What buyers of the demo say after the parcel: reviews with answers, a doubt, invoices, consents.

Read from `reviews.toml` and written by the product's own deeds, each at its own time.
"""

from __future__ import annotations

import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from uuid import UUID

import msgspec

from weike import members
from weike.entry.demo.scene import Scene
from weike.kernel import Record, Tx
from weike.trade.invoices.issue_invoice import issue_invoice, send_invoice
from weike.trade.invoices.request_invoice import request_invoice
from weike.trade.invoices.rules import InvoiceTitle
from weike.trade.reviews.answer_review import answer_review
from weike.trade.reviews.appeal import appeal
from weike.trade.reviews.rules import Tag
from weike.trade.reviews.vote import vote
from weike.trade.reviews.write_review import Written, append_review, post_review

_LINES = 900
"""Received lines that are looked at for somebody who would write about them."""
_ALIKE = "五星好评，质量非常好，物流也很快，推荐大家购买"
_TITLES = (
    InvoiceTitle(kind="personal", title="个人"),
    InvoiceTitle(
        kind="company",
        title="橙心科技有限公司",
        tax_no="91350100M000100Y43",
        email="fapiao@example.com",
    ),
    InvoiceTitle(kind="personal", title="陈女士"),
)


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One buyer's words about one good."""

    score: int
    text: str
    tags: list[Tag] = []
    picture: bool = False
    more: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    review_id: UUID
    line: Record
    voice: Voice
    at: datetime


def voices() -> dict[str, list[Voice]]:
    """By the good's code."""
    text = files("weike.entry.demo").joinpath("reviews.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, list[Voice]])


async def show_voices(scene: Scene) -> None:
    """Believable reviews in both languages, three that one phone wrote, and a few invoices."""
    chance = Random(f"{scene.past.tenant_id}")  # noqa: S311 - a story, not a secret

    async def work(tx: Tx) -> None:
        lines = await _received(tx, scene.now)
        chance.shuffle(lines)
        said = [one async for one in _write(tx, scene, lines, chance)]
        await _react(tx, scene, said, chance)
        written = {one.line["line"] for one in said}
        await _doubt(tx, scene, [line for line in lines if line["line"] not in written])
        await _invoices(tx, scene)

    await scene.past.run(work, at=scene.now)


async def _received(tx: Tx, now: datetime) -> list[Record]:
    """Lines in the hands of their buyers, the last received first, with the good's code."""
    return await tx.fetch(
        """
        select l.order_id::text || l.position as line, l.order_id, l.position, l.product_id,
               o.member_id, o.received_at, s.code,
               (select m.media_ids[1] from catalog.products m
                where m.tenant_id = $1 and m.id = l.product_id) as picture
        from trade.orders o
        join trade.order_lines l on l.tenant_id = o.tenant_id and l.order_id = o.id
        join catalog.skus s on s.tenant_id = l.tenant_id and s.id = l.sku_id
        where o.tenant_id = $1 and l.tenant_id = $1 and s.tenant_id = $1
          and o.received_at is not null and o.refund_state <> 'all'
          and o.received_at < $2::timestamptz - interval '1 day'
        order by o.received_at desc, l.order_id, l.position limit $3
        """,
        tx.tenant_id,
        now,
        _LINES,
    )


async def _write(tx: Tx, scene: Scene, lines: list[Record], chance: Random) -> AsyncIterator[_Said]:
    left = voices()
    written: set[tuple[UUID, UUID]] = set()
    for line in lines:
        code = line["code"].rpartition("-")[0]
        spoken = left.get(code)
        once = (line["member_id"], line["product_id"])
        if not spoken or once in written:
            continue
        written.add(once)
        voice = spoken.pop(0)
        since = line["received_at"]
        at = since + min(scene.now - since, timedelta(hours=90)) * chance.uniform(0.05, 0.95)
        review_id = scene.past.ids.at(at)
        await post_review(
            tx,
            review_id=review_id,
            member_id=line["member_id"],
            order_id=line["order_id"],
            position=line["position"],
            score=voice.score,
            tags=voice.tags,
            written=Written(
                text=voice.text,
                media_ids=(line["picture"],) if voice.picture and line["picture"] else (),
            ),
            is_anonymous=chance.random() < 0.15,
            device=None,
            now=at,
        )
        if chance.random() < 0.5:
            await members.set_consent(
                tx,
                member_id=line["member_id"],
                purpose="reviews_chain",
                given=True,
                version=1,
                source="review",
                now=at,
            )
        yield _Said(review_id, line, voice, at)


async def _react(tx: Tx, scene: Scene, said: list[_Said], chance: Random) -> None:
    """The shop answers, buyers come back, others find it helpful."""
    people = list({one.line["member_id"] for one in said})
    for one in said:
        if one.voice.answer:
            await answer_review(
                tx,
                review_id=one.review_id,
                part=1,
                text=one.voice.answer,
                actor=scene.crew.shipper,
                now=min(one.at + timedelta(hours=5), scene.now),
            )
        if one.voice.more:
            await append_review(
                tx,
                review_id=one.review_id,
                member_id=one.line["member_id"],
                written=Written(text=one.voice.more),
                now=min(one.at + timedelta(days=chance.uniform(9, 30)), scene.now),
            )
        helped = int(chance.paretovariate(1.1)) - 1
        for member_id in chance.sample(people, min(helped, len(people), 12)):
            if member_id != one.line["member_id"]:
                await vote(
                    tx,
                    review_id=one.review_id,
                    member_id=member_id,
                    is_helpful=True,
                    now=scene.now,
                )


async def _doubt(tx: Tx, scene: Scene, lines: list[Record]) -> None:
    """Three members praise one good in the same words from one phone; the shop appeals."""
    seen: dict[UUID, dict[UUID, Record]] = {}
    for line in lines:
        of_good = seen.setdefault(line["product_id"], {})
        of_good.setdefault(line["member_id"], line)
    crowd = next((list(found.values())[:3] for found in seen.values() if len(found) >= 3), [])
    for number, line in enumerate(crowd):
        at = scene.now - timedelta(minutes=50 - number)
        review_id = scene.past.ids.at(at)
        await post_review(
            tx,
            review_id=review_id,
            member_id=line["member_id"],
            order_id=line["order_id"],
            position=line["position"],
            score=5,
            tags=["good_quality"],
            written=Written(text=_ALIKE),
            is_anonymous=False,
            device="a phone of the demo",
            now=at,
        )
        if number == 0:
            await appeal(
                tx,
                appeal_id=scene.past.ids.at(scene.now),
                review_id=review_id,
                ground="proven_fake",
                reason="三位会员在几分钟内用同一部手机写了一样的话，请核实。",
                evidence=[],
                actor=scene.crew.shipper,
                now=scene.now,
            )


async def _invoices(tx: Tx, scene: Scene) -> None:
    """One that waits, one issued, one handed over."""
    rows = await tx.fetch(
        "select o.id, o.member_id from trade.orders o where o.tenant_id = $1 "
        "and o.state = 'settled' and o.refund_state = 'none' "
        "order by o.received_at desc, o.id limit 3",
        tx.tenant_id,
    )
    for number, (row, title) in enumerate(zip(rows, _TITLES, strict=False)):
        asked = scene.now - timedelta(hours=30 - 9 * number)
        invoice_id = scene.past.ids.at(asked)
        await request_invoice(
            tx,
            invoice_id=invoice_id,
            order_id=row["id"],
            member_id=row["member_id"],
            title=title,
            now=asked,
        )
        if number == 0:
            continue
        await issue_invoice(
            tx,
            invoice_id=invoice_id,
            invoice_no=f"2633200000{scene.now:%m%d}{number:06d}",
            link=None,
            actor=scene.crew.finance,
            now=asked + timedelta(hours=3),
        )
        if number == 2:
            await send_invoice(
                tx, invoice_id=invoice_id, actor=scene.crew.finance, now=asked + timedelta(hours=4)
            )
