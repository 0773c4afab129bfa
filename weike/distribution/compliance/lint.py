"""Measures a plan by the rules. Pure; the table is docs/algorithms/compliance.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from weike.distribution.compliance import sources
from weike.distribution.compliance.plan import (
    LevelBy,
    Plan,
    PurchaseToJoin,
    SelfPurchase,
    TeamPay,
)
from weike.distribution.compliance.sources import Source

HARD_CAP_BP = 5000
DIRECT_SELLING_CAP_BP = 3000
ADULT = 18
SIGNATURES = 2
_HIGH_PAYOUT_MINOR = 10_000
_LONG_HOLD_DAYS = 30
_MANY_LEVELS = 5

_PROMISES = re.compile(
    r"躺赚|躺着赚|被动收入|睡后收入|日入|日赚|月入过?[万千百\d]|年入|稳赚|零风险|包赚|保证收益|财务自由"
    r"|发展下线|拉人头|裂变分红|轻松赚\s*\d|earn\s+while\s+you\s+sleep|guaranteed\s+income"
    r"|passive\s+income|financial\s+freedom",
    re.IGNORECASE,
)


class Severity(StrEnum):
    REFUSED = "refused"
    ADVISED = "advised"


@dataclass(frozen=True, slots=True)
class Finding:
    """`field` is the plan's field; the sentence is `distribution.plan.<code>` in the texts."""

    code: str
    severity: Severity
    field: str
    source: Source


def lint(plan: Plan) -> list[Finding]:
    """What is refused first, then what is advised against; none of both twice."""
    refused = list(_refused(plan))
    return [*refused, *_advised(plan)]


def _no(code: str, field: str, source: Source) -> Finding:
    return Finding(code, Severity.REFUSED, field, source)


def _refused(plan: Plan) -> Iterator[Finding]:
    yield from _joining(plan)
    yield from _recruiting(plan)
    yield from _tiers(plan)
    yield from _money(plan)
    if plan.least_age < ADULT:
        yield _no("minor_promoter", "least_age", sources.OWN_LIMIT)
    if plan.self_purchase is SelfPurchase.COMMISSION:
        yield _no("commission_on_own_purchase", "self_purchase", sources.HONEST_SALES)
    if plan.share_reward_minor:
        yield _no("pay_per_share", "share_reward_minor", sources.INDUCED_SHARING)
    if _PROMISES.search(plan.invitation):
        yield _no("income_promise", "invitation", sources.ADVERTISING)


def _joining(plan: Plan) -> Iterator[Finding]:
    for field in ("entry_fee_minor", "deposit_minor", "yearly_fee_minor", "top_up_minor"):
        if getattr(plan, field):
            yield _no("entry_fee", field, sources.PYRAMID_FEE)
    if plan.purchase_to_join not in (PurchaseToJoin.NONE, PurchaseToJoin.PAST_SPENDING):
        yield _no("purchase_to_join", "purchase_to_join", sources.PYRAMID_FEE)
    if plan.purchase_to_stay:
        yield _no("purchase_to_join", "purchase_to_stay", sources.PYRAMID_FEE)
    if plan.stock_minor:
        yield _no("stock_to_join", "stock_minor", sources.PYRAMID_FEE)


def _recruiting(plan: Plan) -> Iterator[Finding]:
    for field in ("head_cash_minor", "head_points", "head_coupon", "heads_for_prize"):
        if getattr(plan, field):
            yield _no("per_head", field, sources.PYRAMID_HEADS)
    if plan.recruit_purchase_bp:
        yield _no("paid_on_downline", "recruit_purchase_bp", sources.PYRAMID_TEAM)
    if LevelBy.RECRUITS in plan.level_by:
        yield _no("level_by_recruits", "level_by", sources.PYRAMID_HEADS)


def _tiers(plan: Plan) -> Iterator[Finding]:
    if plan.tier3_bp:
        yield _no("third_tier", "tier3_bp", sources.PYRAMID_TEAM)
    if plan.tier2_bp and plan.tier2_signatures < SIGNATURES:
        yield _no("second_tier_unsigned", "tier2_bp", sources.PYRAMID_TEAM)
    if plan.team_pay is not TeamPay.NONE:
        yield _no("team_pay", "team_pay", sources.PYRAMID_TEAM)
    if LevelBy.TEAM_SALES in plan.level_by:
        yield _no("level_by_team", "level_by", sources.PYRAMID_TEAM)
    if {LevelBy.OWN_PURCHASES, LevelBy.FEE} & set(plan.level_by):
        yield _no("level_by_money", "level_by", sources.PYRAMID_FEE)


def _money(plan: Plan) -> Iterator[Finding]:
    if plan.cap_bp > HARD_CAP_BP or _rates(plan) > HARD_CAP_BP:
        yield _no("over_cap", "cap_bp", sources.OWN_LIMIT)
    if plan.hold_days < max(plan.after_sale_days, 7):
        yield _no("hold_too_short", "hold_days", sources.RETURNS)
    if plan.expires_days:
        yield _no("forfeits", "expires_days", sources.PROPERTY)
    if plan.forfeits_on_quit:
        yield _no("forfeits", "forfeits_on_quit", sources.PROPERTY)


def _rates(plan: Plan) -> int:
    return plan.rate_bp + plan.tier2_bp + plan.tier3_bp


def _advised(plan: Plan) -> Iterator[Finding]:
    def better(code: str, field: str, source: Source = sources.OWN_LIMIT) -> Finding:
        return Finding(code, Severity.ADVISED, field, source)

    if DIRECT_SELLING_CAP_BP < max(_rates(plan), plan.cap_bp) <= HARD_CAP_BP:
        yield better("above_direct_selling_cap", "cap_bp", sources.DIRECT_SELLING)
    if plan.tier2_bp and plan.tier2_signatures >= SIGNATURES:
        yield better("second_tier", "tier2_bp", sources.PYRAMID_TEAM)
    if plan.tier2_bp and plan.tier2_bp >= plan.rate_bp:
        yield better("tier2_not_below", "tier2_bp", sources.PYRAMID_TEAM)
    if not plan.asks_age:
        yield better("no_age_check", "asks_age")
    if plan.least_payout_minor > _HIGH_PAYOUT_MINOR:
        yield better("high_payout_floor", "least_payout_minor", sources.PROPERTY)
    if plan.hold_days > _LONG_HOLD_DAYS:
        yield better("long_hold", "hold_days", sources.PROPERTY)
    if plan.levels > _MANY_LEVELS:
        yield better("many_levels", "levels")
    if plan.purchase_to_join is PurchaseToJoin.PAST_SPENDING:
        yield better("spend_threshold", "purchase_to_join", sources.PYRAMID_FEE)
