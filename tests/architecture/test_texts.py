"""Every refusal can be said in both languages, with the same facts."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator

import pytest

import weike
from weike.entry.contexts import contexts
from weike.kernel import Refusal
from weike.kernel.texts import LANGUAGES, Texts, load_texts


def faults_of_texts(codes: Iterable[str], texts: Texts) -> list[str]:
    faults = [
        f"{code} cannot be said in {language}"
        for code in sorted(set(codes))
        for language in LANGUAGES
        if code not in texts.keys(language)
    ]
    both = texts.keys("zh") & texts.keys("en")
    for language, other in (("zh", "en"), ("en", "zh")):
        missing = texts.keys(language) - texts.keys(other)
        faults += [f"{key} is said in {language} only" for key in sorted(missing)]
    faults += [
        f"{key} has other facts in the other language"
        for key in sorted(both)
        if texts.placeholders(key, "zh") != texts.placeholders(key, "en")
    ]
    return faults


def _refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _refusals(below)


def _import_everything() -> None:
    for module in pkgutil.walk_packages(weike.__path__, "weike."):
        if not module.name.endswith(("__main__", "cut_glyphs")):
            importlib.import_module(module.name)


def test_every_refusal_is_said_in_both_languages() -> None:
    _import_everything()
    ours = [kind for kind in _refusals() if kind.__module__.startswith("weike.")]
    assert all(kind.code for kind in ours), [kind for kind in ours if not kind.code]
    assert faults_of_texts((kind.code for kind in ours), load_texts(contexts())) == []


def test_every_code_belongs_to_one_context_and_one_meaning() -> None:
    _import_everything()
    meanings: dict[str, set[str]] = {}
    for kind in _refusals():
        if kind.__module__.startswith("weike.") and "code" in kind.__dict__:
            context = kind.__module__.split(".")[1]
            assert kind.code.startswith(f"{context}."), f"{kind.__qualname__}: {kind.code}"
            meanings.setdefault(kind.code, set()).add(f"{kind.__module__}.{kind.__qualname__}")
    assert {code: who for code, who in meanings.items() if len(who) > 1} == {}


def test_a_context_says_its_own_words_only() -> None:
    for context in contexts():
        own = load_texts([context])
        strangers = [key for key in own.keys("zh") if not key.startswith(f"{context}.")]
        assert strangers == [], context


@pytest.mark.parametrize(
    ("zh", "en", "fault"),
    [
        ({}, {"tea.out": "Out"}, "tea.out cannot be said in zh"),
        ({"tea.out": "没了"}, {}, "tea.out cannot be said in en"),
        ({"tea.out": "剩 {left}"}, {"tea.out": "Out"}, "tea.out has other facts"),
        ({"tea.out": "没了", "tea.x": "x"}, {"tea.out": "Out"}, "tea.x is said in zh only"),
    ],
)
def test_a_planted_gap_is_found(zh: dict[str, str], en: dict[str, str], fault: str) -> None:
    faults = faults_of_texts(["tea.out"], Texts({"zh": zh, "en": en}))
    assert any(found.startswith(fault) for found in faults)
