"""The texts bound to one reader's language: what handlers are given as `words`."""

from __future__ import annotations

from dataclasses import dataclass

from weike.kernel.texts import Texts


@dataclass(frozen=True, slots=True)
class Words:
    """`words("trade.out_of_stock", title="…")` is the sentence in the reader's language."""

    texts: Texts
    language: str

    def __call__(self, key: str, **facts: object) -> str:
        return self.texts.say(key, self.language, facts)

    def of(self, chinese: str, english: str | None) -> str:
        """A name people wrote themselves: the English one for English readers, if there is one."""
        return english if self.language == "en" and english else chinese
