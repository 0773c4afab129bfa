"""Money that fits nothing: booked as it came, given back once, or accepted when it fits after all;
by two persons where the shop has two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from tests.payment.reconciliation.test_with_the_sandbox import (
    all_checks_hold,
    alone,
    differences,
    fault,
)
from tests.payment.test_attacks import Forge, deliver
from tests.payment.tills import Till
from tests.tenancy.builders import PASSWORD, a_shop, cheap_passwords, owner_of, unique
from weike import tenancy
from weike.kernel import IdTakenByOther, Tx, uuid7
from weike.kernel.edge import Caller
from weike.payment import PaymentReceived
from weike.payment import queries as payment_queries
from weike.payment.desk.accept_quarantined import accept_quarantined
from weike.payment.desk.ask_about import ask_about
from weike.payment.desk.errors import AlreadyDecided, AlreadyProposed, SecondPersonNeeded
from weike.payment.desk.proposal_model import Proposal
from weike.payment.desk.propose import approve, propose, reject
from weike.payment.model import Intent, PaymentSeen
from weike.payment.quarantine import queries
from weike.payment.quarantine.book_quarantined import book_quarantined
from weike.payment.quarantine.errors import NotAcceptable, NotHeld
from weike.payment.quarantine.model import Quarantined


@pytest.fixture
def forge(till: Till, tmp_path: Path) -> Forge:
    return Forge(till, tmp_path)


async def held(till: Till) -> Quarantined:
    (one,) = await till.run(
        lambda tx: queries.newest(tx, state=None, number=None, after=None, limit=9)
    )
    assert isinstance(one, Quarantined)
    return one


async def ask(till: Till, one: Quarantined) -> None:
    await ask_about(
        till.database, till.gateways, till.tenant_id, quarantined_id=one.id, now=till.now
    )


async def short_paid(till: Till) -> Intent:
    """The channel first says one fen too little; asked, it says what was really paid."""
    intent = await till.asked(amount=1234)
    await fault(till, "notify", "other_amount")
    await till.pays(intent)
    return intent


async def test_a_wrong_amount_is_booked_as_it_came(till: Till) -> None:
    intent = await short_paid(till)
    one = await held(till)
    assert (one.amount_minor, one.expected_minor, one.reason) == (1233, 1234, "amount")
    assert await till.state(intent) == "quarantined"
    assert await till.balance("quarantine") == 1233
    assert await till.balance("escrow") == 0
    await all_checks_hold(till)


async def test_the_same_word_again_books_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked(amount=1234)
    for number in range(3):
        message = forge.told(intent, amount={"total": 1200, "currency": "CNY"})
        assert (await deliver(till, message)).status_code == 204, number
    assert await till.balance("quarantine") == 1200
    await all_checks_hold(till)


async def test_a_second_transaction_is_booked_and_the_first_stays(till: Till, forge: Forge) -> None:
    intent = await till.asked(amount=1234)
    await deliver(till, forge.told(intent))
    await deliver(till, forge.told(intent, transaction_id="4200000002"))
    assert await till.balance("escrow") == 1234
    assert await till.balance("quarantine") == 1234
    assert (await held(till)).reason == "paid_twice"
    await all_checks_hold(till)


async def test_another_word_about_what_was_let_in_moves_nothing(till: Till, forge: Forge) -> None:
    intent = await till.asked(amount=1234)
    await deliver(till, forge.told(intent))
    await deliver(till, forge.told(intent, amount={"total": 1, "currency": "CNY"}))
    assert await till.balance("quarantine") == 0
    await all_checks_hold(till)


async def test_it_goes_back_to_the_payer_once(till: Till) -> None:
    await short_paid(till)
    one = await held(till)
    # The channel refunds what it really has; its last word is asked for first.
    await ask_about(
        till.database, till.gateways, till.tenant_id, quarantined_id=one.id, now=till.now
    )
    assert (await held(till)).amount_minor == 1234
    await till.run(lambda tx: act(tx, till, alone(till), one.id, "return"))
    assert (await held(till)).state == "returning"
    with pytest.raises(NotHeld):
        await till.run(lambda tx: act(tx, till, alone(till), one.id, "return"))
    await till.work(later=timedelta(minutes=1))
    await till.work(later=timedelta(minutes=5))
    assert (await held(till)).state == "returned"
    assert await till.balance("quarantine") == 0
    await all_checks_hold(till)
    await till.books_agree()
    await till.work(later=timedelta(hours=24))
    assert await differences(till) == []


async def test_a_refused_return_is_held_again(till: Till) -> None:
    await short_paid(till)
    one = await held(till)
    await fault(till, "refund", "refuse", status=403, code="RULE_LIMIT")
    await till.run(lambda tx: act(tx, till, alone(till), one.id, "return"))
    await till.work(later=timedelta(minutes=1))
    again = await held(till)
    assert (again.state, again.last_code) == ("held", "RULE_LIMIT")
    assert await till.balance("quarantine") == 1233


async def test_what_fits_after_all_becomes_the_order_s_payment(till: Till) -> None:
    intent = await short_paid(till)
    one = await held(till)
    with pytest.raises(NotAcceptable):
        await till.run(lambda tx: accept_quarantined(tx, one.id, now=till.now))
    await ask_about(
        till.database, till.gateways, till.tenant_id, quarantined_id=one.id, now=till.now
    )
    await till.run(lambda tx: act(tx, till, alone(till), one.id, "accept"))
    assert (await held(till)).state == "accepted"
    assert await till.state(intent) == "paid"
    (event,) = await till.events(PaymentReceived)
    assert event["amount_minor"] == 1234
    assert (await till.balance("escrow"), await till.balance("quarantine")) == (1234, 0)
    await all_checks_hold(till)
    await till.work(later=timedelta(hours=24))
    assert await differences(till) == []


async def act(
    tx: Tx, till: Till, caller: Caller, subject_id: UUID, action: Any, id: UUID | None = None
) -> Proposal:
    return await propose(
        tx,
        proposal_id=id or uuid7(till.now),
        subject_type="quarantined",
        subject_id=subject_id,
        action=action,
        reason="核实后处理",
        caller=caller,
        now=till.now,
    )


@pytest.fixture
async def two(till: Till) -> tuple[Till, Caller, Caller]:
    """The till in a shop with an owner and a second person of finance."""
    shop = await a_shop(till.database, till.now)
    second = uuid7(till.now)

    await tenancy.add_staff(
        till.database,
        cheap_passwords,
        caller=shop.owner,
        staff_id=second,
        login=unique("finance"),
        name="周会计",
        password=PASSWORD,
        roles=["finance"],
        now=till.now,
    )
    return replace(till, tenant_id=shop.tenant_id), shop.owner, owner_of(shop.tenant_id, second)


async def _planted(till: Till) -> Quarantined:
    """Money in the quarantine of this shop; where it came from does not matter here."""
    config = structs.replace(till.config, id=uuid7(till.now))
    seen = PaymentSeen(
        mch_id=config.mch_id,
        app_id="",
        out_trade_no="other-till-1",
        state="paid",
        transaction_id="4200000009",
        amount_minor=500,
        currency="CNY",
        paid_at=till.now,
    )

    async def write(tx: Tx) -> Quarantined | None:
        await payment_queries.insert_config(tx, config, now=till.now)
        return await book_quarantined(
            tx, seen, config=config, intent=None, reason="from_bill", now=till.now
        )

    booked = await till.run(write)
    assert isinstance(booked, Quarantined)
    return booked


async def test_where_two_may_one_proposes_and_another_approves(
    two: tuple[Till, Caller, Caller],
) -> None:
    till, first, second = two
    one = await _planted(till)
    asked = await till.run(lambda tx: act(tx, till, first, one.id, "return"))
    assert (asked.state, asked.proposed_name) == ("proposed", "林山月")
    assert (await held(till)).state == "held"
    with pytest.raises(SecondPersonNeeded):
        await till.run(lambda tx: approve(tx, asked.id, caller=first, now=till.now))
    with pytest.raises(AlreadyProposed):
        await till.run(lambda tx: act(tx, till, second, one.id, "return"))
    done = await till.run(lambda tx: approve(tx, asked.id, caller=second, now=till.now))
    assert (done.state, done.decided_name, done.alone) == ("approved", "周会计", False)
    assert (await held(till)).state == "returning"
    with pytest.raises(AlreadyDecided):
        await till.run(lambda tx: approve(tx, asked.id, caller=second, now=till.now))
    verdict = await till.run(tenancy.verify_audit)
    assert verdict.ok


async def test_a_rejected_proposal_leaves_the_money_where_it_is(
    two: tuple[Till, Caller, Caller],
) -> None:
    till, first, second = two
    one = await _planted(till)
    asked = await till.run(lambda tx: act(tx, till, first, one.id, "return"))
    await till.run(lambda tx: reject(tx, asked.id, caller=second, now=till.now))
    assert (await held(till)).state == "held"
    again = await till.run(lambda tx: act(tx, till, second, one.id, "return"))
    assert again.state == "proposed"


async def test_the_same_proposal_twice_is_one(two: tuple[Till, Caller, Caller]) -> None:
    till, first, _ = two
    one = await _planted(till)
    id = uuid7(till.now)
    asked = await till.run(lambda tx: act(tx, till, first, one.id, "return", id))
    assert await till.run(lambda tx: act(tx, till, first, one.id, "return", id)) == asked
    with pytest.raises(IdTakenByOther):
        await till.run(lambda tx: act(tx, till, first, one.id, "accept", id))


async def test_whoever_is_alone_decides_alone_and_the_record_says_so(till: Till) -> None:
    shop = await a_shop(till.database, till.now)
    own = replace(till, tenant_id=shop.tenant_id)
    one = await _planted(own)
    done = await own.run(lambda tx: act(tx, own, shop.owner, one.id, "return"))
    assert (done.state, done.alone) == ("approved", True)
