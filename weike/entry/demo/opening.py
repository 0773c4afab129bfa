"""Open the demo shop: sign up, hang pictures, live through the past, prove the books.

A marker in the data folder says that it is open. A shop that was left half made (the process was
killed) is given up: the next call opens another one under another short name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from weike import ledger, tenancy, trade
from weike.entry.demo import merchant
from weike.entry.demo.access import (
    Access,
    PhoneAccess,
    StaffAccess,
    new_password,
    read_access,
    write_access,
)
from weike.entry.demo.acts import Act, Order
from weike.entry.demo.after_sales import show_after_sales
from weike.entry.demo.bills import show_bills
from weike.entry.demo.catalogue import Category, categories
from weike.entry.demo.club_scene import show_club
from weike.entry.demo.handing_over import show_handing_over
from weike.entry.demo.hanging import hang_pictures
from weike.entry.demo.merchant import Crew, Stocked
from weike.entry.demo.past import open_past
from weike.entry.demo.payouts import show_withdrawals
from weike.entry.demo.people import Person, people
from weike.entry.demo.purse import show_purse
from weike.entry.demo.scene import Scene, Show
from weike.entry.demo.story import Size, Story
from weike.entry.demo.telling import Telling
from weike.entry.demo.till import Till
from weike.entry.demo.voices import show_voices
from weike.entry.progress import Progress
from weike.entry.wiring import LEDGER_CHECKS, House
from weike.kernel import TenantId, Tx, uuid7
from weike.sandbox import Credentials
from weike.sandbox.keys import load_or_make_keys
from weike.tenancy.errors import LoginTaken, ShopNotFound, SlugTaken

SLUG = "chengxin"
_NAMES_TRIED = 50
_QUIET = timedelta(days=2)
_SEED = 20261111
_SHOWS: tuple[Show, ...] = (
    show_withdrawals,
    show_club,
    show_purse,
    show_bills,
    show_voices,
    show_handing_over,
    show_after_sales,
)
"""What the story does not tell, feature by feature."""


class DemoDisagrees(Exception):
    """Books or audit log of the freshly made shop are wrong; the message names the check."""


async def open_shop(
    house: House,
    *,
    now: datetime,
    progress: Progress,
    size: Size | None = None,
    seed: int = _SEED,
) -> Access:
    """Refuses with DemoDisagrees."""
    folder = house.settings.data
    known = read_access(folder)
    if known is not None and known.is_open and await _is_there(house, known.shop_id):
        return known
    size = size or Size()
    shelf = merchant.categories_of(categories(), size.goods)
    story = Story(
        size,
        people=people(),
        # The last good stays a draft, so nobody buys it.
        goods=[good for category in shelf for good in category.goods][:-1],
        seed=seed,
        now=now,
    )
    acts = story.acts()
    before = acts[0].at - timedelta(days=3)
    access, crew = await _sign_up(house, story, now=now, at=before)
    async with open_past(house, TenantId(access.shop_id)) as past:
        pictures = await hang_pictures(
            past,
            house.media_store,
            _names(shelf, story),
            now=before,
            progress=lambda share: progress("画图 Drawing the pictures", share),
        )
        credentials = _sandbox_credentials(folder / "sandbox", now=now)

        async def furnish(tx: Tx) -> tuple[list[Stocked], Till]:
            await merchant.set_up_shop(tx, crew, logo=pictures["logo"], now=before)
            config = await merchant.set_up_payment(tx, house, crew, credentials, now=before)
            stocked = await merchant.fill_shelves(tx, past, shelf, pictures, now=before)
            await merchant.count_stock(tx, crew, stocked, _sold(acts, stocked), now=before)
            return stocked, Till(house, past, config)

        stocked, till = await past.run(furnish, at=before)
        telling = Telling(
            house,
            past,
            crew=crew,
            till=till,
            people=story.people,
            stocked=stocked,
            faces=pictures,
            acts=acts,
        )
        await telling.tell(progress)
        await past.let_time_work(at=now)
        await past.deliver(at=now)
        scene = Scene(house=house, past=past, crew=crew, till=till, telling=telling, now=now)
        for show in _SHOWS:
            await show(scene)
        await past.deliver(at=now)
        await past.run(
            lambda tx: _today(tx, crew, telling.member_id(story.tester), acts, stocked, now=now),
            at=now,
        )
    progress("对账 Proving the books", 0.0)
    await house.database.run(past.tenant_id, lambda tx: _prove(tx, now=now))
    progress("对账 Proving the books", 1.0)
    opened = msgspec.structs.replace(access, is_open=True)
    write_access(folder, opened)
    return opened


async def _is_there(house: House, shop_id: UUID) -> bool:
    """The database may be another one than the marker was written for."""
    try:
        await house.database.run(TenantId(shop_id), tenancy.tenant_of)
    except ShopNotFound:
        return False
    return True


async def _sign_up(
    house: House, story: Story, *, now: datetime, at: datetime
) -> tuple[Access, Crew]:
    """Under the first short name that is free."""
    outside = house.settings.outside
    for number in range(1, _NAMES_TRIED):
        slug = SLUG if number == 1 else f"{SLUG}-{number}"
        access = Access(
            shop_id=uuid7(now),
            slug=slug,
            is_open=False,
            staff=tuple(
                StaffAccess(
                    role=role,
                    title=title,
                    name=name,
                    login=f"{slug}.{ending}",
                    password=new_password(),
                )
                for role, title, name, ending in merchant.STAFF
            ),
            buyer=_on_the_phone(story.people[story.tester]),
            promoter=_on_the_phone(story.people[0]),
            shop_url=f"{house.settings.web.public_url}/m/?shop={slug}",
            sms_url=f"{outside.sandbox_url}/sms" if outside.sandbox_url else None,
        )
        write_access(house.settings.data, access)
        try:
            crew = await merchant.sign_up(
                house, shop_id=access.shop_id, slug=slug, staff=access.staff, now=at
            )
        except (SlugTaken, LoginTaken):
            continue
        return access, crew
    raise DemoDisagrees(f"{SLUG}: no short name is free")


def _on_the_phone(person: Person) -> PhoneAccess:
    return PhoneAccess(nickname=person.nickname, phone=person.phone)


def _names(shelf: Sequence[Category], story: Story) -> list[str]:
    """Every picture that the shop shows, once."""
    names = ["logo", *merchant.BANNERS]
    for category in shelf:
        names += [f"icon-{category.code}", *(good.picture for good in category.goods)]
    names += sorted({person.avatar for person in story.people})
    return names


def _sandbox_credentials(folder: Path, *, now: datetime) -> Credentials:
    """Those of the sandbox that runs beside us, or that will."""
    return load_or_make_keys(folder, now=now).credentials


def _sold(acts: Sequence[Act], stocked: Sequence[Stocked]) -> Counter[UUID]:
    sold: Counter[UUID] = Counter()
    for act in acts:
        if isinstance(act, Order):
            for good, sku, pieces in act.lines:
                sold[stocked[good].sku_ids[sku]] += pieces
    return sold


async def _today(
    tx: Tx,
    crew: Crew,
    tester: UUID,
    acts: Sequence[Act],
    stocked: Sequence[Stocked],
    *,
    now: datetime,
) -> None:
    """What the merchant and the tester did this morning: counted shelves, a filled cart."""
    orders = [act for act in acts if isinstance(act, Order)]
    asked = {good for order in orders if order.at > now - _QUIET for good, _, _ in order.lines}
    popular = Counter(good for order in orders for good, _, _ in order.lines)
    quiet = sorted(set(range(len(stocked) - 1)) - asked, key=lambda good: popular[good])
    if len(quiet) >= merchant.QUIET_GOODS:
        await merchant.take_stock_today(tx, crew, [stocked[good] for good in quiet], now=now)
    for good, _ in popular.most_common(2):
        await trade.put_in_cart(
            tx, member_id=tester, sku_id=stocked[good].sku_ids[0], quantity=1, now=now
        )


async def _prove(tx: Tx, *, now: datetime) -> None:
    """Refuses with DemoDisagrees."""
    report = await ledger.reconcile(tx, LEDGER_CHECKS, now=now)
    wrong = [check for check in report.checks if not check.ok]
    if wrong:
        raise DemoDisagrees(
            "; ".join(f"{check.key}: {check.found}, not {check.expected}" for check in wrong)
        )
    verdict = await tenancy.verify_audit(tx)
    if not verdict.ok:
        raise DemoDisagrees(f"the audit log is broken at record {verdict.broken_at}")
