"""What members asks of the world outside and of the contexts above; entry wires it.

Whatever talks to the world outside ends in one of three ways: `Ok`, `Refused`, `Unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar, runtime_checkable
from uuid import UUID

import msgspec

from weike.kernel import Tx

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    value: T


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side said no; `code` is its word for why."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have happened or not: no answer, or one that cannot be trusted."""

    reason: str


@runtime_checkable
class SMS(Protocol):
    """Delivers short messages. Never raises for what the network does, never logs the text."""

    async def send(self, phone: str, text: str) -> Ok[None] | Refused | Unknown: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WeChatPerson:
    """Who WeChat says somebody is; `union_id` is one for all apps of the same owner."""

    open_id: str
    union_id: str | None = None
    nickname: str | None = None
    avatar_url: str | None = None


@runtime_checkable
class WeChat(Protocol):
    """Exchanges codes for people. A code is good for one exchange, so `Unknown` is not retried."""

    async def mini_program_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown: ...

    async def official_account_person(
        self, *, app_id: str, secret: str, code: str
    ) -> Ok[WeChatPerson] | Refused | Unknown: ...

    def authorize_url(self, *, app_id: str, redirect_uri: str, state: str) -> str:
        """Where the browser goes to be recognised."""
        ...


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What trade and distribution know about a member."""

    orders_count: int = 0
    paid_minor: int = 0
    promoter_nickname: str | None = None
    """Who brought this member."""
    is_promoter: bool = False
    promoter_state: str | None = None
    points: int = 0
    """What they can spend; below zero is a debt."""


class RelationSpan(msgspec.Struct, frozen=True, kw_only=True):
    """From when to when the member belonged to a promoter."""

    promoter_id: UUID
    promoter_nickname: str
    since: datetime
    until: datetime | None
    reason: str


class LastOrder(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    number: str
    state: str
    payable_minor: int
    placed_at: datetime


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first."""

    relations: list[RelationSpan]
    last_orders: list[LastOrder]


@runtime_checkable
class MemberFigures(Protocol):
    """Answers about members come from above; a fixed number of statements however many."""

    async def figures(self, tx: Tx, member_ids: Sequence[UUID]) -> Mapping[UUID, Figures]:
        """Whoever is missing has nothing yet."""
        ...

    async def story(self, tx: Tx, member_id: UUID) -> Story: ...


class NoFigures:
    """For a house without trade and promoters."""

    async def figures(self, tx: Tx, member_ids: Sequence[UUID]) -> Mapping[UUID, Figures]:
        return {}

    async def story(self, tx: Tx, member_id: UUID) -> Story:
        return Story(relations=[], last_orders=[])
