"""CPU seconds of processes, read from the system: the figure that neighbours disturb least."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(root_pids: Iterable[int]) -> float:
    """User and system time of these processes, their living children and the ended ones."""
    children: dict[int, list[int]] = {}
    times: dict[int, tuple[int, int]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # The name may hold spaces and brackets; what follows the last bracket does not.
        fields = stat.rpartition(")")[2].split()
        pid, parent = int(entry.name), int(fields[1])
        own, ended = int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
        children.setdefault(parent, []).append(pid)
        times[pid] = (own, ended)
    total, left = 0, list(root_pids)
    while left:
        pid = left.pop()
        own, ended = times.get(pid, (0, 0))
        total += own + ended
        left += children.get(pid, [])
    return total / _TICK
