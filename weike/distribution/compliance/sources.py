"""The rules that plans are measured by, and since when each holds.

What a rule says and where it stands is `distribution.rule.<key>.says` and `.article` in the texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    since: date

    @property
    def article_key(self) -> str:
        return f"distribution.rule.{self.key}.article"

    @property
    def says_key(self) -> str:
        return f"distribution.rule.{self.key}.says"


PYRAMID_HEADS = Source("pyramid_heads", date(2005, 11, 1))
PYRAMID_FEE = Source("pyramid_fee", date(2005, 11, 1))
PYRAMID_TEAM = Source("pyramid_team", date(2005, 11, 1))
DIRECT_SELLING = Source("direct_selling", date(2005, 12, 1))
RETURNS = Source("returns", date(2014, 3, 15))
PROPERTY = Source("property", date(2021, 1, 1))
HONEST_SALES = Source("honest_sales", date(2019, 1, 1))
ADVERTISING = Source("advertising", date(2015, 9, 1))
INDUCED_SHARING = Source("induced_sharing", date(2019, 10, 28))
OWN_LIMIT = Source("own_limit", date(2026, 11, 1))
