"""How orders of the past are paid: in memory, or at the sandbox if they are still to be shipped.

An order that somebody may refund live must be known to the sandbox; what was shipped long ago need
not be.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import httpx
import msgspec

from weike import payment
from weike.entry.demo.past import Past
from weike.entry.wiring import House
from weike.kernel import Money, Tx
from weike.payment.model import Config, Intent
from weike.payment.outcome import Ok
from weike.payment.providers.fake import FakeGateway
from weike.payment.settle_payment import settle_payment
from weike.trade import Placed
from weike.trade.order.pay_order import description_of

_PAYER_IP = "203.0.113.7"
"""Of the range that is kept for documentation."""


class NotPaid(Exception):
    """The sandbox did not take a payment of the demo; the message says what it answered."""


class Till:
    def __init__(self, house: House, past: Past, config: Config) -> None:
        self._house = house
        self._past = past
        self._config = config
        self._fake = FakeGateway(config.mch_id)
        past.gateways.fake = self._fake
        self._sandbox_url = house.settings.outside.sandbox_url

    async def pay(self, tx: Tx, placed: Placed, titles: list[str], *, at: datetime) -> None:
        """In memory, in the transaction that placed the order."""
        intent = await self._ask(tx, placed, titles, at=at)
        seen = self._fake.pay(intent, now=at)
        await settle_payment(tx, seen, config=self._config, now=at)

    async def pay_at_sandbox(self, placed: Placed, titles: list[str], *, at: datetime) -> None:
        """As a buyer would: asked by the real client, paid at the cashier, told by the provider.

        Without a sandbox it is paid in memory. Refuses with NotPaid.
        """
        if self._sandbox_url is None:
            await self._past.run(lambda tx: self.pay(tx, placed, titles, at=at), at=at)
            return
        intent = await self._past.run(lambda tx: self._ask(tx, placed, titles, at=at), at=at)
        await payment.begin_payment(
            self._past.database,
            self._house.gateways,
            self._past.tenant_id,
            intent_id=intent.id,
            payer_ip=_PAYER_IP,
            now=at,
        )
        async with httpx.AsyncClient(base_url=self._sandbox_url, timeout=10.0) as sandbox:
            answer = await sandbox.post(
                "/_ctl/pay", json={"out_trade_no": intent.out_trade_no, "notify": False}
            )
        told = await self._house.gateways.of(self._config).query(intent.out_trade_no)
        if answer.is_error or not isinstance(told, Ok):
            raise NotPaid(f"{answer.status_code} {told}")
        # The sandbox knows only the present; in our story the buyer paid right after the order.
        seen = msgspec.structs.replace(told.value, paid_at=at)
        await self._past.run(
            lambda tx: settle_payment(tx, seen, config=self._config, now=at), at=at
        )

    async def _ask(self, tx: Tx, placed: Placed, titles: list[str], *, at: datetime) -> Intent:
        return await payment.open_intent(
            tx,
            intent_id=self._intent_id(at),
            order_id=placed.id,
            amount=Money(placed.payable_minor),
            description=description_of(titles),
            expires_at=placed.expires_at,
            method="h5",
            now=at,
        )

    def _intent_id(self, at: datetime) -> UUID:
        return self._past.ids.at(at)
