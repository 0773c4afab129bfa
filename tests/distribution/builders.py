"""Test data of distribution."""

from datetime import datetime
from uuid import UUID, uuid4

from tests.tenancy.builders import put_shop
from weike import tenancy
from weike.distribution import AGREEMENT_VERSION, EarningLine, EarningOrder, join_promoter
from weike.kernel import NotFound, Tx
from weike.kernel.edge import Caller, CallerKind


async def a_promoter(tx: Tx, now: datetime) -> UUID:
    """In a shop, which is opened with its first promoter."""
    try:
        await tenancy.tenant_of(tx)
    except NotFound:
        await put_shop(tx, now)
    member_id = uuid4()
    await join_promoter(tx, member_id=member_id, agreement_version=AGREEMENT_VERSION, now=now)
    return member_id


def line(
    position: int = 0,
    *,
    paid: int = 2990,
    freight: int = 0,
    cost: int | None = None,
    rate: int | None = None,
) -> EarningLine:
    return EarningLine(
        position=position,
        product_id=uuid4(),
        title="赣南脐橙",
        paid_minor=paid,
        freight_share_minor=freight,
        cost_minor=cost,
        commission_rate_bp=rate,
    )


def an_order(promoter_id: UUID, *lines: EarningLine) -> EarningOrder:
    return EarningOrder(
        order_id=uuid4(),
        number="202611110001",
        buyer_id=uuid4(),
        promoter_id=promoter_id,
        share_id=None,
        rule_version=0,
        currency="CNY",
        lines=lines or (line(),),
    )


def staff_of(tx: Tx) -> Caller:
    return Caller(
        kind=CallerKind.STAFF, tenant_id=tx.tenant_id, id=uuid4(), permissions=frozenset()
    )
