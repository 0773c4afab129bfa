"""Events: what has happened, as frozen values in the past tense, and who listens to them.

An event is written to the outbox in the transaction of the deed that announces it and delivered
after the commit, at least once. Every listener must bear being called twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from weike.kernel.database import Database, Tx
    from weike.kernel.ids import TenantId


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all events. `topic` is stable and unique: "trade.order_placed"."""

    topic: ClassVar[str] = ""


E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Subscriber(Generic[E]):
    """Reacts inside a transaction of the event's tenant; done and marked done together."""

    name: str
    event: type[E]
    handle: Callable[[Tx, E, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Errand(Generic[E]):
    """Reacts outside any transaction because it talks to the outside world; opens its own."""

    name: str
    event: type[E]
    handle: Callable[[Database, TenantId, E, datetime], Awaitable[None]]


Listener = Subscriber[Any] | Errand[Any]


@dataclass(frozen=True, slots=True)
class Job:
    """A timed transition: rows that are due, found by a statement, moved tenant by tenant.

    `due_tenants` is one SQL statement for the cross-tenant read-only role; it takes `now` as $1
    and returns tenant_id. `run` moves due rows of one tenant and returns how many; it is called
    again while it returns more than zero.
    """

    name: str
    every_seconds: int
    due_tenants: str
    run: Callable[[Tx, datetime], Awaitable[int]]
    one_snapshot: bool = False
    """For what compares many rows: every statement sees the same moment."""


@dataclass(frozen=True, slots=True)
class OutsideJob:
    """Like `Job`, for work that talks to the outside world and opens its own transactions."""

    name: str
    every_seconds: int
    due_tenants: str
    run: Callable[[Database, TenantId, datetime], Awaitable[int]]
