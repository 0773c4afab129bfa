"""A member's data as a file: JSON for machines, a page for people, made by the worker."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from uuid import UUID

import msgspec

from weike.kernel import Tx, is_chosen
from weike.kernel.errors import IdTakenByOther, Invalid
from weike.kernel.personal import PersonalRecords
from weike.kernel.texts import Texts
from weike.members.privacy import queries
from weike.members.privacy.errors import ExportNotReady, UnknownRequest
from weike.tenancy import Limit, tenant_of, use_limits

log = logging.getLogger("weike.privacy")

KEPT_FOR = timedelta(days=7)
_A_DAY = 3
_TRY_AGAIN = timedelta(minutes=10)


async def ask_export(tx: Tx, *, request_id: UUID, member_id: UUID, now: datetime) -> UUID:
    """The request that is waiting, this one or an earlier one. Refuses with TooMany, or
    IdTakenByOther."""
    if not is_chosen(request_id):
        raise Invalid(field="id")
    if earlier := await queries.request(tx, request_id, member_id=member_id):
        if earlier["kind"] != "export":
            raise IdTakenByOther(field="id")
        return request_id
    if waiting := await queries.waiting(tx, member_id, kind="export"):
        found: UUID = waiting["id"]
        return found
    await use_limits(tx, [Limit("data export", member_id.hex, _A_DAY, timedelta(days=1))], now=now)
    await queries.insert_request(
        tx, request_id=request_id, member_id=member_id, kind="export", due_at=now, now=now
    )
    return request_id


async def exported_file(tx: Tx, *, request_id: UUID, member_id: UUID) -> bytes:
    """Refuses with UnknownRequest, ExportNotReady."""
    request = await queries.request(tx, request_id, member_id=member_id)
    if request is None or request["kind"] != "export":
        raise UnknownRequest()
    content = await queries.file(tx, request_id) if request["state"] == "ready" else None
    if content is None:
        raise ExportNotReady()
    return content


async def make_export(tx: Tx, records: PersonalRecords, texts: Texts, *, now: datetime) -> int:
    """The next one that waits. One that fails is tried again later and does not stop others."""
    for request in await queries.lock_due(tx, kind="export", state="waiting", now=now, limit=1):
        try:
            async with tx.savepoint():
                told = await records.export(tx, request["member_id"])
                content = archive(told, texts, shop=(await tenant_of(tx)).name, now=now)
                await queries.keep_file(tx, request["id"], content, now=now)
        except Exception as error:
            log.error("export failed", extra={"request_id": request["id"]}, exc_info=error)
            await queries.move(
                tx, request["id"], was="waiting", state="waiting", due_at=now + _TRY_AGAIN
            )
            return 1
        await queries.move(
            tx, request["id"], was="waiting", state="ready", due_at=now + KEPT_FOR, ended_at=now
        )
        return 1
    return 0


async def expire_exports(tx: Tx, now: datetime) -> int:
    """The files are gone a week after they were made."""
    due = await queries.lock_due(tx, kind="export", state="ready", now=now, limit=100)
    await queries.delete_files(tx, [row["id"] for row in due])
    for row in due:
        await queries.move(tx, row["id"], was="ready", state="expired", ended_at=row["ended_at"])
    return len(due)


def archive(
    told: Mapping[str, Mapping[str, object]], texts: Texts, *, shop: str, now: datetime
) -> bytes:
    """`data/<context>.json` and `index.html`; the page says everything in both languages."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as pack:
        for context, holdings in told.items():
            encoded = msgspec.json.format(msgspec.json.encode(holdings), indent=2)
            pack.writestr(f"data/{context}.json", encoded)
        pack.writestr("index.html", "".join(_page(told, texts, shop=shop, now=now)))
    return made.getvalue()


_HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>
body {{ font: 15px/1.6 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
  color: #222 }}
h2 {{ margin: 2.2rem 0 .4rem; font-size: 1.15rem }} small {{ color: #777; font-weight: normal }}
div {{ overflow-x: auto }} table {{ border-collapse: collapse; font-size: 13px }}
th, td {{ border: 1px solid #ddd; padding: .3rem .6rem; text-align: left; vertical-align: top }}
th {{ background: #f6f3f0; white-space: nowrap }}
</style><h1>{title}</h1><p>{shop} · {at}</p>
"""


def _page(
    told: Mapping[str, Mapping[str, object]], texts: Texts, *, shop: str, now: datetime
) -> Iterator[str]:
    title = _both(texts, "members.export.title")
    at = now.isoformat(timespec="seconds")
    yield _HEAD.format(title=escape(title), shop=escape(shop), at=escape(at))
    for context, holdings in told.items():
        for key, rows in holdings.items():
            listed = rows if isinstance(rows, list) else [rows]
            name = escape(_both(texts, f"{context}.held.{key}"))
            yield f"<h2>{name} <small>{len(listed)}</small></h2>"
            if listed:
                yield from _table(listed, texts)
    yield "</html>"


def _table(rows: Sequence[object], texts: Texts) -> Iterator[str]:
    facts = [row if isinstance(row, dict) else {"value": row} for row in rows]
    columns = list(dict.fromkeys(column for row in facts for column in row))
    heads = "".join(f"<th>{escape(_heading(column, texts))}</th>" for column in columns)
    yield f"<div><table><tr>{heads}</tr>"
    for row in facts:
        cells = "".join(f"<td>{escape(_cell(column, row.get(column)))}</td>" for column in columns)
        yield f"<tr>{cells}</tr>"
    yield "</table></div>"


def _heading(column: str, texts: Texts) -> str:
    key = f"members.told.{column}"
    return _both(texts, key) if texts.has(key) else column.replace("_", " ")


def _both(texts: Texts, key: str) -> str:
    return f"{texts.say(key, 'zh')} {texts.say(key, 'en')}"


def _cell(column: str, value: object) -> str:
    if value is None:
        return ""
    if column.endswith("_minor") and isinstance(value, int):
        return f"{Decimal(value).scaleb(-2):.2f}"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode()
    return str(value)
