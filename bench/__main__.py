"""`python -m bench [--seconds N] [--write]`: the whole comparison in one run, as a table."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg

from bench.pgbench import Measured, run_pgbench
from bench.web import HOST, put_under_load, serving
from bench.world import SKU, World, make_world, numbered
from weike import members, tenancy
from weike.entry.installation import Installation, Urls, installation
from weike.entry.settings import read_settings
from weike.kernel import Database, open_pool, utc_now

SKUS, PEOPLE, CLIENTS, PORT = 10_000, 1_000, 32, 8199
_TABLE = Path(__file__).parent.parent / "docs" / "performance.md"
_WARM_SECONDS = 2
_BEGIN, _END = "<!-- table of the last run -->", "<!-- end of the table -->"


async def _seed(place: Installation, urls: Urls) -> World:
    await place.migrate(urls, now=utc_now())
    database = Database(await open_pool(urls.app, size=4), listeners={}, clock=utc_now)
    world = await make_world(
        database,
        urls.owner,
        seal=members.PhoneSeal(place.vault.secret("members.sealing")),
        passwords=tenancy.Passwords(memory_kib=8, passes=1),
        skus=SKUS,
        people=PEOPLE,
        now=utc_now(),
    )
    await database.close()
    return world


async def _analyse(owner_url: str) -> None:
    """Statistics as a settled shop has them; without them a plan is luck."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute("analyze")
    await connection.close()


def _plan(world: World, kind: str, *, path: str, clients: int, seconds: int, **more: Any) -> Any:
    return {
        "kind": kind,
        "path": path,
        "host": HOST,
        "port": PORT,
        "shop": world.slug,
        "clients": clients,
        "seconds": seconds,
        "seed": 20261111,
        "members": world.members if kind == "order" else [],
        **more,
    }


def measure(seconds: int) -> list[tuple[Measured, float]]:
    """Every line of the table with the generator's own cost (pgbench is its own client)."""
    lines: list[tuple[Measured, float]] = []
    with tempfile.TemporaryDirectory(prefix="weike-bench-") as folder:
        environment = {"WEIKE_DATA": folder}
        place = installation(read_settings(environment), environment)
        with place.database() as urls:
            world = asyncio.run(_seed(place, urls))
            postmaster = int((Path(folder) / "postgres" / "postmaster.pid").read_text().split()[0])
            for name, script in (
                ("pgbench, statements, spread", "order_statements"),
                ("pgbench, one statement, spread", "order_one_statement"),
                ("pgbench, statements, one hot SKU", "order_statements_hot"),
            ):
                # Once for the rows, then for the figures: plans made over empty tables are luck.
                for lasts in (_WARM_SECONDS, seconds):
                    asyncio.run(_analyse(urls.owner))
                    found = run_pgbench(
                        name,
                        script,
                        app_url=urls.app,
                        postmaster=postmaster,
                        tenant=world.tenant_id,
                        skus=SKUS,
                        members=PEOPLE,
                        clients=CLIENTS,
                        seconds=lasts,
                    )
                lines.append((found, 0.0))
                _show(found)
            asyncio.run(_analyse(urls.owner))
            for workers in (1, 2):
                with serving(Path(folder), port=PORT, workers=workers) as web:
                    lines += _over_http(world, workers, web, postmaster, seconds)
    return lines


def _over_http(
    world: World, workers: int, web: int, postmaster: int, seconds: int
) -> list[tuple[Measured, float]]:
    skus = [str(numbered(SKU, n)) for n in range(1, SKUS + 1)]
    place = "/api/shop/orders"
    runs = [
        (
            f"HTTP place order, spread, {CLIENTS} clients, {workers} web",
            _plan(world, "order", path=place, clients=CLIENTS, seconds=seconds, skus=skus, lines=2),
        ),
        (
            f"HTTP place order, one hot SKU, {CLIENTS} clients, {workers} web",
            _plan(
                world, "order", path=place, clients=CLIENTS, seconds=seconds, skus=skus[:1], lines=1
            ),
        ),
    ]
    if workers == 1:
        lists, goods = "/api/shop/products?limit=20", "/api/shop/products/{id}"
        pages: dict[str, Any] = {"clients": 16, "seconds": seconds, "products": skus}
        runs += [
            (
                "HTTP place order, spread, 16 clients, 1 web",
                _plan(world, "order", path=place, clients=16, seconds=seconds, skus=skus, lines=2),
            ),
            ("HTTP list of 20, cached", _plan(world, "read", path=lists, **pages)),
            (
                "HTTP list of 20, not cached",
                _plan(world, "read", path=lists, fresh=True, **pages),
            ),
            (
                "HTTP product page, one page, cached",
                _plan(world, "read", path=goods, **{**pages, "products": skus[:1]}),
            ),
            (
                "HTTP product page, not cached",
                _plan(world, "read", path=goods, fresh=True, **pages),
            ),
        ]
    lines = []
    for name, plan in runs:
        found = put_under_load(name, plan, web=web, postmaster=postmaster, allowed=(200, 201))
        lines.append(found)
        _show(found[0])
    return lines


def _show(line: Measured) -> None:
    print(
        f"{line.name:56} {line.per_second:9,.0f}/s  client or web {line.client_us:7.0f} µs"
        f"  database {line.database_us:6.0f} µs  in all {line.total_us:7.0f} µs",
        flush=True,
    )


def table(lines: list[tuple[Measured, float]]) -> str:
    """Markdown. The ratios are of CPU (lower is better) and of throughput (higher is better)."""
    named = {line.name: line for line, _ in lines}
    spread, hot = (
        named["pgbench, statements, spread"],
        named["pgbench, statements, one hot SKU"],
    )
    rows = [
        f"Run on {date.today().isoformat()}: {platform.machine()}, {os.cpu_count()} cores, "  # noqa: DTZ011 - a date for people
        f"Python {platform.python_version()}, PostgreSQL of the wheel, fsync on.",
        "",
        "| what | per second | client or web µs | database µs | in all µs | of the script's CPU "
        "| of the script's throughput | generator µs | p50 / p99 ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for line, generator in lines:
        base = hot if "hot" in line.name else spread
        is_order = "order" in line.name or "pgbench" in line.name
        cpu = f"{line.total_us / base.total_us:.2f}" if is_order else ""
        speed = f"{line.per_second / base.per_second:.1f}" if is_order else ""
        waits = f"{line.p50_ms:.1f} / {line.p99_ms:.1f}" if line.p99_ms else f"{line.p50_ms:.1f}"
        rows.append(
            f"| {line.name} | {line.per_second:,.0f} | {line.client_us:.0f} "
            f"| {line.database_us:.0f} | {line.total_us:.0f} | {cpu} | {speed} "
            f"| {generator:.0f} | {waits} |"
        )
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--seconds", type=int, default=8, help="of each line (default 8)")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    options = parser.parse_args()
    text = table(measure(options.seconds))
    print(text)
    if options.write:
        before, _, rest = _TABLE.read_text("utf-8").partition(_BEGIN)
        _, _, after = rest.partition(_END)
        _TABLE.write_text(f"{before}{_BEGIN}\n{text}{_END}{after}", "utf-8")


if __name__ == "__main__":
    main()
