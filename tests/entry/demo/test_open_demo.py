"""The demo shop opens by the product's own deeds, its books agree, and it opens once."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from uuid import UUID

import httpx
import pytest
from granian.server.embed import Server

from tests.databases import Urls
from weike import catalog, ledger, payment, tenancy, trade
from weike.distribution.queries import commissions
from weike.entry.demo import open_demo
from weike.entry.demo.access import Access, PhoneAccess, read_access, write_access
from weike.entry.demo.opening import open_shop
from weike.entry.demo.story import Size
from weike.entry.installation import Urls as HouseUrls
from weike.entry.installation import installation
from weike.entry.settings import read_settings
from weike.entry.wiring import LEDGER_CHECKS, House, open_house
from weike.kernel import TenantId, Tx, utc_now, uuid7
from weike.payment.send_refund import send_refund
from weike.sandbox import serve_sandbox

TINY = Size(days=2, members=6, promoters=2, goods=5, orders=6, shares_a_day=4)
SMALL = Size(days=20, members=24, promoters=6, goods=12, orders=90, shares_a_day=3)
NOW = datetime(2026, 11, 11, 3, 0, tzinfo=UTC)


@asynccontextmanager
async def house_at(folder: Path, urls: Urls, **settings: str) -> AsyncIterator[House]:
    environment = {"WEIKE_DATA": str(folder), "WEIKE_DATABASE_CONNECTIONS": "4", **settings}
    here = installation(read_settings(environment), environment)
    async with open_house(here, HouseUrls(urls.owner, urls.app, urls.report)) as house:
        yield replace(house, clock=lambda: NOW)


async def opened(house: House) -> Access:
    steps: list[float] = []
    access = await open_shop(
        house, now=NOW, size=SMALL, progress=lambda _, share: steps.append(share)
    )
    assert all(0 <= share <= 1 for share in steps)
    return access


async def test_the_demo_opens_with_a_past_that_adds_up(fresh_urls: Urls, tmp_path: Path) -> None:
    async with house_at(tmp_path, fresh_urls) as house:
        access = await opened(house)
        shop_id = TenantId(access.shop_id)

        async def look(tx: Tx) -> None:
            await books_agree(tx)
            await every_state_is_there(tx)
            await commissions_are_in_the_accounts(tx)
            await the_shelf_is_full(tx)
            await the_club_is_alive(tx)
            verdict = await tenancy.verify_audit(tx)
            assert verdict.ok
            assert verdict.records > 30
            assert await payment.payment_is_set_up(tx)

        await house.database.run(shop_id, look)
        await nothing_is_left_in_the_outbox(house, shop_id)

        began = monotonic()
        lines = await open_demo(house, now=NOW, progress=lambda *_: None)
        assert monotonic() - began < 1
        assert lines == access.lines()


async def books_agree(tx: Tx) -> None:
    report = await ledger.reconcile(tx, LEDGER_CHECKS, now=NOW)
    assert [check for check in report.checks if not check.ok] == []
    assert sum(check.expected for check in report.checks) > 0


async def every_state_is_there(tx: Tx) -> None:
    counts = await trade.counts_by_state(tx)
    for state in ("placed", "paid", "shipped", "received", "cancelled"):
        assert counts[state] > 0, state


async def commissions_are_in_the_accounts(tx: Tx) -> None:
    by_state = {
        row["state"]: row["amount_minor"] for row in await commissions.totals_by_state(tx, None)
    }
    by_state["available"] = await commissions.not_withdrawn_minor(tx)
    for state, account in (
        ("estimated", "commission_memo_estimated"),
        ("pending", "commission_pending"),
        ("available", "commission_available"),
    ):
        booked = await ledger.balances(tx, prefix=account)
        assert by_state[state] > 0, state
        assert sum(entry.balance.minor for entry in booked) == by_state[state], state


async def the_shelf_is_full(tx: Tx) -> None:
    counts = await catalog.product_counts(tx)
    assert counts.draft == 1
    # The last good is a draft; a product with keys and one with a note are sold beside them.
    assert counts.on_sale + counts.off_sale == SMALL.goods - 1 + 2


async def the_club_is_alive(tx: Tx) -> None:
    """Orders have lifted members and earned points; one adjustment waits for a second person."""
    row = await tx.fetchrow(
        """
        select (select count(distinct s.level_id) from members.standings s
                where s.tenant_id = $1) as levels,
               (select count(distinct p.state) from ledger.points_lots p
                where p.tenant_id = $1 and p.remaining > 0) as states,
               (select count(*) from ledger.points_adjustments a
                where a.tenant_id = $1 and a.state = 'waiting') as waiting,
               (select count(*) from members.tagged g where g.tenant_id = $1) as tagged
        """,
        tx.tenant_id,
    )
    assert row is not None
    assert row["levels"] >= 2
    assert (row["states"], row["waiting"]) == (2, 1)
    assert row["tagged"] > 3


async def nothing_is_left_in_the_outbox(house: House, shop_id: TenantId) -> None:
    rows = await house.reports.fetch(
        "select state, count(*) as rows from kernel.outbox where tenant_id = $1 group by 1", shop_id
    )
    assert {row["state"] for row in rows} == {"done"}


async def test_a_half_made_demo_is_given_up_for_a_new_one(fresh_urls: Urls, tmp_path: Path) -> None:
    async with house_at(tmp_path, fresh_urls) as house:

        class Killed(Exception):
            pass

        def kill(label: str, share: float) -> None:
            raise Killed

        with pytest.raises(Killed):
            await open_shop(house, now=NOW, size=TINY, progress=kill)
        left = read_access(tmp_path)
        assert left is not None
        assert not left.is_open

        access = await open_shop(house, now=NOW, size=TINY, progress=lambda *_: None)
        assert access.slug == "chengxin-2"
        assert read_access(tmp_path) == access


@asynccontextmanager
async def sandbox_at(folder: Path) -> AsyncIterator[str]:
    """The simulation as a server of its own, as `weike demo` runs it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    servers: list[Server] = []
    serving = asyncio.create_task(serve_sandbox(folder, port=port, on_server=servers.append))
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as http:
            for _ in range(100):
                with suppress(httpx.HTTPError):
                    await http.get(f"{url}/_ctl/people")
                    break
                await asyncio.sleep(0.05)
        yield url
    finally:
        for server in servers:
            server.stop()  # type: ignore[no-untyped-call]  # granian says no type
        await serving


async def test_an_order_that_waits_to_be_shipped_can_be_refunded_live(
    fresh_urls: Urls, tmp_path: Path
) -> None:
    now = utc_now()
    async with (
        sandbox_at(tmp_path / "sandbox") as url,
        house_at(tmp_path, fresh_urls, WEIKE_SANDBOX_URL=url) as house,
    ):
        house = replace(house, clock=utc_now)
        access = await open_shop(house, now=now, size=TINY, progress=lambda *_: None)
        shop_id = TenantId(access.shop_id)

        async def give_back(tx: Tx, method: str) -> UUID:
            order_id: UUID = await tx.fetchval(
                "select o.id from trade.orders o join payment.intents i on i.tenant_id = $1 "
                "and i.order_id = o.id and i.state = 'paid' where o.tenant_id = $1 "
                "and o.state = 'paid' and i.method = $2 order by o.placed_at desc limit 1",
                tx.tenant_id,
                method,
            )
            refund_id = uuid7(now)
            await trade.refund_order(
                tx,
                refund_id=refund_id,
                order_id=order_id,
                actor=trade.Actor("member", None),
                reason="不想要了",
                now=now,
            )
            return refund_id

        refund_ids = []
        for method in ("h5", "alipay_wap"):
            refund_id = await house.database.run(shop_id, partial(give_back, method=method))
            refund_ids.append(refund_id.hex)
            await send_refund(house.database, house.gateways, shop_id, refund_id=refund_id, now=now)
        async with httpx.AsyncClient(base_url=url) as sandbox:
            truth = (await sandbox.get("/_ctl/truth")).json()
            at_alipay = (await sandbox.get("/_ctl/alipay/truth")).json()
        assert [refund["out_refund_no"] for refund in truth["refunds"]] == refund_ids[:1]
        assert [refund["out_request_no"] for refund in at_alipay["refunds"]] == refund_ids[1:]
        assert len(truth["orders"]) >= 6


def test_passwords_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    assert read_access(tmp_path) is None
    (tmp_path / "demo.json").write_text("not ours")
    assert read_access(tmp_path) is None
    somebody = PhoneAccess(nickname="小满", phone="14200000000")
    access = Access(
        shop_id=uuid7(NOW),
        slug="chengxin",
        is_open=True,
        staff=(),
        buyer=somebody,
        promoter=somebody,
        shop_url="http://127.0.0.1:8080/m/?shop=chengxin",
        sms_url=None,
    )
    write_access(tmp_path, access)
    assert read_access(tmp_path) == access
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
