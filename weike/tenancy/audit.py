"""The audit log: who did what, in a chain in which every record holds the hash of the one before.

The application's role can only append. A record that was changed, removed, slipped in or put in
another place is found by `verify_audit`, because its hash, or its number, no longer fits; a chain
cut off at its end is found by the head, which remembers the last number and hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from weike.kernel import Page, Record, Tx, decode_cursor, page_of, uuid7
from weike.kernel.edge import Caller
from weike.tenancy import audit_queries

_AT_ONCE = 1000


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`actor_name` is null for somebody who is not of the staff (see `actor_kind`)."""

    id: UUID
    at: datetime
    actor_kind: str
    actor_name: str | None
    action: str
    subject_type: str
    subject_id: str
    detail: dict[str, Any]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`broken_at` is the number of the first record that does not fit, null when all fit."""

    ok: bool
    records: int
    broken_at: int | None = None


async def record_audit(
    tx: Tx,
    *,
    actor: Caller | str,
    action: str,
    subject_type: str,
    subject_id: UUID | str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Appends one record; a text as actor names a part of the system. No personal data in `detail`.

    Call it last in a deed: from here to the commit all other writers of this shop's log wait.
    """
    facts = _plain(detail)
    kind, actor_id, name = (
        ("system", None, actor) if isinstance(actor, str) else (actor.kind.value, actor.id, None)
    )
    head = await audit_queries.lock_head(tx)
    seq, previous = head["seq"] + 1, head["hash"]
    record_id = uuid7(now)
    await audit_queries.append(
        tx,
        record_id=record_id,
        at=now,
        seq=seq,
        actor_kind=kind,
        actor_id=actor_id,
        actor_name=name,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        detail=facts,
        previous_hash=previous,
        hash_=chain_hash(
            [
                str(tx.tenant_id),
                seq,
                str(record_id),
                _stamp(now),
                kind,
                actor_id and str(actor_id),
                name,
                action,
                subject_type,
                str(subject_id),
                facts,
            ],
            previous,
        ),
    )


async def verify_audit(tx: Tx) -> Verdict:
    """Walks the whole chain of the shop, a thousand records at a time."""
    head = await audit_queries.head(tx)
    end = head["seq"] if head else 0
    seq, previous = 0, b""
    # Past `end` too: a record slipped in behind the head belongs to nobody's deed. What is being
    # written meanwhile by others is past a head that this transaction may read again.
    while rows := await audit_queries.records_after(tx, seq, limit=_AT_ONCE):
        for row in rows:
            if row["seq"] != seq + 1 or not _fits(tx, row, previous):
                return Verdict(ok=False, records=seq, broken_at=seq + 1)
            seq, previous = row["seq"], row["hash"]
    head = await audit_queries.head(tx)
    known_end = head["seq"] if head else 0
    if not end <= seq <= known_end or (seq == known_end and head and head["hash"] != previous):
        return Verdict(ok=False, records=seq, broken_at=min(seq, known_end) + 1)
    return Verdict(ok=True, records=seq)


async def audit_page(tx: Tx, *, cursor: str | None, limit: int) -> Page[AuditRecord]:
    """Newest first. Refuses with BadCursor."""
    before = decode_cursor(cursor, tuple[int])
    rows = await audit_queries.newest_records(
        tx, before=before[0] if before else None, limit=limit + 1
    )
    return page_of(rows, limit=limit, item=_shown, key=lambda row: (row["seq"],))


def chain_hash(content: list[object], previous: bytes) -> bytes:
    """SHA-256 over the canonical JSON of a record and the hash of the one before it."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + canonical.encode()).digest()


def _fits(tx: Tx, row: Record, previous: bytes) -> bool:
    content = [
        str(tx.tenant_id),
        row["seq"],
        str(row["id"]),
        _stamp(row["at"]),
        row["actor_kind"],
        row["actor_id"] and str(row["actor_id"]),
        row["actor_name"],
        row["action"],
        row["subject_type"],
        row["subject_id"],
        row["detail"],
    ]
    return bool(row["previous_hash"] == previous and row["hash"] == chain_hash(content, previous))


def _plain(detail: Mapping[str, object]) -> dict[str, Any]:
    """What the database gives back exactly as it was given: no fractions, no odd keys."""
    facts: dict[str, Any] = json.loads(msgspec.json.encode(dict(detail)), parse_float=_no_fraction)
    return facts


def _no_fraction(text: str) -> float:
    raise TypeError(f"{text} in an audit record: write whole numbers or texts")


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _shown(row: Record) -> AuditRecord:
    return AuditRecord(
        id=row["id"],
        at=row["at"],
        actor_kind=row["actor_kind"],
        actor_name=row["actor_name"],
        action=row["action"],
        subject_type=row["subject_type"],
        subject_id=row["subject_id"],
        detail=row["detail"],
    )
