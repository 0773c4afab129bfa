"""Decide who brought each buyer, for many orders at once. Rules: docs/algorithms/attribution.md."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from weike import sharing, trade
from weike.distribution.model import Programme, PromoterState, Relation
from weike.distribution.queries import programmes, promoters
from weike.distribution.relations import queries as relation_queries
from weike.kernel import Tx
from weike.kernel.together import together


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the decision needs about one buyer and one code."""

    programme: Programme
    share: sharing.Share | None
    touched_lately: bool
    sharer_state: PromoterState | None
    relation: Relation | None
    relation_state: PromoterState | None


class Attributor:
    """Implements trade's `AttributionPort`; reads only."""

    def __init__(self, codes: sharing.ShareCodes) -> None:
        self._codes = codes

    async def for_orders(
        self, tx: Tx, asks: Sequence[trade.AttributionAsk], *, now: datetime
    ) -> list[trade.Attribution]:
        buyers = [ask.buyer_id for ask in asks]
        codes = [ask.share_code for ask in asks if ask.share_code]
        programme, relations, shares = await together(
            tx,
            lambda t: programmes.programme_at(t, now),
            lambda t: relation_queries.relations_of_customers(t, buyers),
            lambda t: self._shares(t, codes),
        )
        sharers = {share.sharer_id for share in shares.values()}
        visits = [
            (share.id, ask.buyer_id)
            for ask in asks
            if ask.share_code and (share := shares.get(ask.share_code))
        ]
        window = timedelta(days=programme.click_window_days)
        states, fresh = await together(
            tx,
            lambda t: self._states(t, list(sharers)),
            lambda t: self._touched(t, visits, since=now - window),
        )
        nobody: trade.Attribution | None = None
        decided = []
        for ask in asks:
            alone = not ask.share_code and ask.buyer_id not in relations
            if alone and nobody is not None:
                # Most buyers of a crowd: nobody brought them, and the answer says no more.
                decided.append(nobody)
                continue
            share = shares.get(ask.share_code) if ask.share_code else None
            bound = relations.get(ask.buyer_id)
            facts = Facts(
                programme=programme,
                share=share,
                touched_lately=share is not None and (share.id, ask.buyer_id) in fresh,
                sharer_state=states.get(share.sharer_id) if share else None,
                relation=bound.relation if bound else None,
                relation_state=bound.promoter_state if bound else None,
            )
            decided.append(decide_attribution(ask, facts, now=now))
            if alone:
                nobody = decided[-1]
        return decided

    async def _states(self, tx: Tx, sharers: list[UUID]) -> dict[UUID, PromoterState]:
        return await promoters.states_of(tx, sharers) if sharers else {}

    async def _touched(
        self, tx: Tx, visits: list[tuple[UUID, UUID]], *, since: datetime
    ) -> set[tuple[UUID, UUID]]:
        return await sharing.touched_since(tx, visits, since=since) if visits else set()

    async def _shares(self, tx: Tx, codes: list[str]) -> dict[str, sharing.Share]:
        return await sharing.shares_of_codes(tx, self._codes, codes) if codes else {}


def decide_attribution(
    ask: trade.AttributionAsk, facts: Facts, *, now: datetime
) -> trade.Attribution:
    """Share on this order, then relation, then nobody; every step leaves its reason."""
    reasons: list[trade.AttributionReason] = []
    relation = _live_relation(ask, facts, now)
    share = facts.share

    if ask.share_code:
        refused = _share_refused(ask, facts, relation, now)
        if refused is None and share is not None:
            reasons.append(trade.AttributionReason("share_used", {"channel": share.channel.value}))
            return trade.Attribution(
                promoter_id=share.sharer_id,
                share_id=share.id,
                relation_id=relation.id
                if relation and relation.promoter_id == share.sharer_id
                else None,
                source="share",
                rule_version=facts.programme.version,
                reasons=reasons,
            )
        if refused is not None:
            reasons.append(refused)

    if relation is not None:
        reasons.append(
            trade.AttributionReason("relation_used", {"since": relation.bound_at.isoformat()})
        )
        return trade.Attribution(
            promoter_id=relation.promoter_id,
            share_id=None,
            relation_id=relation.id,
            source="relation",
            rule_version=facts.programme.version,
            reasons=reasons,
        )
    inactive = facts.relation is not None and facts.relation.expires_at > now
    reasons.append(
        trade.AttributionReason("relation_promoter_inactive" if inactive else "relation_none")
    )
    return trade.Attribution(
        promoter_id=None,
        share_id=None,
        relation_id=None,
        source="none",
        rule_version=facts.programme.version,
        reasons=reasons,
    )


def _live_relation(ask: trade.AttributionAsk, facts: Facts, now: datetime) -> Relation | None:
    relation = facts.relation
    if (
        relation is None
        or relation.expires_at <= now
        or facts.relation_state is not PromoterState.ACTIVE
        or relation.promoter_id == ask.buyer_id
    ):
        return None
    return relation


def _share_refused(
    ask: trade.AttributionAsk, facts: Facts, relation: Relation | None, now: datetime
) -> trade.AttributionReason | None:
    """Why the share on this order does not decide; None when it does."""
    share = facts.share
    if share is None:
        return trade.AttributionReason("share_invalid")
    if share.sharer_id == ask.buyer_id:
        return trade.AttributionReason("share_of_buyer")
    if facts.sharer_state is not PromoterState.ACTIVE:
        return trade.AttributionReason("share_promoter_inactive")
    window = timedelta(days=facts.programme.click_window_days)
    if not facts.touched_lately and share.created_at + window < now:
        return trade.AttributionReason("share_expired", {"days": facts.programme.click_window_days})
    if (
        relation is not None
        and relation.promoter_id != share.sharer_id
        and relation.protected_until > now
    ):
        return trade.AttributionReason(
            "share_loses_to_protection", {"until": relation.protected_until.isoformat()}
        )
    return None
