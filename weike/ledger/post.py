"""Write transfers: all of them in one statement, each once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from weike.kernel import Tx
from weike.ledger import queries
from weike.ledger.errors import TransferDiffers
from weike.ledger.model import Transfer


async def post(tx: Tx, transfer: Transfer) -> bool:
    """Whether it was new. Refuses with TransferDiffers."""
    return await post_many(tx, (transfer,)) == 1


async def post_many(tx: Tx, transfers: Sequence[Transfer]) -> int:
    """How many were new; those known with the same content are passed over.

    Refuses with TransferDiffers.
    """
    asked: dict[UUID, Transfer] = {}
    for transfer in transfers:
        if not asked.setdefault(transfer.id, transfer).same_content(transfer):
            raise TransferDiffers(transfer_id=transfer.id)
    if not asked:
        return 0
    fresh = await queries.insert_transfers(tx, list(asked.values()))
    if len(fresh) < len(asked):
        known = [id for id in asked if id not in fresh]
        for earlier in await queries.transfers_by_id(tx, known):
            if not earlier.same_content(asked[earlier.id]):
                raise TransferDiffers(transfer_id=earlier.id)
    return len(fresh)


def posting(transfers: Sequence[Transfer]) -> tuple[str, list[object]]:
    """What follows a WITH to write transfers that are new for certain, and its arguments from $2
    on; $1 is the tenant. `select count(*) from fresh` must equal their number: whoever writes
    them as a part of a larger statement answers for that.
    """
    return queries.TRANSFERS, queries.transfers_arguments(transfers)
