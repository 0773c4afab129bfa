"""Member sessions, and the door that tells which member a token stands for.

A token is remembered by this process for five seconds at most, so a session that was ended
elsewhere may go on that long here; ended here, it ends at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from weike.kernel import Batcher, Clock, Database, Refusal, Tx, uuid7
from weike.kernel.edge import Caller, CallerKind
from weike.members import queries
from weike.members.model import SLIDE_EVERY, session_end
from weike.tenancy import MEMBER_TOKEN, issue_token, read_token

REMEMBERED_FOR = timedelta(seconds=5)
_REMEMBERED = 20_000


async def open_member_session(tx: Tx, member_id: UUID, *, now: datetime) -> str:
    """The token; it is not kept, only its hash is."""
    token = issue_token(MEMBER_TOKEN, tx.tenant_id)
    await queries.insert_session(
        tx,
        session_id=uuid7(now),
        token_hash=token.hash,
        member_id=member_id,
        expires_at=session_end(now=now),
        now=now,
    )
    return token.text


class MemberDoor:
    """`member` of `kernel.edge.Doors`; one per process.

    Tokens that are not remembered are looked up together: a crowd that arrives at once costs a
    statement, not a transaction each.
    """

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[bytes, tuple[Caller, datetime]] = {}
        self._asking: Batcher[bytes, Caller | None] = Batcher(
            database, _enter, clock=clock, generic_plans=True
        )

    async def member(self, token: str) -> Caller | None:
        read = read_token(MEMBER_TOKEN, token)
        if read is None:
            return None
        now = self._clock()
        if (known := self._known.get(read.hash)) and known[1] > now:
            return known[0]
        caller = await self._asking.submit(read.tenant_id, read.hash)
        if caller is None:
            self._known.pop(read.hash, None)
            return None
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[read.hash] = (caller, now + REMEMBERED_FOR)
        return caller

    def forget(self, session_id: UUID | None) -> None:
        """The session was ended here: its token is asked about again at once."""
        ended = [key for key, (caller, _) in self._known.items() if caller.session_id == session_id]
        for key in ended:
            del self._known[key]


async def _enter(
    tx: Tx, token_hashes: Sequence[bytes], *, now: datetime
) -> list[Caller | Refusal | None]:
    rows = await queries.open_sessions(tx, token_hashes, now=now)
    idle = [row["id"] for row in rows if now - row["seen_at"] >= SLIDE_EVERY]
    if idle:
        await queries.slide_sessions(tx, idle, expires_at=session_end(now=now), now=now)
    callers = {
        row["token_hash"]: Caller(
            kind=CallerKind.MEMBER,
            tenant_id=tx.tenant_id,
            id=row["member_id"],
            session_id=row["id"],
        )
        for row in rows
    }
    return [callers.get(token_hash) for token_hash in token_hashes]
