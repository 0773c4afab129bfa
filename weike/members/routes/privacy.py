"""Personal information over HTTP: what is held, what was agreed to, export and deletion."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta

from weike.kernel import PAGE_LIMIT, Database, Page, Record, Tx, decode_cursor, page_of
from weike.kernel.edge import MEMBER, Caller, limited, staff
from weike.kernel.personal import PersonalRecords
from weike.kernel.texts import Texts
from weike.kernel.words import Words
from weike.members.consent.consents import Purpose, set_consent, standings
from weike.members.errors import CodeWrong, MemberNotFound
from weike.members.ports import SMS
from weike.members.privacy import queries
from weike.members.privacy.delete_member import (
    COOLING_OFF,
    ask_deletion,
    told,
    withdraw_deletion,
)
from weike.members.privacy.export_data import ask_export, exported_file
from weike.members.profile import member_cards
from weike.members.sealing import PhoneSeal
from weike.members.sign_in_by_phone import send_code

_SHOWN = 20


class ConsentView(msgspec.Struct, frozen=True, kw_only=True):
    """`given` is null for what is only said: nobody is asked, because nothing works without it."""

    purpose: str
    version: int
    title: str
    text: str
    given: bool | None
    at: datetime | None


class HeldView(msgspec.Struct, frozen=True, kw_only=True):
    """So many rows of one kind. `is_kept`: the law has it kept, without a name, after a
    deletion."""

    key: str
    title: str
    number: int
    is_kept: bool


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """`due_at`: when an export expires, when a deletion is done."""

    id: UUID
    kind: str
    state: str
    reasons: list[str]
    requested_at: datetime
    due_at: datetime
    ended_at: datetime | None


class PrivacyView(msgspec.Struct, frozen=True, kw_only=True):
    consents: list[ConsentView]
    held: list[HeldView]
    requests: list[RequestView]


class DeletionView(msgspec.Struct, frozen=True, kw_only=True):
    """`obstacles` are sentences; while there are any, nothing can be deleted."""

    obstacles: list[str]
    needs_code: bool
    phone_tail: str | None
    cooling_off_days: int
    waiting: RequestView | None


class ConsentInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`version` is the number of the text that was read."""

    given: bool
    version: Annotated[int, Meta(ge=1, le=1_000_000)]


class ExportInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID


class DeletionInput(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    id: UUID
    code: Annotated[str, Meta(pattern="^[0-9]{6}$")] | None = None


class DeletionCodeSent(msgspec.Struct, kw_only=True):
    """Seconds until another code may be asked for."""

    retry_after: int


class ShopRequest(RequestView, frozen=True, kw_only=True):
    member_id: UUID
    nickname: str
    phone_tail: str | None


async def _shown(tx: Tx, records: PersonalRecords, member_id: UUID, words: Words) -> PrivacyView:
    consents = [
        ConsentView(
            purpose=one.purpose,
            version=one.version,
            title=words(f"members.consent.{one.purpose}.title"),
            text=words(f"members.consent.{one.purpose}.text"),
            given=one.given,
            at=one.at,
        )
        for one in await standings(tx, member_id)
    ]
    consents.append(
        ConsentView(
            purpose="couriers",
            version=1,
            title=words("members.consent.couriers.title"),
            text=words("members.consent.couriers.text"),
            given=None,
            at=None,
        )
    )
    kept = {
        f"{context.context}.held.{holding.key}": holding.is_kept
        for context in records.contexts
        for holding in context.holdings
    }
    return PrivacyView(
        consents=consents,
        held=[
            HeldView(key=key, title=words(key), number=number, is_kept=kept[key])
            for key, number in (await records.counts(tx, member_id)).items()
            if number
        ],
        requests=[
            _request(row, words) for row in await queries.of_member(tx, member_id, limit=_SHOWN)
        ],
    )


def _request(row: Record, words: Words) -> RequestView:
    return RequestView(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        reasons=[words(reason["code"], **reason["facts"]) for reason in row["reasons"]],
        requested_at=row["requested_at"],
        due_at=row["due_at"],
        ended_at=row["ended_at"],
    )


@get("/api/shop/privacy", opt=MEMBER, operation_id="my_privacy", tags=["shop"])
async def read_privacy(
    caller: Caller, database: Database, personal_records: PersonalRecords, words: Words
) -> PrivacyView:
    """What is held of the caller, what was agreed to, what was asked."""
    return await database.run(
        caller.tenant_id,
        lambda tx: _shown(tx, personal_records, caller.member_id, words),
    )


@put(
    "/api/shop/privacy/consents/{purpose:str}",
    opt=MEMBER,
    operation_id="set_my_consent",
    tags=["shop"],
)
async def put_consent(
    caller: Caller,
    database: Database,
    personal_records: PersonalRecords,
    words: Words,
    purpose: Purpose,
    data: ConsentInput,
    now: datetime,
) -> PrivacyView:
    """Given or taken back; both stay in the ledger."""

    async def work(tx: Tx) -> PrivacyView:
        await set_consent(
            tx,
            member_id=caller.member_id,
            purpose=purpose,
            given=data.given,
            version=data.version,
            source="privacy",
            now=now,
        )
        return await _shown(tx, personal_records, caller.member_id, words)

    return await database.run(caller.tenant_id, work)


@post(
    "/api/shop/privacy/exports",
    opt=limited(MEMBER, per_minute=10),
    operation_id="ask_my_export",
    tags=["shop"],
)
async def post_export(
    caller: Caller, database: Database, data: ExportInput, words: Words, now: datetime
) -> RequestView:
    """The worker makes the file within seconds; it can be fetched for seven days."""

    async def work(tx: Tx) -> RequestView:
        found = await ask_export(tx, request_id=data.id, member_id=caller.member_id, now=now)
        row = await queries.request(tx, found, member_id=caller.member_id)
        if row is None:
            raise AssertionError("a request that was just written is not there")
        return _request(row, words)

    return await database.run(caller.tenant_id, work)


@get(
    "/api/shop/privacy/exports/{request_id:uuid}/file",
    opt=MEMBER,
    operation_id="fetch_my_export",
    tags=["shop"],
    media_type="application/zip",
)
async def fetch_export(caller: Caller, database: Database, request_id: UUID) -> Response[bytes]:
    """The file, for its owner alone."""
    member_id = caller.member_id
    content = await database.run(
        caller.tenant_id,
        lambda tx: exported_file(tx, request_id=request_id, member_id=member_id),
    )
    return Response(
        content,
        media_type="application/zip",
        headers={
            "content-disposition": 'attachment; filename="my-data.zip"',
            "cache-control": "private, no-store",
        },
    )


@get("/api/shop/privacy/deletion", opt=MEMBER, operation_id="my_deletion", tags=["shop"])
async def read_deletion(
    caller: Caller, database: Database, personal_records: PersonalRecords, words: Words
) -> DeletionView:
    """What stands in the way, and what is under way."""

    async def work(tx: Tx) -> DeletionView:
        member_id = caller.member_id
        phone = await queries.own_phone(tx, member_id)
        if phone is None:
            raise MemberNotFound()
        waiting = await queries.waiting(tx, member_id, kind="deletion")
        obstacles = [told(one) for one in await personal_records.obstacles(tx, member_id)]
        return DeletionView(
            obstacles=[words(str(one["code"]), **_facts(one)) for one in obstacles],
            needs_code=phone["phone_cipher"] is not None,
            phone_tail=phone["phone_tail"],
            cooling_off_days=COOLING_OFF.days,
            waiting=_request(waiting, words) if waiting else None,
        )

    return await database.run(caller.tenant_id, work)


def _facts(obstacle: dict[str, object]) -> dict[str, object]:
    return msgspec.convert(obstacle["facts"], dict[str, object])


@post(
    "/api/shop/privacy/deletion/code",
    opt=limited(MEMBER, per_minute=10),
    operation_id="send_deletion_code",
    tags=["shop"],
    status_code=200,
)
async def send_deletion_code(
    caller: Caller,
    database: Database,
    phone_seal: PhoneSeal,
    sms: SMS,
    texts: Texts,
    language: str,
    client_address: str,
    now: datetime,
) -> DeletionCodeSent:
    """To the member's own number, whatever it is."""
    member_id = caller.member_id
    phone = await database.run(caller.tenant_id, lambda tx: queries.own_phone(tx, member_id))
    if phone is None or phone["phone_cipher"] is None:
        raise MemberNotFound()
    retry_after = await send_code(
        database,
        phone_seal,
        sms,
        texts,
        tenant_id=caller.tenant_id,
        phone=phone_seal.reveal(caller.tenant_id, phone["phone_cipher"]),
        ip=client_address,
        language=language,
        purpose="deletion",
        now=now,
    )
    return DeletionCodeSent(retry_after=retry_after)


@post(
    "/api/shop/privacy/deletion",
    opt=limited(MEMBER, per_minute=20),
    operation_id="ask_my_deletion",
    tags=["shop"],
    status_code=200,
)
async def post_deletion(
    caller: Caller,
    database: Database,
    personal_records: PersonalRecords,
    phone_seal: PhoneSeal,
    data: DeletionInput,
    now: datetime,
) -> None:
    """Seven days to think, then everything that says who it was is gone."""
    member_id = caller.member_id

    async def work(tx: Tx) -> CodeWrong | None:
        return await ask_deletion(
            tx,
            personal_records,
            phone_seal,
            request_id=data.id,
            member_id=member_id,
            code=data.code,
            now=now,
        )

    if wrong := await database.run(caller.tenant_id, work):
        raise wrong


@delete("/api/shop/privacy/deletion", opt=MEMBER, operation_id="withdraw_deletion", tags=["shop"])
async def take_back_deletion(caller: Caller, database: Database, now: datetime) -> None:
    member_id = caller.member_id
    await database.run(
        caller.tenant_id, lambda tx: withdraw_deletion(tx, member_id=member_id, now=now)
    )


@get(
    "/api/console/privacy/requests",
    opt=staff("privacy.read"),
    operation_id="list_privacy_requests",
    tags=["console"],
)
async def list_requests(
    caller: Caller,
    database: Database,
    words: Words,
    kind: Literal["export", "deletion"] | None = None,
    in_state: Annotated[
        Literal["waiting", "ready", "expired", "done", "withdrawn", "refused"] | None,
        QueryParameter(name="state"),
    ] = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[ShopRequest]:
    """Newest first: that the law's terms are kept can be seen, the files cannot."""
    after = decode_cursor(cursor, tuple[datetime, UUID])

    async def work(tx: Tx) -> Page[ShopRequest]:
        rows = await queries.of_shop(tx, kind=kind, state=in_state, after=after, limit=limit + 1)
        cards = await member_cards(tx, [row["member_id"] for row in rows])

        def item(row: Record) -> ShopRequest:
            card = cards.get(row["member_id"])
            return ShopRequest(
                **msgspec.structs.asdict(_request(row, words)),
                member_id=row["member_id"],
                nickname=card.nickname if card else "",
                phone_tail=card.phone_tail if card else None,
            )

        return page_of(
            rows, limit=limit, item=item, key=lambda row: (row["requested_at"], row["id"])
        )

    return await database.run(caller.tenant_id, work)


PRIVACY_ROUTES: tuple[HTTPRouteHandler, ...] = (
    read_privacy,
    put_consent,
    post_export,
    fetch_export,
    read_deletion,
    send_deletion_code,
    post_deletion,
    take_back_deletion,
    list_requests,
)
