"""Sentences in the reader's language, from `weike/<context>/texts/{zh,en}.toml`.

A key belongs to the context that it names first ("trade.out_of_stock"). Facts fill the braces;
`{total_minor:money}` shows minor units as an amount with two decimals, `{article:text}` the
sentence whose key the fact is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from string import Formatter
from typing import Any

from weike.kernel.money import Money, written

LANGUAGES = ("zh", "en")
"""The first one is spoken to whoever does not say."""


class Texts:
    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        self._sentences = sentences
        self._formatters = {language: _Facts(self, language) for language in sentences}

    def keys(self, language: str) -> frozenset[str]:
        return frozenset(self._sentences[language])

    def has(self, key: str) -> bool:
        return key in self._sentences[LANGUAGES[0]]

    def say(self, key: str, language: str, facts: Mapping[str, object] | None = None) -> str:
        """The sentence; an unknown key is answered with the key itself, never with a failure."""
        sentence = self._sentences.get(language, {}).get(key)
        if sentence is None:
            sentence = self._sentences[LANGUAGES[0]].get(key, key)
        formatter = self._formatters.get(language) or self._formatters[LANGUAGES[0]]
        return formatter.vformat(sentence, (), facts or {})

    def placeholders(self, key: str, language: str) -> frozenset[str]:
        sentence = self._sentences[language][key]
        return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def load_texts(contexts: Sequence[str]) -> Texts:
    sentences: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for context in contexts:
        for language in LANGUAGES:
            file = files("weike").joinpath(context, "texts", f"{language}.toml")
            if file.is_file():
                sentences[language].update(_flat(tomllib.loads(file.read_text("utf-8"))))
    return Texts(sentences)


@lru_cache(maxsize=1024)
def language_of(accept_language: str) -> str:
    """The first language we speak in an Accept-Language header, by its weights."""
    wanted = []
    for place, part in enumerate(accept_language.split(",")[:20]):
        tag, _, parameters = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in LANGUAGES:
            wanted.append((-_weight(parameters), place, language))
    return min(wanted)[2] if wanted else LANGUAGES[0]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


class _Facts(Formatter):
    """A missing fact leaves its name in the sentence: a refusal must not fail on its way out."""

    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def get_value(
        self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        return kwargs.get(str(key), "{" + str(key) + "}")

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Money):
            value, format_spec = value.minor, "money"
        if format_spec == "money" and isinstance(value, int):
            return written(value)
        if format_spec == "text":
            return self._texts.say(str(value), self._language)
        return str(value)
