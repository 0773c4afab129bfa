"""What tags ask of the contexts above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from weike.kernel import Tx
from weike.members.tags.model import TagRule


@runtime_checkable
class BuyersPort(Protocol):
    """Trade answers who bought what, how much and when."""

    async def matching(self, tx: Tx, rule: TagRule, *, now: datetime, limit: int) -> Sequence[UUID]:
        """Members who fit all that the rule says, the best customers first; a fixed number of
        statements."""
        ...
