"""Name the holder of a balance: a real name and the number of a paper lift its limit.

Kept sealed (its place in the database is authenticated too) and shown masked.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from weike.kernel import TenantId, Tx
from weike.payment.balance import queries
from weike.payment.balance.errors import BadHolder
from weike.payment.balance.model import Account, Holder, is_id_number, masked_name
from weike.payment.sealing import Sealer

_LONGEST_NAME = 40


async def name_holder(
    tx: Tx, sealer: Sealer, *, member_id: UUID, holder: Holder, now: datetime
) -> None:
    """Refuses with BadHolder. Naming again replaces what was kept."""
    name, number = holder.name.strip(), holder.id_number.strip().upper()
    if not 1 < len(name) <= _LONGEST_NAME:
        raise BadHolder(field="name")
    if not is_id_number(number):
        raise BadHolder(field="id_number")
    await queries.open_account(tx, member_id, now=now)
    await queries.lock_account(tx, member_id)
    plain = msgspec.json.encode(Holder(name, number))
    cipher = sealer.seal(plain, place=_place(tx.tenant_id, member_id))
    await queries.name_holder(tx, member_id, cipher=cipher, now=now)


def shown_holder(sealer: Sealer, tenant_id: TenantId, account: Account) -> str | None:
    """陈** · 尾号 002X: enough to know oneself."""
    if account.holder_cipher is None:
        return None
    plain = sealer.open(account.holder_cipher, place=_place(tenant_id, account.member_id))
    holder = msgspec.json.decode(plain, type=Holder)
    return f"{masked_name(holder.name)} ····{holder.id_number[-4:]}"


def _place(tenant_id: TenantId, member_id: UUID) -> str:
    return f"balance holder {tenant_id}/{member_id}"
