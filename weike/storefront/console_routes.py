"""Goods in the merchant's console, files in and out, and the banners of the home page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, QueryParameter
from litestar.response import Stream

from weike import catalog
from weike.catalog import ProductOrder, ProductState, RowFailure
from weike.kernel import Database, Page, Texts, Tx
from weike.kernel.edge import Caller, staff
from weike.kernel.edge.sheet_uploads import FILE_LIMIT_BYTES
from weike.kernel.edge.sheets import MEDIA_TYPES, FileForm, download_headers
from weike.kernel.words import Words
from weike.storefront import keep_products as keeping
from weike.storefront.banners import BANNER_LIMIT, BannerDraft, banners, set_banners
from weike.storefront.import_products import (
    export_products,
    import_products,
    template,
)
from weike.storefront.keep_products import (
    KeptCounts,
    KeptProduct,
    KeptRow,
    ListState,
    PutProduct,
)
from weike.storefront.routes import Limit, Question

READ = staff("products.read")
WRITE = staff("products.write")
_BODY_LIMIT = FILE_LIMIT_BYTES + 64 * 1024


@get("/api/console/products", opt=READ, operation_id="console_products")
async def list_products(
    caller: Caller,
    database: Database,
    words: Words,
    in_state: Annotated[ListState, QueryParameter(name="state")] = "all",
    q: Question = None,
    category_id: UUID | None = None,
    sort: ProductOrder = ProductOrder.DEFAULT,
    cursor: str | None = None,
    limit: Limit = 20,
) -> Page[KeptRow]:
    """The default order is by last change."""
    return await database.run(
        caller.tenant_id,
        lambda tx: keeping.kept_list(
            tx,
            state=in_state,
            text=q,
            category_id=category_id,
            order=sort,
            cursor=cursor,
            limit=limit,
            words=words,
        ),
    )


@get("/api/console/products/counts", opt=READ, operation_id="console_product_counts")
async def count_products(caller: Caller, database: Database) -> KeptCounts:
    return await database.run(caller.tenant_id, keeping.kept_counts)


@get("/api/console/products/{product_id:uuid}", opt=READ, operation_id="console_product")
async def one_product(caller: Caller, database: Database, product_id: UUID) -> KeptProduct:
    return await database.run(
        caller.tenant_id, lambda tx: keeping.kept_product(tx, product_id=product_id)
    )


@put("/api/console/products/{product_id:uuid}", opt=WRITE, operation_id="put_product")
async def save_product(
    caller: Caller, database: Database, now: datetime, product_id: UUID, data: PutProduct
) -> KeptProduct:
    return await database.run(
        caller.tenant_id,
        lambda tx: keeping.keep_product(
            tx, product_id=product_id, asked=data, caller=caller, now=now
        ),
    )


@delete("/api/console/products/{product_id:uuid}", opt=WRITE, operation_id="archive_product")
async def remove_product(
    caller: Caller, database: Database, now: datetime, product_id: UUID
) -> None:
    await database.run(
        caller.tenant_id,
        lambda tx: keeping.archive(tx, product_id=product_id, caller=caller, now=now),
    )


class ChangeStates(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    ids: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=500)]
    state: ProductState


class Changed(msgspec.Struct, frozen=True):
    changed: int


@post("/api/console/products/state", opt=WRITE, operation_id="set_product_states", status_code=200)
async def change_states(
    caller: Caller, database: Database, now: datetime, data: ChangeStates
) -> Changed:
    return Changed(
        await database.run(
            caller.tenant_id,
            lambda tx: keeping.change_states(
                tx, ids=data.ids, state=data.state, caller=caller, now=now
            ),
        )
    )


class FailedRow(msgspec.Struct, frozen=True, kw_only=True):
    """`row` as the merchant's program counts; `field` is the heading of the column."""

    row: int
    field: str
    code: str
    message: str


class ImportAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`created` and `updated` count products; unchanged ones are in neither."""

    rows: int
    created: int
    updated: int
    failed: list[FailedRow]


@post(
    "/api/console/products/import",
    opt=WRITE,
    operation_id="import_products",
    request_max_body_size=_BODY_LIMIT,
    status_code=200,
)
async def take_file(
    caller: Caller,
    database: Database,
    now: datetime,
    texts: Texts,
    language: str,
    data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)],
    dry_run: bool = False,
) -> ImportAnswer:
    """CSV or XLSX, told apart by content. A dry run says what would happen."""
    report = await import_products(
        database,
        caller.tenant_id,
        upload=await data.read(FILE_LIMIT_BYTES + 1),
        dry_run=dry_run,
        actor=caller,
        now=now,
    )
    return ImportAnswer(
        rows=report.rows,
        created=report.created,
        updated=report.updated,
        failed=[failed_row(failure, texts, language) for failure in report.failures],
    )


def failed_row(failure: RowFailure, texts: Texts, language: str) -> FailedRow:
    facts = dict(failure.refusal.facts)
    if "column" in facts:
        facts["column"] = catalog.column_heading(str(facts["column"]), language)
    return FailedRow(
        row=failure.row,
        field=catalog.column_heading(failure.field, language),
        code=failure.refusal.code,
        message=texts.say(failure.refusal.code, language, facts),
    )


@get("/api/console/products/export", opt=READ, operation_id="export_products")
async def give_file(
    caller: Caller,
    database: Database,
    now: datetime,
    language: str,
    form: Annotated[FileForm, QueryParameter(name="format")] = "csv",
) -> Stream:
    """Costs are in it, as in the product itself."""
    content = export_products(database, caller.tenant_id, form=form, language=language)
    headers = download_headers(f"products-{now:%Y%m%d}.{form}")
    return Stream(content, media_type=MEDIA_TYPES[form], headers=headers)


@get("/api/console/products/import-template", opt=READ, operation_id="import_template")
async def give_template(
    language: str, form: Annotated[FileForm, QueryParameter(name="format")] = "xlsx"
) -> Response[bytes]:
    return Response(
        template(form=form, language=language),
        media_type=MEDIA_TYPES[form],
        headers=download_headers(f"products-template.{form}"),
    )


class Banners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: Annotated[list[BannerDraft], msgspec.Meta(max_length=BANNER_LIMIT)]


class KeptBanner(msgspec.Struct, frozen=True):
    media_id: UUID
    link: str
    image_url: str


class KeptBanners(msgspec.Struct, frozen=True):
    items: list[KeptBanner]


@get("/api/console/banners", opt=READ, operation_id="console_banners")
async def list_banners(caller: Caller, database: Database) -> KeptBanners:
    return await database.run(caller.tenant_id, _banners)


@put("/api/console/banners", opt=WRITE, operation_id="put_banners")
async def save_banners(caller: Caller, database: Database, data: Banners) -> KeptBanners:
    async def work(tx: Tx) -> KeptBanners:
        await set_banners(tx, data.items)
        return await _banners(tx)

    return await database.run(caller.tenant_id, work)


async def _banners(tx: Tx) -> KeptBanners:
    return KeptBanners(
        [
            KeptBanner(
                banner.media_id, banner.link, catalog.picture_url(tx.tenant_id, banner.picture, "l")
            )
            for banner in await banners(tx)
        ]
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_products,
    count_products,
    one_product,
    save_product,
    remove_product,
    change_states,
    take_file,
    give_file,
    give_template,
    list_banners,
    save_banners,
)
