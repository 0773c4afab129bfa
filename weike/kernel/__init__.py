"""The kernel: money, ids, time, refusals, events, tenant-bound transactions, batching, pages.

It holds no business words and knows none of the contexts above it. The web edge is in
`weike.kernel.edge`, migrations in `weike.kernel.migrate`.
"""

from weike.kernel.batching import Batcher
from weike.kernel.clock import Clock, utc_now
from weike.kernel.database import Database, Record, Tx, open_pool
from weike.kernel.errors import (
    Conflict,
    Forbidden,
    IdTakenByOther,
    Invalid,
    NotFound,
    Refusal,
    TooMany,
    Unauthorized,
    Unavailable,
)
from weike.kernel.events import Errand, Event, Job, Listener, OutsideJob, Subscriber
from weike.kernel.ids import TenantId, derived_id, is_chosen, uuid7
from weike.kernel.money import BASIS_POINTS, Money, split_minor, sum_of, written, written_short
from weike.kernel.pages import PAGE_LIMIT, Page, decode_cursor, encode_cursor, page_of
from weike.kernel.texts import Texts
from weike.kernel.words import Words

__all__ = [
    "BASIS_POINTS",
    "PAGE_LIMIT",
    "Batcher",
    "Clock",
    "Conflict",
    "Database",
    "Errand",
    "Event",
    "Forbidden",
    "IdTakenByOther",
    "Invalid",
    "Job",
    "Listener",
    "Money",
    "NotFound",
    "OutsideJob",
    "Page",
    "Record",
    "Refusal",
    "Subscriber",
    "TenantId",
    "Texts",
    "TooMany",
    "Tx",
    "Unauthorized",
    "Unavailable",
    "Words",
    "decode_cursor",
    "derived_id",
    "encode_cursor",
    "is_chosen",
    "open_pool",
    "page_of",
    "split_minor",
    "sum_of",
    "utc_now",
    "uuid7",
    "written",
    "written_short",
]
