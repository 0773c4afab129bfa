"""Who is paid: name and identity number, declared once before the first withdrawal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from weike import members
from weike.distribution.errors import IdentityInvalid, PayeeNotAdult
from weike.distribution.withdrawals import queries
from weike.distribution.withdrawals.model import (
    BankAccount,
    is_adult,
    is_identity_number,
)
from weike.kernel import Tx
from weike.kernel.sealing import TenantBox, TenantHash


class PayeeSeal:
    """Everything that is done with payees' names, numbers and accounts at rest."""

    def __init__(self, secret: str) -> None:
        self._box = TenantBox(secret, "payee")
        self._hash = TenantHash(secret, "payee")

    def person_hash(self, tx: Tx, identity_number: str) -> bytes:
        """The same for one person in one shop, and nowhere else."""
        return self._hash.of(tx.tenant_id, identity_number.upper())

    def seal(self, tx: Tx, text: str) -> bytes:
        return self._box.seal(tx.tenant_id, text)

    def open(self, tx: Tx, sealed: bytes) -> str:
        return self._box.open(tx.tenant_id, sealed)

    def seal_account(self, tx: Tx, account: BankAccount) -> bytes:
        return self.seal(tx, msgspec.json.encode(account).decode())

    def open_account(self, tx: Tx, sealed: bytes) -> BankAccount:
        return msgspec.json.decode(self.open(tx, sealed), type=BankAccount)


class PayeeView(msgspec.Struct, frozen=True, kw_only=True):
    """What she sees of it again: a masked name and the last four of the number."""

    name: str
    id_tail: str
    declared_at: datetime


async def declare_payee(
    tx: Tx, seal: PayeeSeal, *, member_id: UUID, name: str, identity_number: str, now: datetime
) -> None:
    """May be changed while nothing is open. Refuses with IdentityInvalid, PayeeNotAdult."""
    number = identity_number.strip().upper()
    if not is_identity_number(number):
        raise IdentityInvalid(field="identity_number")
    if not is_adult(number, now=now):
        raise PayeeNotAdult(field="identity_number")
    await queries.lock_promoter(tx, member_id)
    await queries.put_person(
        tx,
        member_id=member_id,
        person_hash=seal.person_hash(tx, number),
        name_cipher=seal.seal(tx, name.strip()),
        id_cipher=seal.seal(tx, number),
        id_tail=number[-4:],
        now=now,
    )


async def payee_view(tx: Tx, seal: PayeeSeal, member_id: UUID) -> PayeeView | None:
    row = await queries.payee_of(tx, member_id)
    if row is None:
        return None
    return PayeeView(
        name=members.masked_nickname(seal.open(tx, row["name_cipher"])),
        id_tail=row["id_tail"],
        declared_at=row["declared_at"],
    )
