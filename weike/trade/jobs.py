"""What time does to orders: unpaid ones expire, shipped ones are received, received ones settle."""

from functools import partial

from weike.kernel import Job
from weike.trade.after_sale.move_due import move_due_cases
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due
from weike.trade.ports import Ports
from weike.trade.reviews.subscribers import REVIEW_JOBS

JOBS: tuple[Job, ...] = (
    Job(
        name="trade.receive_orders",
        every_seconds=60,
        due_tenants="""
            select distinct o.tenant_id from trade.orders o
            where o.state = 'shipped' and o.auto_receive_at <= $1 and o.after_sale_since is null
        """,
        run=receive_due,
    ),
    Job(
        name="trade.settle_orders",
        every_seconds=60,
        due_tenants="""
            select distinct o.tenant_id from trade.orders o
            where o.state = 'received' and o.settle_at <= $1 and o.after_sale_since is null
        """,
        run=settle_due,
    ),
    Job(
        name="trade.move_after_sales",
        every_seconds=60,
        due_tenants="""
            select distinct a.tenant_id from trade.after_sales a
            where a.is_open and a.deadline_at <= $1
              and not (a.state = 'received' and a.kind = 'exchange' and a.stopped_at is null)
        """,
        run=move_due_cases,
    ),
    *REVIEW_JOBS,
)
"""Those that ask nobody else."""


def jobs(ports: Ports) -> tuple[Job, ...]:
    return (
        Job(
            name="trade.expire_orders",
            every_seconds=15,
            due_tenants="""
                select distinct o.tenant_id from trade.orders o
                where o.state = 'placed' and o.expires_at <= $1
            """,
            run=partial(expire_orders, ports=ports),
        ),
        *JOBS,
    )
