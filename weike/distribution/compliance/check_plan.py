"""A merchant's wish measured: with the shop's own after-sale time and whatever was signed."""

from __future__ import annotations

import msgspec

from weike import tenancy
from weike.distribution.compliance.lint import Finding, Severity, lint
from weike.distribution.compliance.plan import Plan
from weike.distribution.errors import PlanUnlawful
from weike.kernel import Tx
from weike.kernel.words import Words


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """`sentence` says what, `article` and `says` the rule it comes from."""

    code: str
    severity: Severity
    field: str
    sentence: str
    article: str
    says: str
    since: str


class PlanVerdict(msgspec.Struct, frozen=True, kw_only=True):
    is_lawful: bool
    findings: list[FindingView]


async def check_plan(tx: Tx, wanted: Plan, *, words: Words) -> PlanVerdict:
    findings = lint(await _here(tx, wanted))
    return PlanVerdict(
        is_lawful=not any(one.severity is Severity.REFUSED for one in findings),
        findings=[_view(one, words) for one in findings],
    )


async def require_lawful(tx: Tx, wanted: Plan) -> None:
    """Refuses with PlanUnlawful, naming the first rule that is broken."""
    for one in lint(await _here(tx, wanted)):
        if one.severity is Severity.REFUSED:
            raise PlanUnlawful(
                field=one.field,
                rule=one.code,
                article=one.source.article_key,
            )


async def _here(tx: Tx, wanted: Plan) -> Plan:
    """What the merchant cannot claim: her shop's after-sale time, and signatures."""
    settings = await tenancy.shop_settings(tx)
    return msgspec.structs.replace(
        wanted, after_sale_days=settings.after_sale_days, tier2_signatures=0
    )


def _view(one: Finding, words: Words) -> FindingView:
    source = one.source
    return FindingView(
        code=one.code,
        severity=one.severity,
        field=one.field,
        sentence=words(f"distribution.plan.{one.code}"),
        article=words(source.article_key),
        says=words(source.says_key),
        since=source.since.isoformat(),
    )
