"""What the simulation can be told to do wrong, as data. `/_ctl/faults` writes the rows.

Source of the list: the faults Weike is designed for, and the notification attacks that real
payment systems fell to. The most valuable one is `cut_after`: executed, and then nobody knows.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from weike.sandbox.store import Store

CallTarget = Literal[
    "prepay",
    "query",
    "close",
    "refund",
    "query_refund",
    "bill",
    "download_bill",
    "transfer",
    "query_transfer",
]
BillTarget = Literal["bill_rows", "bill_file"]
"""What a bill says, and how its file is; the calls that fetch it are call targets."""
AlipayTarget = Literal[
    "alipay_query", "alipay_close", "alipay_refund", "alipay_query_refund", "alipay_bill"
]
Target = Literal["*", "notify", "alipay_notify"] | CallTarget | BillTarget | AlipayTarget

Kind = Literal[
    # Calls and notifications.
    "delay",  # `seconds` before anything happens
    "bad_signature",  # the signature belongs to other bytes
    "signtest",  # WeChat Pay's own probe: WECHATPAY/SIGNTEST/…
    "stale",  # signed `seconds` ago, 400 when not said
    "wrong_serial",  # a serial nobody knows
    "tamper",  # a byte changed after signing
    # Calls only.
    "refuse",  # answer `status` and `code`, do nothing
    "cut_before",  # connection lost, nothing happened
    "cut_after",  # it happened, and the connection is lost
    "error_after",  # it happened, and the answer is 500 SYSTEM_ERROR
    "unsigned",  # the answer carries no signature
    # Notifications only.
    "drop",  # this attempt is lost on the way
    "duplicate",  # sent `copies` times
    "reorder",  # overtaken by whatever is sent next
    "garble",  # validly signed, but the ciphertext is noise
    "other_merchant",  # validly signed and encrypted, but about another merchant
    "other_amount",  # says one fen less than was to be paid
    "other_currency",  # says USD
    # Bills only. Rows first, and `other_amount` too: one fen more than was paid.
    "missing_row",  # the day's first movement is left out
    "extra_row",  # a payment of a till nobody knows
    "double_row",  # the first movement stands there twice
    "half",  # the file ends in its middle
    "wrong_hash",  # the hash is of other bytes
]

DEFAULT_STALE_SECONDS = 400.0


class Fault(Struct, frozen=True):
    """One thing to do wrong. `remaining` counts down; null means until cleared."""

    target: Target
    kind: Kind
    remaining: int | None = 1
    probability: float = 1.0
    seconds: float = 0.0
    status: int = 403
    code: str = "RULE_LIMIT"
    copies: int = 2
    id: int = 0


def add_fault(store: Store, fault: Fault) -> None:
    store.run(
        "INSERT INTO faults (target, kind, remaining, probability, seconds, status, code, copies)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        fault.target,
        fault.kind,
        fault.remaining,
        fault.probability,
        fault.seconds,
        fault.status,
        fault.code,
        fault.copies,
    )


def clear_faults(store: Store) -> int:
    return store.run("DELETE FROM faults")


def faults_set(store: Store) -> list[Fault]:
    return store.every(Fault, "SELECT * FROM faults ORDER BY id")


def take_fault(
    store: Store,
    target: CallTarget | BillTarget | AlipayTarget | Literal["notify", "alipay_notify"],
    *,
    chance: Callable[[], float],
) -> Fault | None:
    """The oldest fault that applies and whose dice fall; it is used up by one.

    `*` means every call; notifications and bills are told wrong only by name.
    """
    by_name = target in ("notify", "alipay_notify", "bill_rows", "bill_file")
    wanted = (target, target) if by_name else (target, "*")
    for fault in store.every(
        Fault,
        "SELECT * FROM faults WHERE target IN (?, ?) AND (remaining IS NULL OR remaining > 0)"
        " ORDER BY id",
        *wanted,
    ):
        if chance() >= fault.probability:
            continue
        store.run("UPDATE faults SET remaining = remaining - 1 WHERE id = ?", fault.id)
        return fault
    return None
