"""Sentences: the reader's language, facts in their places, and no failure on the way out."""

from __future__ import annotations

import pytest

from weike.kernel import Money, Texts
from weike.kernel.texts import language_of

TEXTS = Texts(
    {
        "zh": {"tea.out": "还剩 {left} 件，{price_minor:money} 元", "tea.only": "只有中文"},
        "en": {"tea.out": "{left} left at {price_minor:money}"},
    }
)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh-CN;q=0.4,en;q=0.5", "en"),
        ("zh-Hans-CN", "zh"),
        ("fr-FR,de", "zh"),
        ("en;q=nonsense,zh;q=0.1", "zh"),
        (",,;;q=,", "zh"),
    ],
)
def test_the_reader_is_heard(header: str, language: str) -> None:
    assert language_of(header) == language


def test_facts_fill_the_sentence() -> None:
    facts = {"left": 3, "price_minor": 1990}
    assert TEXTS.say("tea.out", "zh", facts) == "还剩 3 件，19.90 元"
    assert TEXTS.say("tea.out", "en", facts) == "3 left at 19.90"
    assert TEXTS.say("tea.out", "en", {"left": 1, "price_minor": Money(-5)}) == "1 left at -0.05"


def test_what_is_missing_never_fails() -> None:
    assert TEXTS.say("tea.out", "en", {}) == "{left} left at {price_minor}"
    assert TEXTS.say("tea.only", "en") == "只有中文"
    assert TEXTS.say("tea.unknown", "en") == "tea.unknown"
