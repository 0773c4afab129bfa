"""A corpus of plans: every unlawful one is refused by its article, every lawful one passes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.distribution.builders import staff_of
from tests.tenancy.builders import put_shop
from weike import distribution
from weike.distribution.compliance.check_plan import check_plan
from weike.distribution.compliance.lint import Severity, lint
from weike.distribution.compliance.plan import Plan
from weike.distribution.errors import PlanUnlawful
from weike.distribution.queries import programmes
from weike.kernel import Tx
from weike.kernel.texts import load_texts
from weike.kernel.words import Words

FOLDER = Path(__file__).parent / "plans"


def plans(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FOLDER / f"{name}.toml").read_text())["plan"]
    return found


TEXTS = load_texts(("distribution",))
UNLAWFUL, LAWFUL = plans("unlawful"), plans("lawful")


def read(told: dict[str, Any]) -> Plan:
    wishes = {name: told[name] for name in told if name not in ("says", "refused", "advised")}
    return msgspec.convert(wishes, Plan)


def test_the_corpus_is_large_enough() -> None:
    assert len(UNLAWFUL) >= 40
    assert len(LAWFUL) >= 20
    sentences = [told["says"] for told in (*UNLAWFUL, *LAWFUL)]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("told", UNLAWFUL, ids=lambda told: str(told["says"]))
def test_an_unlawful_plan_is_refused_by_its_article(told: dict[str, Any]) -> None:
    refused = [one for one in lint(read(told)) if one.severity is Severity.REFUSED]
    assert {one.code for one in refused} == set(told["refused"])
    for one in refused:
        assert TEXTS.has(one.source.article_key)
        assert TEXTS.has(one.source.says_key)
        assert hasattr(read(told), one.field)


@pytest.mark.parametrize("told", LAWFUL, ids=lambda told: str(told["says"]))
def test_a_lawful_plan_passes_with_advice_where_it_is_near_the_line(told: dict[str, Any]) -> None:
    findings = lint(read(told))
    assert [one for one in findings if one.severity is Severity.REFUSED] == []
    assert {one.code for one in findings} == set(told["advised"])


def test_every_code_of_the_prose_is_met_and_said_in_both_languages() -> None:
    prose = (Path(__file__).parents[2] / "docs/algorithms/compliance.md").read_text()
    named = {code for told in UNLAWFUL for code in told["refused"]}
    named |= {code for told in LAWFUL for code in told["advised"]}
    for code in named:
        assert f"`{code}`" in prose
        assert TEXTS.has(f"distribution.plan.{code}")
    table = [row for row in prose.splitlines() if row.startswith("| `")]
    told = {part.strip("` ") for row in table for part in row.split("|")[1].split(",")}
    assert told == named


async def test_the_server_refuses_what_the_editor_would(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    before = await distribution.set_programme(
        tx, distribution.DEFAULT_PROGRAMME, by=staff_of(tx), now=now
    )
    default = distribution.DEFAULT_PROGRAMME
    for wanted in (replace(default, hold_days=6), replace(default, rate_bp=5001, cap_bp=5001)):
        with pytest.raises(PlanUnlawful) as refusal:
            await distribution.set_programme(tx, wanted, by=staff_of(tx), now=now)
        assert TEXTS.has(str(refusal.value.facts["article"]))
    assert await programmes.programme_at(tx, now) == before


async def test_nobody_signs_by_claiming_so(tx: Tx, now: datetime) -> None:
    await put_shop(tx, now)
    words = Words(TEXTS, "zh")
    verdict = await check_plan(tx, Plan(tier2_bp=300, tier2_signatures=2), words=words)
    assert not verdict.is_lawful
    assert [one.code for one in verdict.findings] == ["second_tier_unsigned"]
    assert "第七条" in verdict.findings[0].article
