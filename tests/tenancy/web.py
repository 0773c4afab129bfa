"""The routes of tenancy behind their own doors, spoken to over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx

from tests.tenancy.builders import cheap_passwords
from tests.web import web_client
from weike.kernel import Database
from weike.kernel.edge import Caller
from weike.tenancy import NoShopFacts, TenancyDoors
from weike.tenancy.routes import ROUTES


class StaffDoors(TenancyDoors):
    """There are no members here."""

    async def member(self, token: str) -> Caller | None:
        return None


class Hands:
    """A clock whose hands are moved by the test."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    @contextmanager
    def later(self, by: timedelta) -> Iterator[datetime]:
        before, self.now = self.now, self.now + by
        yield self.now
        self.now = before


def console(database: Database, clock: Hands) -> httpx.AsyncClient:
    return web_client(
        ROUTES,
        database,
        StaffDoors(database, clock=clock),
        dependencies={"passwords": cheap_passwords, "shop_facts": NoShopFacts()},
        clock=clock,
    )


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
