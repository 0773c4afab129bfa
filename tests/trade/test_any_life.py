"""A machine that lives the life of a shop: told anything, in any order, any number of times.

Orders, payments, split shipments, after-sales, timeouts, and notifications that come twice or in
another order. After every step the books agree with the states and the shelf with the orders, and
nothing has moved otherwise than the tables of transitions say; a step that they do not have is
refused with its code.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.databases import Urls
from tests.trade.builders import Stall, open_stall, pay_at_provider, wish
from weike import ledger, payment, trade
from weike.kernel import Event, Refusal, TenantId, Tx, open_pool, uuid7
from weike.payment.outcome import Ok
from weike.payment.settle_refund import refuse_refund, settle_refund
from weike.trade.after_sale import queries as case_queries
from weike.trade.after_sale.answer_case import agree, decline
from weike.trade.after_sale.arbitrate import appeal, decide
from weike.trade.after_sale.change_mind import expire, withdraw
from weike.trade.after_sale.exchange import confirm_replacement, ship_replacement
from weike.trade.after_sale.model import (
    STEPS,
    AskAfterSale,
    AskedPieces,
    CaseState,
    ReturnAddress,
    may_step,
)
from weike.trade.after_sale.move_due import move_due_cases
from weike.trade.after_sale.refund_case import refund_again
from weike.trade.after_sale.send_back import accept_return, refuse_return, send_back
from weike.trade.model import TRANSITIONS, Actor, OrderState, Placed
from weike.trade.order.cancel_orders import expire_orders
from weike.trade.order.receive_orders import receive_due
from weike.trade.order.settle_orders import settle_due

EXAMPLES = max(20, int(os.environ.get("WEIKE_TEST_EXAMPLES", "10000")) // 400)
STEPS_OF_A_LIFE = 30
STOCK = 8
CLERK = Actor("staff", UUID(int=7))
CLOCK = Actor("job")
HOME = ReturnAddress(name="云山茶铺", phone="0571", address="杭州市西湖区")
NOES = frozenset(
    {
        *("trade.after_sale_not_possible", "trade.only_buyers_do_this", "trade.appeal_over"),
        *("trade.out_of_stock", "trade.after_sale_over", "trade.being_refunded"),
        *("trade.line_in_after_sale", "trade.too_many_pieces_back", "trade.amount_too_high"),
        *("trade.amount_too_low", "trade.not_cancellable", "trade.not_shippable"),
        *("trade.not_receivable", "trade.not_refundable", "trade.nothing_to_ship"),
        "trade.too_many_shipped",
    }
)
"""Every no this machine may hear; another one, or a failure, is a finding."""
CASE_EDGES = {
    state: {to for (start, _), ends in STEPS.items() if start is state for to in ends}
    for state in CaseState
}
PEOPLES_STEPS = sorted({step for _, step in STEPS} - {"finish", "fail"})
BUYERS_STEPS = frozenset({"withdraw", "send_back", "confirm", "appeal"})
FORWARD = {
    CaseState.ASKED: "agree",
    CaseState.AGREED: "send_back",
    CaseState.SENT_BACK: "accept",
    CaseState.RECEIVED: "replace",
    CaseState.REPLACED: "confirm",
    CaseState.DECLINED: "appeal",
    CaseState.REFUSED_ON_RECEIPT: "appeal",
    CaseState.APPEALED: "uphold",
}
T = TypeVar("T")
Pick = st.integers(0, 1_000)


class Life(RuleBasedStateMachine):
    """One transaction of one shop, taken back at the end."""

    loop: asyncio.AbstractEventLoop
    connection: Any

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 11, 3, tzinfo=UTC)
        self.orders: list[tuple[Placed, Actor]] = []
        self.cases: list[tuple[UUID, Actor]] = []
        self.waiting: list[Event] = []
        self.heard: list[Event] = []
        self.seen = 0
        tenant_id = TenantId(uuid4())
        self.do(self.connection.execute(f"begin; set local app.tenant_id = '{tenant_id!s}'"))
        self.tx = Tx(self.connection, tenant_id)
        self.stall: Stall = self.do(
            open_stall(self.tx, self.now, prices=(1_999, 301), stock=STOCK, buyers=2)
        )
        self.before = self.do(self._states())

    def teardown(self) -> None:
        self.do(self.connection.execute("rollback"))

    def do(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def attempt(self, deed: Callable[[], Awaitable[object]]) -> str | None:
        """The code of the refusal, None when it was done. A no changes nothing."""

        async def inside() -> None:
            async with self.tx.savepoint():
                await deed()

        try:
            self.do(inside())
        except Refusal as refusal:
            if refusal.code not in NOES or self.do(self._states()) != self.before:
                raise AssertionError(f"not a proper no: {refusal}") from refusal
            return refusal.code
        finally:
            announced = self.tx.announced()
            self.waiting += announced[self.seen :]
            self.seen = len(announced)
        return None

    @initialize(stages=st.lists(st.sampled_from(["paid", "shipped", "received"]), max_size=3))
    def begin(self, stages: list[str]) -> None:
        """Some orders are on their way already: the later a state, the more there is to ask."""
        for nth, stage in enumerate(stages):
            self.place(nth, [2, nth % 3])
            self.before = self.do(self._states())
            self.step_order(nth, "pay")
            self.deliver_all()
            if stage != "paid":
                self.ship(nth, 0, 1, True)
            if stage == "received":
                self.step_order(nth, "receive")
        self.before = self.do(self._states())

    # What people do.

    @rule(buyer=Pick, pieces=st.lists(st.integers(0, 3), min_size=2, max_size=2))
    def place(self, buyer: int, pieces: list[int]) -> None:
        lines = {sku: n for sku, n in zip(self.stall.skus, pieces, strict=True) if n}
        if not lines or len(self.orders) >= 4:
            return
        who = self.stall.buyers[buyer % 2]

        async def deed() -> None:
            order = await trade.place_order(
                self.tx, trade.Ports(), wish(who, lines, self.now), now=self.now
            )
            self.orders.append((order, Actor("member", who.member_id)))

        self.attempt(deed)

    @precondition(lambda self: self.orders)
    @rule(pick=Pick, step=st.sampled_from(["pay", "pay", "pay", "cancel", "receive", "refund"]))
    def step_order(self, pick: int, step: str) -> None:
        order, owner = self.orders[pick % len(self.orders)]
        tx, now = self.tx, self.now
        deeds: dict[str, Callable[[], Awaitable[object]]] = {
            "cancel": lambda: trade.cancel_order(
                tx, trade.Ports(), order_id=order.id, actor=owner, reason="", now=now
            ),
            "receive": lambda: trade.receive_order(
                tx, order_id=order.id, member_id=owner.id or CLERK.id or UUID(int=0), now=now
            ),
            "refund": lambda: trade.refund_order(
                tx, refund_id=uuid7(now), order_id=order.id, actor=owner, reason="", now=now
            ),
        }
        if step == "pay":
            # The provider takes money only for what can be paid; our intent guards the rest.
            if self.before[0][order.id] == "placed":
                self.attempt(lambda: pay_at_provider(tx, self.stall, order, now))
            return
        self.attempt(deeds[step])
        self._note_cases()

    @precondition(lambda self: self.orders)
    @rule(pick=Pick, line=st.integers(0, 1), pieces=st.integers(1, 3), whole=st.booleans())
    def ship(self, pick: int, line: int, pieces: int, whole: bool) -> None:
        order, _ = self.orders[pick % len(self.orders)]
        self.attempt(
            lambda: trade.ship_order(
                self.tx,
                parcel_id=uuid7(self.now),
                order_id=order.id,
                courier="sf",
                tracking_no="SF1",
                actor=CLERK,
                now=self.now,
                pieces=None if whole else {line: pieces},
            )
        )

    @precondition(lambda self: self.orders)
    @rule(
        pick=Pick,
        kind=st.sampled_from(
            ["refund_only", "refund_only", "return", "exchange", "price_difference"]
        ),
        pieces=st.lists(st.integers(0, 2), min_size=2, max_size=2),
        amount=st.one_of(st.none(), st.integers(0, 2_500)),
        by_staff=st.sampled_from([False, False, False, True]),
        fault=st.booleans(),
    )
    def ask(
        self,
        pick: int,
        kind: Any,
        pieces: list[int],
        amount: int | None,
        by_staff: bool,
        fault: bool,
    ) -> None:
        order, owner = self.orders[pick % len(self.orders)]
        count = self.do(self._lines_of(order.id))
        asked = [AskedPieces(at, n) for at, n in enumerate(pieces[:count]) if n]
        if not asked or (kind == "exchange" and len(asked) > 1):
            return
        if kind == "price_difference" and amount is None:
            amount = 100
        ask = AskAfterSale(
            id=uuid7(self.now),
            order_id=order.id,
            kind=kind,
            lines=tuple(asked),
            reason_code="damaged" if fault else "changed_mind",
            amount_minor=amount,
        )

        async def deed() -> None:
            await trade.ask_after_sale(self.tx, ask, actor=actor, return_to=HOME, now=self.now)
            self.cases.append((ask.id, owner))

        actor = CLERK if by_staff else owner
        self.attempt(deed)

    @precondition(lambda self: self.cases)
    @rule(
        pick=Pick,
        way=Pick,
        wild=st.sampled_from([False, False, True]),
        right_side=st.sampled_from([True, True, True, True, False]),
        number=st.integers(0, 2),
    )
    def step_case(self, pick: int, way: int, wild: bool, right_side: bool, number: int) -> None:
        """A step on a case; a wild one is any. What the table does not have is refused."""
        case_id, owner = self.cases[pick % len(self.cases)]
        state = CaseState(self.before[1][case_id])
        steps = PEOPLES_STEPS if wild else [one for one in PEOPLES_STEPS if may_step(state, one)]
        if not steps:
            return
        step = steps[way % len(steps)]
        side = {"expire": CLOCK}.get(step, CLERK)
        if step in BUYERS_STEPS:
            side = owner
        if not right_side:
            side = CLERK if side == owner else owner
        no = self.attempt(lambda: self._case_step(step, case_id, side, number))
        if not may_step(state, step):
            assert no in ("trade.after_sale_not_possible", "trade.only_buyers_do_this"), (
                state,
                step,
            )
        if not right_side:
            assert no == "trade.only_buyers_do_this", (state, step, no)

    @precondition(lambda self: self.cases)
    @rule(pick=Pick, steps=st.integers(1, 4), kindly=st.booleans())
    def go_forward(self, pick: int, steps: int, kindly: bool) -> None:
        """Both sides do what is next, for a while: far states would be rare otherwise."""
        case_id, owner = self.cases[pick % len(self.cases)]
        for _ in range(steps):
            state = CaseState(self.do(self._states())[1][case_id])
            step = FORWARD.get(state, "")
            if not kindly:
                step = {"agree": "decline", "accept": "refuse", "uphold": "dismiss"}.get(step, step)
            if not step:
                return
            side = owner if step in BUYERS_STEPS else CLERK
            self.before = self.do(self._states())
            self.attempt(partial(self._case_step, step, case_id, side, 1))
            self.before = self.do(self._states())

    def _case_step(self, step: str, case_id: UUID, side: Actor, number: int) -> Awaitable[object]:
        one: dict[str, Any] = {"case_id": case_id, "actor": side, "now": self.now}
        parcel: dict[str, Any] = {"courier": "sf", "tracking_no": "SF2"}
        match step:
            case "agree":
                return agree(self.tx, **one, return_to=HOME)
            case "decline":
                return decline(self.tx, **one, reason="不符合")
            case "withdraw":
                return withdraw(self.tx, **one)
            case "send_back":
                return send_back(self.tx, **one, **parcel)
            case "expire":
                return expire(self.tx, **one)
            case "accept":
                return accept_return(self.tx, **one, resaleable={0: number} if number else {})
            case "refuse":
                return refuse_return(self.tx, **one, reason="空包裹")
            case "replace":
                return ship_replacement(self.tx, **one, **parcel)
            case "refund":
                return refund_again(self.tx, **one)
            case "confirm":
                return confirm_replacement(self.tx, **one)
            case "appeal":
                return appeal(self.tx, **one, reason="不服")
            case _:
                upheld = step == "uphold"
                return decide(self.tx, **one, for_buyer=upheld, reason="查明", return_to=HOME)

    # What the provider and the clock do.

    @precondition(lambda self: self.orders)
    @rule(pick=Pick, refuses=st.sampled_from([False, False, True]))
    def provider_answers(self, pick: int, refuses: bool) -> None:
        order, _ = self.orders[pick % len(self.orders)]

        async def deed() -> None:
            intent = await payment.intent_of(self.tx, order.id)
            for refund in await payment.refunds_of(self.tx, order.id):
                assert intent is not None
                if refund.state in ("succeeded", "refused"):
                    continue
                if refuses:
                    await refuse_refund(self.tx, refund, intent, code="NOT_ENOUGH", now=self.now)
                    return
                answer = await self.stall.till.refund(refund, intent)
                assert isinstance(answer, Ok)
                await settle_refund(self.tx, answer.value, config=self.stall.config, now=self.now)
                return

        self.attempt(deed)

    @precondition(lambda self: self.waiting)
    @rule(pick=Pick, keep=st.sampled_from([False, False, False, True]))
    def deliver(self, pick: int, keep: bool) -> None:
        """Any event that waits; sometimes its receipt is lost and it comes again."""
        event = self.waiting[pick % len(self.waiting)]
        self._tell(event)
        self.waiting = [one for one in self.waiting if one is not event]
        (self.waiting if keep else self.heard).append(event)
        self.heard = self.heard[-20:]

    @precondition(lambda self: self.waiting)
    @rule()
    def deliver_all(self) -> None:
        for event in list(self.waiting):
            self._tell(event)
            self.waiting.remove(event)
            self.heard.append(event)

    @precondition(lambda self: self.heard)
    @rule(pick=Pick)
    def deliver_again(self, pick: int) -> None:
        self._tell(self.heard[pick % len(self.heard)])
        assert self.do(self._states()) == self.before

    def _tell(self, event: Event) -> None:
        async def deed() -> None:
            for listener in trade.subscribers():
                if isinstance(event, listener.event) and listener.name in _OURS:
                    await listener.handle(self.tx, event, self.now)  # type: ignore[call-arg, arg-type, misc]

        assert self.attempt(deed) is None

    @rule(
        hours=st.sampled_from([0, 0, 0, 1, 1, 30, 50, 24 * 7, 24 * 10]),
        job=st.sampled_from(["expire", "receive", "settle", "move", "move"]),
    )
    def time_goes_by(self, hours: int, job: str) -> None:
        self.now += timedelta(hours=hours, minutes=1)
        jobs: dict[str, Callable[[], Awaitable[object]]] = {
            "expire": lambda: expire_orders(self.tx, self.now, ports=trade.Ports()),
            "receive": lambda: receive_due(self.tx, self.now),
            "settle": lambda: settle_due(self.tx, self.now),
            "move": lambda: move_due_cases(self.tx, self.now),
        }
        assert self.attempt(jobs[job]) is None

    # What must hold after every step.

    @invariant()
    def nothing_moved_otherwise_than_it_may(self) -> None:
        after = self.do(self._states())
        for order_id, state in after[0].items():
            was = OrderState(self.before[0].get(order_id, "placed"))
            assert state == was or OrderState(state) in TRANSITIONS[was], (was, state)
        for case_id, state in after[1].items():
            was_case = CaseState(self.before[1].get(case_id, "asked"))
            # A refund of nothing is done in the step that starts it.
            near = CASE_EDGES[was_case] | {
                to for step in CASE_EDGES[was_case] for to in CASE_EDGES[step]
            }
            assert state == was_case or CaseState(state) in near, (was_case, state)
        self.before = after

    @invariant()
    def the_books_agree(self) -> None:
        checks = {check.key: check for check in self.do(trade.order_checks(self.tx))}
        late = sum(
            event.amount_minor
            for event in self._unheard(payment.PaymentReceived)
            if self.before[0].get(event.order_id) == "placed"
        ) - sum(event.amount_minor for event in self._unheard(payment.RefundSucceeded))
        for key, check in checks.items():
            expected = check.expected + (late if key == "trade.escrow" else 0)
            assert check.found == expected, (key, check)
        report = self.do(ledger.reconcile(self.tx, (), now=self.now))
        assert report.ok, report.checks

    def _unheard(self, kind: type[Any]) -> Iterator[Any]:
        seen: set[int] = set()
        for event in self.waiting:
            if isinstance(event, kind) and id(event) not in seen and not self._was_heard(event):
                seen.add(id(event))
                yield event

    def _was_heard(self, event: Any) -> bool:
        """Told once already: its receipt was lost, so it waits to be told again."""
        if isinstance(event, payment.RefundSucceeded):
            return bool(self.before[2].get(event.refund_id) == "succeeded")
        return False

    @invariant()
    def no_piece_is_lost(self) -> None:
        for row in self.do(self._shelf()):
            assert row["reserved"] == row["promised"], dict(row)
            assert row["on_hand"] == STOCK - row["out"] == row["moved"], dict(row)

    @invariant()
    def no_line_gives_back_more_than_was_paid(self) -> None:
        rows = self.do(
            self.tx.fetch(
                """
                select o.refunded_minor, o.refunding_minor, o.settled_minor, o.paid_minor,
                       sum(l.refunded_minor)::bigint as lines_back,
                       sum(l.refunding_minor)::bigint as lines_on_the_way
                from trade.orders o join trade.order_lines l
                  on l.tenant_id = o.tenant_id and l.order_id = o.id
                where o.tenant_id = $1 group by o.tenant_id, o.id
                """,
                self.tx.tenant_id,
            )
        )
        for row in rows:
            assert row["refunded_minor"] == row["lines_back"], dict(row)
            assert row["refunding_minor"] == row["lines_on_the_way"], dict(row)

    async def _states(self) -> tuple[dict[UUID, str], dict[UUID, str], dict[UUID, str]]:
        found = []
        for table in ("orders", "after_sales", "refunds"):
            rows = await self.tx.fetch(
                f"select x.id, x.state from trade.{table} x where x.tenant_id = $1",
                self.tx.tenant_id,
            )
            found.append({row["id"]: row["state"] for row in rows})
        return found[0], found[1], found[2]

    async def _lines_of(self, order_id: UUID) -> int:
        return int(
            await self.tx.fetchval(
                "select count(*) from trade.order_lines l "
                "where l.tenant_id = $1 and l.order_id = $2",
                self.tx.tenant_id,
                order_id,
            )
        )

    def _note_cases(self) -> None:
        """The refund of a whole order is a case too."""
        known = {case_id for case_id, _ in self.cases}
        owners = {order.id: owner for order, owner in self.orders}
        for case_id in self.do(self._states())[1]:
            if case_id not in known:
                case = self.do(case_queries.find_case(self.tx, case_id))
                assert case is not None
                self.cases.append((case_id, owners[case.order_id]))

    async def _shelf(self) -> list[Any]:
        """Out = sold − restored − put back on the shelf + replaced, all from trade's own tables."""
        return await self.tx.fetch(
            """
            select s.on_hand, s.reserved,
              (select coalesce(sum(m.quantity), 0) from inventory.movements m
               where m.tenant_id = $1 and m.sku_id = s.sku_id) as moved,
              (select coalesce(sum(l.quantity), 0) from trade.order_lines l join trade.orders o
                 on o.tenant_id = l.tenant_id and o.id = l.order_id
               where l.tenant_id = $1 and l.sku_id = s.sku_id and o.state = 'placed') as promised,
              (select coalesce(sum(l.quantity), 0) from trade.order_lines l join trade.orders o
                 on o.tenant_id = l.tenant_id and o.id = l.order_id
               where l.tenant_id = $1 and l.sku_id = s.sku_id
                 and o.state in ('paid', 'shipped', 'received', 'settled'))
              + (select coalesce(sum(
                    case when a.state = 'done' then -c.unshipped_quantity else 0 end
                    - coalesce(c.resaleable_quantity, 0)
                    + case when a.replacement_tracking_no is null then 0 else c.quantity end), 0)
                 from trade.after_sale_lines c
                 join trade.after_sales a
                   on a.tenant_id = c.tenant_id and a.id = c.after_sale_id
                 join trade.order_lines l on l.tenant_id = c.tenant_id
                   and l.order_id = c.order_id and l.position = c.position
                 join trade.orders o on o.tenant_id = l.tenant_id and o.id = l.order_id
                 where c.tenant_id = $1 and l.sku_id = s.sku_id and o.state <> 'cancelled') as out
            from inventory.stock s where s.tenant_id = $1
            """,
            self.tx.tenant_id,
        )


_OURS = frozenset({"trade.accept_payment", "trade.complete_refund", "trade.resume_after_refusal"})


@contextmanager
def one_connection(url: str) -> Iterator[None]:
    """All lives use one, one after the other: beginning a life must not cost a connection."""
    loop = asyncio.new_event_loop()
    pool = loop.run_until_complete(open_pool(url, size=1))
    Life.loop, Life.connection = loop, loop.run_until_complete(pool.acquire())
    try:
        yield
    finally:
        loop.run_until_complete(pool.release(Life.connection))
        loop.run_until_complete(pool.close())
        loop.close()


def test_any_life_keeps_the_books_and_the_shelf(urls: Urls) -> None:
    with one_connection(urls.app):
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS_OF_A_LIFE,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
