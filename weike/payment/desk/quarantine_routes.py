"""HTTP of the desk 异常收款: money that fits nothing, and what to do about it.

Handlers are given `gateways`, besides the kernel's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Struct

from weike.kernel import PAGE_LIMIT, Database, Page, Tx, decode_cursor, page_of
from weike.kernel.edge import Caller, limited, staff
from weike.payment.desk import proposal_queries
from weike.payment.desk.ask_about import ask_about
from weike.payment.desk.bill_routes import ProposalAsked
from weike.payment.desk.proposal_model import Action, Proposal
from weike.payment.desk.propose import propose
from weike.payment.gateways import ProviderGateways
from weike.payment.quarantine import queries
from weike.payment.quarantine.errors import QuarantinedNotFound
from weike.payment.quarantine.model import Quarantined, State


class QuarantinedView(Struct, frozen=True, kw_only=True):
    """`reason`: amount, currency, transaction, paid_twice, quarantined_before, from_bill."""

    id: UUID
    provider: str
    out_trade_no: str
    transaction_id: str
    order_id: UUID | None
    reason: str
    amount_minor: int
    expected_minor: int | None
    currency: str
    paid_at: datetime
    state: State
    last_code: str | None
    return_reason: str | None
    ended_at: datetime | None
    created_at: datetime
    can_accept: bool
    can_query: bool
    proposals: list[Proposal]


class QuarantinedCounts(Struct, frozen=True, kw_only=True):
    held: int = 0
    returning: int = 0
    returned: int = 0
    accepted: int = 0


@get(
    "/api/console/quarantined",
    opt=staff("ledger.read"),
    operation_id="list_quarantined",
    tags=["console"],
)
async def list_quarantined(
    caller: Caller,
    database: Database,
    quarantined_state: Annotated[State | None, QueryParameter(name="state")] = None,
    number: Annotated[str | None, QueryParameter(max_length=64)] = None,
    cursor: str | None = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_LIMIT)] = 20,
) -> Page[QuarantinedView]:
    """Newest first. `number` is the beginning of ours or of the channel's."""
    after = decode_cursor(cursor, tuple[datetime, UUID])

    async def read(tx: Tx) -> Page[QuarantinedView]:
        found = await queries.newest(
            tx, state=quarantined_state, number=number or None, after=after, limit=limit + 1
        )
        ids = [one.id for one in found]
        proposals = await proposal_queries.of_subjects(tx, ids)
        acceptable = await queries.acceptable(tx, ids)
        return page_of(
            found,
            limit=limit,
            item=lambda one: _shown(
                one, proposals.get(one.id, []), can_accept=one.id in acceptable
            ),
            key=lambda one: (one.created_at, one.id),
        )

    return await database.run(caller.tenant_id, read)


@get(
    "/api/console/quarantined/counts",
    opt=staff("ledger.read"),
    operation_id="count_quarantined",
    tags=["console"],
)
async def count_quarantined(caller: Caller, database: Database) -> QuarantinedCounts:
    counts = await database.run(caller.tenant_id, queries.counts)
    return QuarantinedCounts(**counts)


@get(
    "/api/console/quarantined/{quarantined_id:uuid}",
    opt=staff("ledger.read"),
    operation_id="show_quarantined",
    tags=["console"],
)
async def show_quarantined(
    caller: Caller, database: Database, quarantined_id: UUID
) -> QuarantinedView:
    return await database.run(caller.tenant_id, lambda tx: _view(tx, quarantined_id))


@post(
    "/api/console/quarantined/{quarantined_id:uuid}/query",
    opt=limited(staff("ledger.write"), per_minute=60),
    operation_id="query_quarantined",
    status_code=200,
    tags=["console"],
)
async def query_quarantined(
    caller: Caller,
    database: Database,
    gateways: ProviderGateways,
    quarantined_id: UUID,
    now: datetime,
) -> QuarantinedView:
    """What the channel says of it now; a corrected amount is booked."""
    await ask_about(database, gateways, caller.tenant_id, quarantined_id=quarantined_id, now=now)
    return await database.run(caller.tenant_id, lambda tx: _view(tx, quarantined_id))


@post(
    "/api/console/quarantined/{quarantined_id:uuid}/return",
    opt=staff("ledger.write"),
    operation_id="return_quarantined",
    status_code=200,
    tags=["console"],
)
async def return_to_payer(
    caller: Caller, database: Database, quarantined_id: UUID, data: ProposalAsked, now: datetime
) -> QuarantinedView:
    """Back to whoever paid, when a second person approves it where there is one."""
    return await _proposed(database, caller, quarantined_id, "return", data, now)


@post(
    "/api/console/quarantined/{quarantined_id:uuid}/accept",
    opt=staff("ledger.write"),
    operation_id="accept_quarantined",
    status_code=200,
    tags=["console"],
)
async def accept_as_payment(
    caller: Caller, database: Database, quarantined_id: UUID, data: ProposalAsked, now: datetime
) -> QuarantinedView:
    """It becomes the payment of its order, when a second person approves it where there is one.
    Refused when it is not what the order asks."""
    return await _proposed(database, caller, quarantined_id, "accept", data, now)


async def _proposed(
    database: Database,
    caller: Caller,
    quarantined_id: UUID,
    action: Action,
    data: ProposalAsked,
    now: datetime,
) -> QuarantinedView:
    async def work(tx: Tx) -> QuarantinedView:
        await propose(
            tx,
            proposal_id=data.id,
            subject_type="quarantined",
            subject_id=quarantined_id,
            action=action,
            reason=data.reason,
            caller=caller,
            now=now,
        )
        return await _view(tx, quarantined_id)

    return await database.run(caller.tenant_id, work)


async def _view(tx: Tx, quarantined_id: UUID) -> QuarantinedView:
    one = await queries.by_id(tx, quarantined_id)
    if one is None:
        raise QuarantinedNotFound()
    proposals = await proposal_queries.of_subjects(tx, [one.id])
    can_accept = bool(await queries.acceptable(tx, [one.id]))
    return _shown(one, proposals.get(one.id, []), can_accept=can_accept)


def _shown(one: Quarantined, proposals: list[Proposal], *, can_accept: bool) -> QuarantinedView:
    shared = {
        name: getattr(one, name)
        for name in QuarantinedView.__struct_fields__
        if name not in ("can_accept", "can_query", "proposals")
    }
    return QuarantinedView(
        **shared,
        can_accept=can_accept,
        can_query=one.state == "held" and one.intent_id is not None,
        proposals=proposals,
    )


ROUTES: tuple[HTTPRouteHandler, ...] = (
    list_quarantined,
    count_quarantined,
    show_quarantined,
    query_quarantined,
    return_to_payer,
    accept_as_payment,
)
