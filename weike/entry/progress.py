"""Progress of long work: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from typing import TextIO

Progress = Callable[[str, float], None]
"""What is being done, and how much of it is done (0 to 1)."""

_WIDTH = 28
_LINES_EVERY_SECONDS = 2.0


class ProgressBar:
    """Call it as often as you like; it draws at most twenty times a second."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._on_terminal = self._stream.isatty()
        self._drawn_at = 0.0
        self._label = ""
        self._open_line = False

    def __call__(self, label: str, share: float) -> None:
        share = min(max(share, 0.0), 1.0)
        at = monotonic()
        pause = 0.05 if self._on_terminal else _LINES_EVERY_SECONDS
        if label == self._label and share < 1 and at - self._drawn_at < pause:
            return
        if label != self._label:
            self.close()
        self._drawn_at, self._label = at, label
        if self._on_terminal:
            done = round(share * _WIDTH)
            bar = "█" * done + "░" * (_WIDTH - done)
            self._stream.write(f"\r{bar} {share:4.0%}  {label}\x1b[K")
            self._open_line = True
        else:
            self._stream.write(f"{share:4.0%}  {label}\n")
        self._stream.flush()

    def close(self) -> None:
        if self._open_line:
            self._stream.write("\n")
            self._stream.flush()
            self._open_line = False
