"""What quarantine does by itself: send what shall go back, and ask about it until it is known."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from weike.kernel import Database, OutsideJob, TenantId, Unavailable
from weike.payment.desk.return_quarantined import send_return
from weike.payment.ports import Gateways
from weike.payment.quarantine import queries

log = logging.getLogger(__name__)

_AT_ONCE = 20
_TAKEN_FOR = timedelta(minutes=10)
_DUE = "select distinct q.tenant_id from payment.quarantined q where q.next_at <= $1"


def jobs(gateways: Gateways) -> tuple[OutsideJob, ...]:
    async def send_returns(database: Database, tenant_id: TenantId, now: datetime) -> int:
        due = await database.run(
            tenant_id,
            lambda tx: queries.take_to_send(tx, now=now, next_at=now + _TAKEN_FOR, limit=_AT_ONCE),
        )
        for one in due:
            try:
                await send_return(database, gateways, tenant_id, quarantined_id=one, now=now)
            except Unavailable:
                raise
            except Exception as error:
                # One that cannot be sent keeps no other from being sent.
                log.error("return failed", extra={"quarantined_id": str(one)}, exc_info=error)
        return len(due)

    return (OutsideJob("payment.send_quarantine_returns", 10, _DUE, send_returns),)
