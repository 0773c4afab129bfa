"""Logs: one JSON object per line on standard error, with ids and without personal data.

Only named facts of an allow-list leave the process, and of an exception only its type and the
places in the code: messages of exceptions may hold what people typed.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any

import msgspec

FACTS = frozenset(
    {
        *("request_id", "tenant_id", "order_id", "route", "method", "status", "milliseconds"),
        *("error", "constraint", "topic", "subscriber", "attempts", "job", "count", "outbox_id"),
        *("worker", "path", "reason", "version", "check", "expected", "found", "row"),
    }
)


class JSONLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: value for key, value in record.__dict__.items() if key in FACTS})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["where"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return msgspec.json.encode(line, enc_hook=str).decode()


def configure_logging(*, level: str = "INFO", stream: IO[str] | None = None) -> None:
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JSONLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.getLogger("httpx").setLevel("WARNING")  # It logs addresses with their queries.


class AccessLog:
    """A line per request, written in bundles: a system call per request costs more than its line.

    What a killed process had not yet written is lost, half a second at most.
    """

    def __init__(
        self, *, write: Callable[[bytes], object] | None = None, seconds: float = 0.5
    ) -> None:
        self._write = write or sys.stderr.buffer.write
        self._seconds = seconds
        self._lines: list[bytes] = []
        self._encoder = msgspec.json.Encoder(enc_hook=str)

    def note(self, line: dict[str, object]) -> None:
        if not self._lines:
            asyncio.get_running_loop().call_later(self._seconds, self.flush)
        self._lines.append(self._encoder.encode(line))

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines:
            self._write(b"\n".join(lines) + b"\n")
            if self._write == sys.stderr.buffer.write:
                sys.stderr.buffer.flush()
