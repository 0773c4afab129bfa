"""What the simulation remembers: one SQLite file in the data folder, so that a restart keeps it.

All access is from the one event loop of the sandbox, and no statement is awaited: a `write()`
block is therefore atomic towards other requests as well as towards a crash.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    mch_id text NOT NULL,
    out_trade_no text NOT NULL,
    app_id text NOT NULL,
    channel text NOT NULL,
    fingerprint text NOT NULL,        -- what may not change when the order is sent again
    description text NOT NULL,
    attach text NOT NULL,
    total integer NOT NULL,
    currency text NOT NULL,
    openid text NOT NULL,
    notify_url text NOT NULL,
    payable_until integer NOT NULL,
    created_at integer NOT NULL,
    state text NOT NULL,              -- NOTPAY -> SUCCESS -> REFUND; NOTPAY -> CLOSED
    transaction_id text NOT NULL DEFAULT '',
    paid_at integer NOT NULL DEFAULT 0,
    PRIMARY KEY (mch_id, out_trade_no)
);
CREATE TABLE IF NOT EXISTS prepays (
    prepay_id text PRIMARY KEY,
    mch_id text NOT NULL,
    out_trade_no text NOT NULL,
    expires_at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS refunds (
    mch_id text NOT NULL,
    out_refund_no text NOT NULL,
    refund_id text NOT NULL,
    out_trade_no text NOT NULL,
    refund integer NOT NULL,
    reason text NOT NULL,
    notify_url text NOT NULL,
    status text NOT NULL,             -- PROCESSING -> SUCCESS | ABNORMAL
    created_at integer NOT NULL,
    done_at integer NOT NULL DEFAULT 0,
    PRIMARY KEY (mch_id, out_refund_no)
);
CREATE TABLE IF NOT EXISTS transfers (
    mch_id text NOT NULL,
    out_bill_no text NOT NULL,
    transfer_bill_no text NOT NULL,
    app_id text NOT NULL,
    openid text NOT NULL,
    amount integer NOT NULL,
    remark text NOT NULL,
    name text NOT NULL,               -- decrypted; the simulation knows nobody's real name
    notify_url text NOT NULL,
    state text NOT NULL,              -- WAIT_USER_CONFIRM -> SUCCESS | FAIL
    package_info text NOT NULL,
    fail_reason text NOT NULL,
    created_at integer NOT NULL,
    ended_at integer NOT NULL,
    PRIMARY KEY (mch_id, out_bill_no)
);
CREATE TABLE IF NOT EXISTS notifications (
    id text PRIMARY KEY,
    mch_id text NOT NULL,
    event_type text NOT NULL,
    original_type text NOT NULL,
    summary text NOT NULL,
    url text NOT NULL,
    plain text NOT NULL,
    created_at integer NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at integer,                   -- null: delivered or given up
    result text NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS bill_files (
    token text PRIMARY KEY,
    mch_id text NOT NULL,
    content text NOT NULL             -- base64 of the packed file
);
CREATE TABLE IF NOT EXISTS faults (
    id integer PRIMARY KEY AUTOINCREMENT,
    target text NOT NULL,
    kind text NOT NULL,
    remaining integer,                -- null: until cleared
    probability real NOT NULL,
    seconds real NOT NULL,
    status integer NOT NULL,
    code text NOT NULL,
    copies integer NOT NULL
);
CREATE TABLE IF NOT EXISTS login_codes (
    code text PRIMARY KEY,
    purpose text NOT NULL,            -- mini_program | oauth | phone
    app_id text NOT NULL,
    person_id text NOT NULL,
    scope text NOT NULL,
    expires_at integer NOT NULL,
    used integer NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS tokens (
    token text PRIMARY KEY,
    app_id text NOT NULL,
    person_id text NOT NULL,          -- '' for the token of an app itself
    scope text NOT NULL,
    expires_at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS text_messages (
    id integer PRIMARY KEY AUTOINCREMENT,
    phone text NOT NULL,
    code text NOT NULL,
    text text NOT NULL,
    at integer NOT NULL
);
CREATE TABLE IF NOT EXISTS alipay_trades (
    app_id text NOT NULL,
    seller_id text NOT NULL,
    out_trade_no text NOT NULL,
    trade_no text NOT NULL DEFAULT '',  -- empty until a buyer opens the cashier
    token text NOT NULL UNIQUE,
    method text NOT NULL,
    subject text NOT NULL,
    total integer NOT NULL,
    notify_url text NOT NULL,
    return_url text NOT NULL,
    payable_until integer NOT NULL,
    created_at integer NOT NULL,
    state text NOT NULL,              -- WAIT_BUYER_PAY -> TRADE_SUCCESS | TRADE_CLOSED
    buyer_id text NOT NULL DEFAULT '',
    paid_at integer NOT NULL DEFAULT 0,
    closed_at integer NOT NULL DEFAULT 0,
    PRIMARY KEY (app_id, out_trade_no)
);
CREATE TABLE IF NOT EXISTS alipay_refunds (
    app_id text NOT NULL,
    out_request_no text NOT NULL,
    out_trade_no text NOT NULL,
    amount integer NOT NULL,
    reason text NOT NULL,
    created_at integer NOT NULL,
    done_at integer NOT NULL,         -- may lie ahead: accepted, not with the buyer yet
    PRIMARY KEY (app_id, out_trade_no, out_request_no)
);
CREATE TABLE IF NOT EXISTS alipay_notifications (
    id text PRIMARY KEY,
    app_id text NOT NULL,
    url text NOT NULL,
    fields text NOT NULL,
    created_at integer NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at integer,                   -- null: answered with success, or given up
    result text NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS notifications_due ON notifications (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_of_order ON refunds (mch_id, out_trade_no);
"""

T = TypeVar("T")
Value = str | int | float | None


class Store:
    """Rows in and out as typed values."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

    @contextmanager
    def write(self) -> Iterator[None]:
        """All statements inside happen, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def run(self, sql: str, *values: Value) -> int:
        """Returns how many rows changed."""
        return self._db.execute(sql, values).rowcount

    def every(self, kind: type[T], sql: str, *values: Value) -> list[T]:
        rows = self._db.execute(sql, values).fetchall()
        return [msgspec.convert(dict(row), type=kind, strict=False) for row in rows]

    def one(self, kind: type[T], sql: str, *values: Value) -> T | None:
        found = self.every(kind, sql, *values)
        return found[0] if found else None

    def number(self, sql: str, *values: Value) -> int:
        (value,) = self._db.execute(sql, values).fetchone()
        return int(value or 0)

    def setting(self, name: str, default: str) -> str:
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    def keep_setting(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    def close(self) -> None:
        self._db.close()
