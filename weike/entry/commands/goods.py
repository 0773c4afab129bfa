"""`weike import` and `weike export`: a shop's catalogue as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from weike import storefront, tenancy
from weike.entry.installation import Installation
from weike.entry.progress import ProgressBar
from weike.entry.wiring import House, open_house
from weike.kernel import Refusal, TenantId, Tx
from weike.kernel.clock import utc_now
from weike.kernel.words import Words

_FORMS: dict[str, Literal["csv", "xlsx"]] = {".csv": "csv", ".xlsx": "xlsx"}


class Refused(Exception):
    """The message is for whoever typed the command."""


async def import_goods(here: Installation, *, file: Path, shop: str, dry_run: bool) -> int:
    """The number of rows that were not taken. Refuses with Refused."""
    upload = file.read_bytes()
    bar = ProgressBar()
    with here.database() as urls:
        async with open_house(here, urls) as house:
            tenant_id = await tenant_of_shop(house, shop)
            words = Words(house.texts, "zh")
            bar(f"{file.name} → {shop}", 0.0)
            try:
                report = await storefront.import_products(
                    house.database,
                    tenant_id,
                    upload=upload,
                    dry_run=dry_run,
                    actor="command line",
                    now=utc_now(),
                )
            except Refusal as refusal:
                raise Refused(words(refusal.code, **refusal.facts)) from refusal
            bar(f"{file.name} → {shop}", 1.0)
            bar.close()
            for failure in report.failures:
                what = words(failure.refusal.code, **failure.refusal.facts)
                print(f"  row {failure.row}: {what}", file=sys.stderr)
    tried = " (dry run: nothing was kept)" if dry_run else ""
    print(
        f"{report.rows} rows: {report.created} products created, {report.updated} updated, "
        f"{len(report.failures)} rows refused{tried}"
    )
    return len(report.failures)


async def export_goods(here: Installation, *, file: Path, shop: str, language: str) -> None:
    """CSV or XLSX, by the name of the file. Refuses with Refused."""
    form = _FORMS.get(file.suffix)
    if form is None:
        raise Refused(f"{file.name}: the name must end with .csv or .xlsx")
    bar = ProgressBar()
    fresh = file.with_name(f".{file.name}.part")
    with here.database() as urls:
        async with open_house(here, urls) as house:
            tenant_id = await tenant_of_shop(house, shop)
            total = await house.database.run(tenant_id, _count_products)
            with fresh.open("wb") as out:
                pages = 0
                async for chunk in storefront.export_products(
                    house.database, tenant_id, form=form, language=language
                ):
                    out.write(chunk)
                    pages += 1
                    bar(f"{shop} → {file.name}", min(0.99, pages * 500 / max(total, 1)))
    # Renamed when whole: whoever waits for the file never sees half of it.
    fresh.replace(file)
    bar(f"{shop} → {file.name}", 1.0)
    bar.close()


async def tenant_of_shop(house: House, slug: str) -> TenantId:
    """Refuses with Refused."""
    tenant_id = await tenancy.TenancyDoors(house.database, clock=house.clock).shop(
        slug=slug, host=""
    )
    if tenant_id is None:
        raise Refused(f"there is no shop named {slug}")
    return tenant_id


async def _count_products(tx: Tx) -> int:
    return int(
        await tx.fetchval(
            "select count(*) from catalog.products p where p.tenant_id = $1", tx.tenant_id
        )
    )
