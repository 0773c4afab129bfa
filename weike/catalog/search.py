"""Which words a product is found by, and which words a question asks for. Pure functions.

Chinese is cut into pairs of neighbouring characters, other scripts into words
(docs/algorithms/search.md). 「龙井」 is one pair of 「明前龙井特级」, so it is found without a
dictionary; a single character and the start of a word are found by prefix.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

QUESTION_LIMIT = 24
"""Words of a question that are looked at; the rest of a very long one is ignored."""

# Scripts written without spaces: Han with its extensions, Kana, Hangul.
_UNSPACED = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_WORD_LIMIT = 40
_AFTER_ALL = "\U0010ffff"
_JUST_AFTER = "\x01"


def words_of(texts: Iterable[str]) -> set[str]:
    """The words these texts are found by."""
    words: set[str] = set()
    for text in texts:
        for run in _runs(text):
            if _IS_UNSPACED.match(run):
                words.update(run[i : i + 2] for i in range(len(run)))
            else:
                words.add(run)
    return words


def ranges_of(question: str) -> list[tuple[str, str]]:
    """Half-open ranges of words; a product answers when it has a word in each of them."""
    ranges: dict[tuple[str, str], None] = {}
    for run in _runs(question):
        if len(run) > 1 and _IS_UNSPACED.match(run):
            for i in range(len(run) - 1):
                pair = run[i : i + 2]
                ranges[pair, pair + _JUST_AFTER] = None
        else:
            ranges[run, run + _AFTER_ALL] = None
    return list(ranges)[:QUESTION_LIMIT]


def _runs(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [run[:_WORD_LIMIT] if run.isascii() else run for run in _RUN.findall(plain)]
