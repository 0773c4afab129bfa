"""What a context knows about a person: which rows, what becomes of them, what speaks against it.

Each context describes its own (`personal_data.py`); entry gathers them for the export and the
deletion that the law grants. A test compares the tables named here with those of the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from weike.kernel.database import Tx


@dataclass(frozen=True, slots=True)
class Holding:
    """Rows of one table about one person.

    `of` is SQL over the row `t` with the tenant as $1 and the person as $2. `without` are columns
    that are no information about the person: hashes, ciphers, what others did.
    """

    key: str
    """`<context>.held.<key>` in the texts."""
    table: str
    of: str = "t.member_id = $2"
    without: tuple[str, ...] = ()
    is_kept: bool = False
    """The law has it kept, without a name, after the person is deleted."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a person cannot be deleted yet. `<code>` in the texts, with the facts."""

    code: str
    facts: Mapping[str, object]


async def _nothing(tx: Tx, person_id: UUID) -> dict[str, object]:
    return {}


async def _leave(tx: Tx, person_id: UUID, now: datetime) -> None:
    return None


async def _no_obstacle(tx: Tx, person_id: UUID) -> list[Obstacle]:
    return []


@dataclass(frozen=True, slots=True)
class PersonalData:
    """`more` is what rows cannot say by themselves (sealed values in clear). `erase` removes what
    identifies the person, and may be called twice."""

    context: str
    holdings: tuple[Holding, ...]
    more: Callable[[Tx, UUID], Awaitable[dict[str, object]]] = _nothing
    erase: Callable[[Tx, UUID, datetime], Awaitable[None]] = _leave
    obstacles: Callable[[Tx, UUID], Awaitable[list[Obstacle]]] = _no_obstacle

    async def export(self, tx: Tx, person_id: UUID) -> dict[str, object]:
        """Every holding's rows by its key, and `more`."""
        told: dict[str, object] = {}
        for holding in self.holdings:
            rows = await tx.fetch(
                f"select to_jsonb(t) - $3::text[] as told from {holding.table} t "  # noqa: S608 - constants of our own modules
                f"where t.tenant_id = $1 and {holding.of}",
                tx.tenant_id,
                person_id,
                ["tenant_id", *holding.without],
            )
            told[holding.key] = [row["told"] for row in rows]
        return {**told, **await self.more(tx, person_id)}

    async def counts(self, tx: Tx, person_id: UUID) -> dict[str, int]:
        """How many rows each holding has."""
        return {
            holding.key: await tx.fetchval(
                f"select count(*) from {holding.table} t "  # noqa: S608 - constants of our own modules
                f"where t.tenant_id = $1 and {holding.of}",
                tx.tenant_id,
                person_id,
            )
            for holding in self.holdings
        }


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """All contexts together, the lowest first."""

    contexts: tuple[PersonalData, ...]

    async def obstacles(self, tx: Tx, person_id: UUID) -> list[Obstacle]:
        return [
            obstacle
            for context in self.contexts
            for obstacle in await context.obstacles(tx, person_id)
        ]

    async def export(self, tx: Tx, person_id: UUID) -> dict[str, dict[str, object]]:
        """By context, then by holding."""
        return {context.context: await context.export(tx, person_id) for context in self.contexts}

    async def counts(self, tx: Tx, person_id: UUID) -> dict[str, int]:
        """By `<context>.held.<key>`."""
        return {
            f"{context.context}.held.{key}": number
            for context in self.contexts
            for key, number in (await context.counts(tx, person_id)).items()
        }

    async def erase(self, tx: Tx, person_id: UUID, now: datetime) -> None:
        """The highest first, so that what says who the person is goes last."""
        for context in reversed(self.contexts):
            await context.erase(tx, person_id, now)
