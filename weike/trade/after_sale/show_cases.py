"""Cases as people read them: where it stands, until when, what was said, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from weike import catalog
from weike.kernel import Page, Record, Tx, page_of
from weike.kernel.words import Words
from weike.trade.after_sale import reading_queries as queries
from weike.trade.after_sale.errors import UnknownAfterSale
from weike.trade.after_sale.model import OPEN, CaseState, ReturnAddress
from weike.trade.order.show_orders import courier_name


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    url: str
    thumb_url: str


class CaseLineView(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` is what the case is about; 0 in a price difference."""

    position: int
    product_id: UUID
    sku_id: UUID
    title: str
    spec_text: str
    image_url: str | None
    unit_price_minor: int
    quantity: int
    ordered_quantity: int
    unshipped_quantity: int
    resaleable_quantity: int | None


class ParcelOfCase(msgspec.Struct, frozen=True, kw_only=True):
    courier: str
    courier_name: str
    tracking_no: str


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    kind: str
    text: str
    actor_kind: str
    actor_name: str
    """Of staff, and only to staff."""
    said: str
    pictures: list[PictureView]


class CaseCard(msgspec.Struct, frozen=True, kw_only=True):
    """`deadline_at` is when time decides, or when the right to appeal ends."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    kind: str
    kind_text: str
    state: str
    state_text: str
    is_open: bool
    amount_minor: int
    deadline_at: datetime | None
    opened_at: datetime
    lines: list[CaseLineView]
    actions: list[str]


class CaseDetail(CaseCard, frozen=True, kw_only=True):
    reason_code: str
    reason_text: str
    hint: str
    remark: str
    currency: str
    asked_minor: int
    most_minor: int
    closed_at: datetime | None
    return_to: ReturnAddress | None
    return_parcel: ParcelOfCase | None
    replacement_sku_id: UUID | None
    replacement_parcel: ParcelOfCase | None
    events: list[CaseEvent]
    server_time: datetime


def buyer_actions(row: Record, *, now: datetime) -> list[str]:
    """What the buyer may do next, the main thing first."""
    state = CaseState(row["state"])
    match state:
        case CaseState.ASKED | CaseState.APPEALED:
            return ["message", "withdraw"]
        case CaseState.AGREED:
            return ["send_back", "message", "withdraw"]
        case CaseState.SENT_BACK | CaseState.REFUNDING:
            return ["message"]
        case CaseState.REPLACED:
            return ["confirm", "message"]
        case CaseState.RECEIVED:
            late = row["deadline_at"] is not None and row["deadline_at"] <= now
            waits = row["kind"] == "exchange" and row["stopped_at"] is None
            return ["appeal", "message"] if late and waits else ["message"]
        case CaseState.DECLINED | CaseState.REFUSED_ON_RECEIPT:
            return ["appeal", "message"] if row["deadline_at"] > now else []
        case _:
            return []


def staff_actions(row: Record) -> list[str]:
    match CaseState(row["state"]):
        case CaseState.ASKED:
            return ["agree", "decline", "message"]
        case CaseState.SENT_BACK:
            return ["accept", "refuse", "message"]
        case CaseState.RECEIVED:
            waits = row["kind"] == "exchange" and row["stopped_at"] is None
            return ["replace" if waits else "refund", "message"]
        case CaseState.APPEALED:
            return ["decide", "message"]
        case CaseState.AGREED | CaseState.REPLACED | CaseState.REFUNDING:
            return ["message"]
        case CaseState.DECLINED | CaseState.REFUSED_ON_RECEIPT:
            return ["message"]
        case _:
            return []


async def my_cases(
    tx: Tx,
    *,
    member_id: UUID,
    which: queries.BuyerList,
    order_id: UUID | None,
    after: queries.AfterKey | None,
    limit: int,
    words: Words,
    now: datetime,
) -> Page[CaseCard]:
    """Newest first."""
    rows = await queries.cases_of_member(
        tx, member_id, which=which, order_id=order_id, after=after, limit=limit + 1
    )
    lines = await queries.lines_of_cases(tx, [row["id"] for row in rows[:limit]])
    return page_of(
        rows,
        limit=limit,
        item=lambda row: CaseCard(
            **plain_of(row, lines[row["id"]], words), actions=buyer_actions(row, now=now)
        ),
        key=lambda row: (row["opened_at"], row["id"]),
    )


async def my_case(
    tx: Tx, *, case_id: UUID, member_id: UUID, words: Words, now: datetime
) -> CaseDetail:
    """Refuses with UnknownAfterSale, also for somebody else's."""
    row = await queries.case_by_id(tx, case_id, member_id=member_id)
    if row is None:
        raise UnknownAfterSale()
    return CaseDetail(
        **await detail_of(tx, row, words, names={}, now=now), actions=buyer_actions(row, now=now)
    )


def plain_of(row: Record, lines: Sequence[Record], words: Words) -> dict[str, Any]:
    """What lists show of a case, to whomever."""
    return {
        **{name: row[name] for name in _PLAIN},
        "kind_text": words(f"trade.after_sale.kind.{row['kind']}"),
        "state_text": words(f"trade.after_sale.state.{row['state']}"),
        "is_open": CaseState(row["state"]) in OPEN,
        "lines": [_line(line, words) for line in lines],
    }


async def detail_of(
    tx: Tx, row: Record, words: Words, *, names: Mapping[UUID, str], now: datetime
) -> dict[str, Any]:
    """All of a case; `names` are those of staff the reader may know."""
    lines = await queries.lines_of_cases(tx, [row["id"]])
    events = await queries.events_of_case(tx, row["id"])
    pictures = await _pictures(tx, events)
    return {
        **plain_of(row, lines[row["id"]], words),
        **{name: row[name] for name in _MORE},
        "reason_text": words(f"trade.after_sale.reason.{row['reason_code']}"),
        "hint": _hint(row, words),
        "return_to": msgspec.convert(row["return_to"], ReturnAddress) if row["return_to"] else None,
        "return_parcel": _parcel(row["return_courier"], row["return_tracking_no"], words),
        "replacement_parcel": _parcel(
            row["replacement_courier"], row["replacement_tracking_no"], words
        ),
        "events": [_event(one, pictures, names, words) for one in events],
        "server_time": now,
    }


async def _pictures(tx: Tx, events: Sequence[Record]) -> dict[UUID, PictureView]:
    wanted = [media_id for event in events for media_id in event["media_ids"]]
    return {
        media_id: PictureView(
            id=media_id,
            url=catalog.picture_url(tx.tenant_id, picture.name, "l"),
            thumb_url=catalog.picture_url(tx.tenant_id, picture.name, "s"),
        )
        for media_id, picture in (await catalog.pictures_by_id(tx, wanted)).items()
    }


def _event(
    row: Record,
    pictures: Mapping[UUID, PictureView],
    names: Mapping[UUID, str],
    words: Words,
) -> CaseEvent:
    facts: dict[str, Any] = dict(row["facts"])
    if courier := facts.get("courier"):
        facts["courier"] = courier_name(courier, words)
    return CaseEvent(
        at=row["at"],
        kind=row["kind"],
        text=words(f"trade.after_sale.event.{row['kind']}", **facts),
        actor_kind=row["actor_kind"],
        actor_name=names.get(row["actor_id"], ""),
        said=row["reason"],
        pictures=[pictures[one] for one in row["media_ids"] if one in pictures],
    )


def _hint(row: Record, words: Words) -> str:
    key = f"trade.after_sale.hint.{row['state']}"
    if row["state"] == "received":
        waits = row["kind"] == "exchange" and row["stopped_at"] is None
        key += ".exchange" if waits else ".return"
    return words(key)


def _parcel(courier: str | None, tracking_no: str | None, words: Words) -> ParcelOfCase | None:
    if not courier or not tracking_no:
        return None
    return ParcelOfCase(
        courier=courier, courier_name=courier_name(courier, words), tracking_no=tracking_no
    )


def _line(row: Record, words: Words) -> CaseLineView:
    line = CaseLineView(**{name: row[name] for name in CaseLineView.__struct_fields__})
    return msgspec.structs.replace(
        line,
        title=words.of(row["title"], row["title_en"]),
        spec_text=words.of(row["spec_text"], row["spec_text_en"]),
    )


_PLAIN = (
    *("id", "number", "order_id", "order_number", "kind", "state", "amount_minor"),
    *("deadline_at", "opened_at"),
)
_MORE = (
    *("reason_code", "remark", "currency", "asked_minor", "most_minor", "closed_at"),
    "replacement_sku_id",
)
