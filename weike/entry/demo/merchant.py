"""The merchant of the demo: signs up, hires, sets up payment, fills the shelves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import UUID

import msgspec

from weike import catalog, distribution, inventory, members, payment, storefront, tenancy
from weike.entry.demo import freight
from weike.entry.demo.access import StaffAccess
from weike.entry.demo.catalogue import Category, Good, in_english
from weike.entry.demo.club import set_club
from weike.entry.demo.past import Past
from weike.entry.wiring import House
from weike.kernel import TenantId, Tx, derived_id
from weike.kernel.edge import Caller, CallerKind
from weike.payment.model import Config
from weike.sandbox import Credentials

SHOP_NAME = "橙心小店"
STAFF = (
    ("owner", "店主", "程心（演示）", "boss"),
    ("customer_service", "客服发货", "小禾（演示）", "service"),
    ("finance", "财务", "阿算（演示）", "finance"),
    ("merchandiser", "商品管理", "木子（演示）", "goods"),
)
"""Role, its title, who has it, and how the login ends. The first one signs the shop up."""

BANNERS = {"banner-harvest": "fruit", "banner-tea": "tea", "banner-home": "home"}
"""Which category each of them leads to."""

_SETTINGS: dict[str, object] = {
    "intro": "产地好物，街坊一起挑。演示店铺：商品、人物与订单均为虚构，付款不会扣钱。",
    "contact_phone": "400-000-0000",
    "licence_name": "橙心小店（演示主体，非真实企业）",
    "licence_no": "DEMO-000000000000000",
    # A whole day, so that whoever tries the demo finds orders that wait for money.
    "order_expire_minutes": 1440,
}
_RATE_BP = 1200
QUIET_GOODS = 4
"""How many goods `take_stock_today` changes."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """A good as it stands in the shop; SKU ids in the order of the good's own."""

    good: Good
    product_id: UUID
    sku_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """Who of the staff does what."""

    owner: Caller
    shipper: Caller
    finance: Caller


async def sign_up(
    house: House, *, shop_id: UUID, slug: str, staff: Sequence[StaffAccess], now: datetime
) -> Crew:
    """Refuses with SlugTaken or LoginTaken."""
    first, *others = staff
    signed_up = await tenancy.sign_up(
        house.database,
        house.passwords,
        tenancy.SignUp(
            shop_id=shop_id,
            shop_name=SHOP_NAME,
            slug=slug,
            owner_name=first.name,
            login=first.login,
            password=first.password,
        ),
        ip="127.0.0.1",
        agent="weike demo",
        now=now,
    )
    owner = _caller(signed_up.tenant_id, signed_up.staff_id, first.role)
    callers = {first.role: owner}
    for person in others:
        added = await tenancy.add_staff(
            house.database,
            house.passwords,
            caller=owner,
            staff_id=derived_id(shop_id, f"demo staff {person.role}"),
            name=person.name,
            login=person.login,
            password=person.password,
            roles=[person.role],
            now=now,
        )
        callers[person.role] = _caller(signed_up.tenant_id, added.id, person.role)
    return Crew(owner=owner, shipper=callers["customer_service"], finance=callers["finance"])


def _caller(tenant_id: TenantId, staff_id: UUID, role: str) -> Caller:
    permissions = frozenset(tenancy.PRESET_ROLES[role])
    return Caller(CallerKind.STAFF, tenant_id, id=staff_id, permissions=permissions)


async def set_up_shop(tx: Tx, crew: Crew, *, logo: catalog.Picture, now: datetime) -> None:
    """Its name, promises and licence, which say that it is a demonstration; commission rules."""
    await tenancy.change_shop(
        tx,
        caller=crew.owner,
        name=SHOP_NAME,
        logo_media_id=logo.id,
        changes=dict(_SETTINGS),
        now=now,
    )
    await freight.set_freight(tx, crew.owner, now=now)
    await set_club(tx, crew.owner, now=now)
    default = distribution.DEFAULT_PROGRAMME
    programme = distribution.Programme(
        version=0,
        rate_bp=_RATE_BP,
        cap_bp=default.cap_bp,
        hold_days=default.hold_days,
        click_window_days=default.click_window_days,
    )
    await distribution.set_programme(tx, programme, by=crew.owner, now=now)


async def set_up_payment(
    tx: Tx, house: House, crew: Crew, credentials: Credentials, *, now: datetime
) -> Config:
    """The sandbox's merchant: whoever buys in the demo pays through the real client."""
    if not isinstance(house.gateways, payment.ProviderGateways):
        raise TypeError("the demo pays through the real client")
    merchant = credentials.merchants[0]
    mini, official = credentials.mini_program, credentials.official_account
    config = await payment.set_up_wechat(
        tx,
        house.gateways,
        payment.WeChatSetUp(
            mch_id=merchant.mch_id,
            app_id_mini=mini.app_id,
            app_id_official=official.app_id,
            mch_serial=merchant.mch_serial,
            private_key_pem=merchant.private_key_pem,
            api_v3_key=merchant.api_v3_key,
            verifier_pems=dict(merchant.verifier_pems),
            state="active",
        ),
        now=now,
    )
    box = house.members.wechat_sign_in.secrets
    await members.put_wechat_app(
        tx, box, actor=crew.owner, kind="mini", app_id=mini.app_id, secret=mini.secret, now=now
    )
    await members.put_wechat_app(
        tx,
        box,
        actor=crew.owner,
        kind="official",
        app_id=official.app_id,
        secret=official.secret,
        now=now,
    )
    return config


async def fill_shelves(
    tx: Tx,
    past: Past,
    categories: Sequence[Category],
    pictures: Mapping[str, catalog.Picture],
    *,
    now: datetime,
) -> list[Stocked]:
    """Categories, goods and banners. The last good stays a draft."""
    stocked: list[Stocked] = []
    links: dict[str, str] = {}
    last = categories[-1].goods[-1]
    for place, category in enumerate(categories):
        category_id = past.ids.at(now)
        links[category.code] = f"/categories/{category_id}"
        await catalog.put_category(
            tx,
            category_id=category_id,
            draft=catalog.CategoryDraft(
                name=category.name,
                name_en=category.name_en,
                icon_media_id=pictures[f"icon-{category.code}"].id,
                position=place,
            ),
            now=now,
        )
        for good in category.goods:
            state = catalog.ProductState.ON_SALE
            if good is last:
                state = catalog.ProductState.DRAFT
            product = Stocked(good, past.ids.at(now), tuple(past.ids.at(now) for _ in good.skus))
            draft = msgspec.structs.replace(
                _draft(product, category_id, pictures[good.picture].id, state),
                freight_template_id=freight.template_of_category(tx.tenant_id, category.code),
            )
            await catalog.create_product(tx, product_id=product.product_id, draft=draft, now=now)
            stocked.append(product)
    shown = [
        storefront.BannerDraft(pictures[name].id, links[code])
        for name, code in BANNERS.items()
        if code in links
    ]
    await storefront.set_banners(tx, shown)
    return stocked


def _draft(
    product: Stocked, category_id: UUID, media_id: UUID, state: catalog.ProductState
) -> catalog.ProductDraft:
    good = product.good
    return catalog.ProductDraft(
        title=good.title,
        title_en=good.title_en,
        subtitle=good.selling_point,
        description="".join(f"<p>{escape(line)}</p>" for line in good.description),
        category_id=category_id,
        state=state,
        specs=tuple(in_english(spec) for spec in good.specs),
        media_ids=(media_id,),
        tags=good.tags,
        commission_rate_bp=good.commission_percent * 100,
        skus=tuple(
            catalog.SkuDraft(
                id=sku_id,
                code=good.sku_code(sku),
                spec_values=sku.values,
                price_minor=sku.price_minor,
                market_price_minor=sku.market_minor,
                cost_minor=sku.cost_minor,
                weight_g=sku.weight_grams,
            )
            for sku_id, sku in zip(product.sku_ids, good.skus, strict=True)
        ),
    )


async def count_stock(
    tx: Tx, crew: Crew, stocked: Sequence[Stocked], sold: Mapping[UUID, int], *, now: datetime
) -> None:
    """Enough for all that will be sold, and then as much as the catalogue says."""
    on_hand = {
        sku_id: sku.stock + sold.get(sku_id, 0)
        for product in stocked
        for sku_id, sku in zip(product.sku_ids, product.good.skus, strict=True)
    }
    await inventory.set_on_hand(
        tx, on_hand, reason="imported", actor_kind="staff", actor_id=crew.owner.id, now=now
    )


async def take_stock_today(tx: Tx, crew: Crew, quiet: Sequence[Stocked], *, now: datetime) -> None:
    """Of goods that nobody is waiting for: one is sold out, one nearly, two are taken off sale."""
    sold_out, scarce, *out_of_season = quiet[:QUIET_GOODS]
    counted = {**dict.fromkeys(sold_out.sku_ids, 0), **dict.fromkeys(scarce.sku_ids, 2)}
    await inventory.set_on_hand(tx, counted, actor_kind="staff", actor_id=crew.shipper.id, now=now)
    ids = [product.product_id for product in out_of_season]
    changed = await catalog.set_state(
        tx, product_ids=ids, state=catalog.ProductState.OFF_SALE, now=now
    )
    await tenancy.record_audit(
        tx,
        actor=crew.owner,
        action="products.state_changed",
        subject_type="products",
        subject_id="several",
        detail={"state": "off_sale", "changed": changed},
        now=now,
    )


def categories_of(all_categories: Sequence[Category], goods: int) -> list[Category]:
    """The first goods of every category, so many in all; the rest of the shelf stays away."""
    taken: dict[str, int] = {category.code: 0 for category in all_categories}
    left = goods
    while left:
        before = left
        for category in all_categories:
            if left and taken[category.code] < len(category.goods):
                taken[category.code] += 1
                left -= 1
        if left == before:
            break
    return [
        msgspec.structs.replace(category, goods=category.goods[: taken[category.code]])
        for category in all_categories
        if taken[category.code]
    ]
