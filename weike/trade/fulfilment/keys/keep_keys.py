"""Upload and withdraw card keys; the stock of a SKU follows its keys in the same transaction."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from weike import catalog, inventory
from weike.kernel import Tx, uuid7
from weike.kernel.sealing import TenantBox, TenantHash
from weike.trade.errors import NoKeysOfThis, TooManyKeys
from weike.trade.fulfilment.keys import queries
from weike.trade.fulfilment.keys.queries import NewKey
from weike.trade.model import Actor

KEYS_AT_ONCE = 10_000
_LONGEST = 500
_HEADINGS = frozenset(
    ("卡号", "卡密", "密码", "卡密码", "兑换码", "number", "secret", "key", "code", "password")
)


class Key(msgspec.Struct, frozen=True):
    """What a buyer gets: a secret, and the number it belongs to where there is one."""

    secret: str
    number: str = ""


class KeySeal:
    """How keys are kept: sealed for their buyer, hashed so that none is uploaded twice."""

    def __init__(self, secret: str) -> None:
        self.box = TenantBox(secret, "card key")
        self.hash = TenantHash(secret, "card key")


class KeysUploaded(msgspec.Struct, frozen=True, kw_only=True):
    """`known` were uploaded before, or stood twice in this upload; `unreadable` names lines."""

    added: int
    known: int
    unreadable: list[int]


def read_keys(text: str) -> tuple[list[Key], list[int]]:
    """One key a line: the secret, or number and secret with a comma, a tab or ---- between.

    Also the lines that are no key, by number.
    """
    keys: list[Key] = []
    unreadable: list[int] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip()
        if not line or (number == 1 and _is_heading(line)):
            continue
        cells = [cell.strip() for cell in _cells(line) if cell.strip()]
        plain = all(cell.isprintable() for cell in cells)
        if not 1 <= len(cells) <= 2 or len(line) > _LONGEST or not plain:
            unreadable.append(number)
        elif len(cells) == 1:
            keys.append(Key(cells[0]))
        else:
            keys.append(Key(cells[1], number=cells[0]))
    return keys, unreadable


def _cells(line: str) -> Sequence[str]:
    for between in ("----", "\t", "，"):
        if between in line:
            return line.split(between)
    return next(csv.reader([line]))


def _is_heading(line: str) -> bool:
    return all(cell.strip().casefold() in _HEADINGS for cell in _cells(line))


async def upload_keys(
    tx: Tx,
    seal: KeySeal,
    *,
    sku_id: UUID,
    batch_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
) -> KeysUploaded:
    """The same batch again adds nothing. Refuses with NoKeysOfThis, TooManyKeys."""
    if not await catalog.sku_ids_of_kind(tx, [sku_id], catalog.ProductKind.CARD_KEY):
        raise NoKeysOfThis(field="sku_id")
    keys, unreadable = read_keys(text)
    if len(keys) > KEYS_AT_ONCE:
        raise TooManyKeys(field="text", limit=KEYS_AT_ONCE)
    by_hash = {seal.hash.of(tx.tenant_id, key.number, key.secret): key for key in keys}
    new = [
        NewKey(
            id=uuid7(now),
            key_hash=key_hash,
            key_cipher=seal.box.seal(tx.tenant_id, msgspec.json.encode(key).decode()),
        )
        for key_hash, key in by_hash.items()
    ]
    added = await queries.insert_keys(tx, sku_id, batch_id, new, now=now) if new else 0
    if added:
        await inventory.change_on_hand(
            tx, {sku_id: added}, actor_kind=actor.kind, actor_id=actor.id, now=now
        )
        tx.public_changed()
    return KeysUploaded(added=added, known=len(keys) - added, unreadable=unreadable)


async def withdraw_keys(
    tx: Tx, *, sku_id: UUID, batch_id: UUID, actor: Actor, now: datetime
) -> int:
    """Takes the free keys of a batch out of sale, for ever; how many. Refuses with BelowReserved
    where orders wait for some of them."""
    withdrawn = await queries.withdraw_free_keys(tx, sku_id, batch_id)
    if withdrawn:
        await inventory.change_on_hand(
            tx, {sku_id: -withdrawn}, actor_kind=actor.kind, actor_id=actor.id, now=now
        )
        tx.public_changed()
    return withdrawn


class GivenKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of one line of an order."""

    position: int
    keys: list[Key]


async def keys_of_order(tx: Tx, seal: KeySeal, *, order_id: UUID) -> list[GivenKeys]:
    """For the buyer only: whoever calls has made sure whose order it is."""
    found: dict[int, list[Key]] = {}
    for row in await queries.keys_of_order(tx, order_id):
        plain = seal.box.open(tx.tenant_id, row["key_cipher"])
        found.setdefault(row["position"], []).append(msgspec.json.decode(plain, type=Key))
    return [GivenKeys(position=position, keys=keys) for position, keys in found.items()]
