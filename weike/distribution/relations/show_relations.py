"""Relations as people read them: the merchant with names, customer and promoters with masks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import members
from weike.distribution.model import FOREVER, Happening, Outcome
from weike.distribution.relations import queries
from weike.kernel import Tx
from weike.kernel.words import Words

_NEWEST = 50


class RelationHistory(msgspec.Struct, frozen=True, kw_only=True):
    """One relation from its beginning to its end; `expires_at` as it is after renewals and ends."""

    promoter_id: UUID
    promoter_nickname: str
    reason: str
    bound_at: datetime
    protected_until: datetime | None
    expires_at: datetime
    renewals: int
    end_reason: str
    rule_version: int


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one happening came to, in the reader's words. Names are masked."""

    at: datetime
    happening: Happening
    outcome: Outcome
    sentence: str


class MyRelation(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer may know about whom she is bound to. `until` is null without an end."""

    promoter: str | None
    since: datetime | None
    until: datetime | None
    happenings: list[Told]


async def relation_history(tx: Tx, customer_id: UUID) -> list[RelationHistory]:
    """Newest first."""
    rows = await queries.history_of(tx, customer_id)
    cards = await members.member_cards(tx, list({row["promoter_id"] for row in rows}))
    spans: dict[UUID, RelationHistory] = {}
    for row in rows:
        span = spans.get(row["id"]) or RelationHistory(
            promoter_id=row["promoter_id"],
            promoter_nickname=cards[row["promoter_id"]].nickname,
            reason=row["reason"],
            bound_at=row["bound_at"],
            protected_until=row["protected_until"],
            expires_at=row["expires_at"],
            renewals=0,
            end_reason="",
            rule_version=row["rule_version"],
        )
        if row["kind"] == "renewed":
            span = msgspec.structs.replace(
                span, renewals=span.renewals + 1, expires_at=row["changed_to"]
            )
        elif row["kind"] is not None:
            span = msgspec.structs.replace(
                span, end_reason=row["kind"], expires_at=row["changed_to"]
            )
        spans[row["id"]] = span
    return list(reversed(spans.values()))


async def my_relation(tx: Tx, customer_id: UUID, *, words: Words, now: datetime) -> MyRelation:
    bound = (await queries.relations_of_customers(tx, [customer_id])).get(customer_id)
    relation = bound.relation if bound and bound.relation.runs_at(now) else None
    name = None
    if relation:
        cards = await members.member_cards(tx, [relation.promoter_id])
        name = members.masked_nickname(cards[relation.promoter_id].nickname)
    return MyRelation(
        promoter=name,
        since=relation.bound_at if relation else None,
        until=relation.expires_at if relation and relation.expires_at < FOREVER else None,
        happenings=await happenings_told(tx, words=words, customer_id=customer_id),
    )


async def happenings_told(
    tx: Tx, *, words: Words, customer_id: UUID | None = None, sharer_id: UUID | None = None
) -> list[Told]:
    """The newest, for the customer or for the promoter whose links were opened. A promoter reads
    no word about whose customer it is instead."""
    rows = await queries.decisions(tx, customer_id=customer_id, sharer_id=sharer_id, limit=_NEWEST)
    other = "sharer_id" if customer_id else "customer_id"
    cards = await members.member_cards(tx, list({row[other] for row in rows}))
    side = "customer" if customer_id else "sharer"
    return [
        Told(
            at=row["at"],
            happening=Happening(row["happening"]),
            outcome=Outcome(row["outcome"]),
            sentence=words(
                f"distribution.told.{side}.{_came_to(row['outcome'], row['until'])}",
                name=members.masked_nickname(cards[row[other]].nickname)
                if row[other] in cards
                else words("distribution.told.somebody"),
                until=f"{row['until']:%Y-%m-%d}"
                if (row["until"] or FOREVER) < FOREVER
                else words("distribution.told.no_end"),
            ),
        )
        for row in rows
    ]


def _came_to(outcome: str, until: datetime | None) -> str:
    """Renewals that moved nothing were kept without a day once."""
    return "renewed_same" if outcome == Outcome.RENEWED and until is None else outcome
