"""Take a bill: fetch one day's bill of one merchant number, unpack it, keep its lines.

The call is made between transactions. A bill is taken whole or not at all: not ready, cut, altered
or not adding up, it is asked for again. Taken again, its lines replace the earlier ones.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, cast
from uuid import UUID

from weike.kernel import Database, TenantId, Tx
from weike.payment import queries as payment_queries
from weike.payment.model import Config
from weike.payment.outcome import Ok, Refused, Unknown
from weike.payment.ports import BillFile, Gateways
from weike.payment.reconciliation import alipay_bill, queries, wechat_bill
from weike.payment.reconciliation.errors import BillNotFound
from weike.payment.reconciliation.model import (
    BadLine,
    BillLine,
    BillUnsound,
    Said,
    next_try_at,
)
from weike.payment.reconciliation.unpack import lines_of

_IN_MEMORY = 4 * 1024 * 1024
_BATCH = 2000
_READERS = {"wechat": wechat_bill, "alipay": alipay_bill}

Read = BillLine | BadLine | Said


async def take_bill(
    database: Database,
    gateways: Gateways,
    tenant_id: TenantId,
    *,
    config_id: UUID,
    day: date,
    now: datetime,
) -> bool:
    """Whether it is here now. Refuses with BillNotFound for a number that writes no bills."""
    bill_id = queries.bill_id_of(config_id, day)
    config, attempts = await database.run(tenant_id, lambda tx: _ask(tx, config_id, day, now))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spooled:
        packed = cast(BinaryIO, spooled)
        gateway = gateways.of(config)
        asked = await gateway.download_bill(day, packed)
        match asked:
            case Ok(file):
                return await _keep(database, tenant_id, config, bill_id, day, packed, file, now)
            case Refused(code) if gateway.meaning(asked) == "absent":
                # Nothing was paid on this day: a bill without lines.
                await database.run(tenant_id, lambda tx: _empty(tx, bill_id, day, now))
                return True
            case Refused(code) | Unknown(code):
                await _later(database, tenant_id, bill_id, code, attempts, now)
                return False


async def _ask(tx: Tx, config_id: UUID, day: date, now: datetime) -> tuple[Config, int]:
    config = await payment_queries.config_by_id(tx, config_id)
    if config is None or config.provider not in _READERS:
        raise BillNotFound()
    bill_id = queries.bill_id_of(config_id, day)
    earlier = await queries.bill_by_id(tx, bill_id)
    attempts = earlier.attempts if earlier else 0
    await queries.ask_for(
        tx,
        bill_id,
        config_id=config_id,
        provider=config.provider,
        day=day,
        next_at=next_try_at(attempts, now),
    )
    return config, attempts


async def _keep(
    database: Database,
    tenant_id: TenantId,
    config: Config,
    bill_id: UUID,
    day: date,
    packed: BinaryIO,
    file: BillFile,
    now: datetime,
) -> bool:
    reader = _READERS[config.provider]

    async def write(tx: Tx) -> None:
        # Read again from the start when the database asks for the work once more.
        rows = reader.read(lines_of(packed, file, encoding=reader.ENCODING))
        await _write(tx, bill_id, day, rows, now)

    try:
        await database.run(tenant_id, write)
    except BillUnsound as unsound:
        bill = await database.run(tenant_id, lambda tx: queries.bill_by_id(tx, bill_id))
        attempts = bill.attempts if bill else 0
        await _later(database, tenant_id, bill_id, unsound.reason, attempts, now)
        return False
    return True


async def _write(tx: Tx, bill_id: UUID, day: date, rows: Iterator[Read], now: datetime) -> None:
    await queries.lock_bill(tx, bill_id)
    await queries.drop_lines(tx, bill_id, day)
    counted: Counter[str] = Counter()
    said: Said | None = None
    while batch := list(islice(rows, _BATCH)):
        lines = [row for row in batch if not isinstance(row, Said)]
        said = next((row for row in batch if isinstance(row, Said)), said)
        for line in lines:
            counted[line.kind if isinstance(line, BillLine) else "unreadable"] += 1
        if lines:
            await queries.insert_lines(tx, bill_id, day, lines, now=now)
    if said is None or not _adds_up(said, counted):
        raise BillUnsound("totals")
    await queries.mark_taken(tx, bill_id, day, now=now)


def _adds_up(said: Said, counted: Counter[str]) -> bool:
    """A row that cannot be read may have been of either kind."""
    if said.rows is not None and said.rows != counted.total():
        return False
    if said.payments is None or said.refunds is None:
        return True
    missing = (said.payments - counted["payment"], said.refunds - counted["refund"])
    return min(missing) >= 0 and sum(missing) == counted["unreadable"]


async def _empty(tx: Tx, bill_id: UUID, day: date, now: datetime) -> None:
    await queries.drop_lines(tx, bill_id, day)
    await queries.mark_taken(tx, bill_id, day, now=now)


async def _later(
    database: Database,
    tenant_id: TenantId,
    bill_id: UUID,
    code: str,
    attempts: int,
    now: datetime,
) -> None:
    await database.run(
        tenant_id,
        lambda tx: queries.wait_longer(tx, bill_id, code=code, next_at=next_try_at(attempts, now)),
    )
