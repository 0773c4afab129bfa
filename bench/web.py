"""The web process under load: started as a user starts it, asked over loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.cpu import seconds_of
from bench.pgbench import Measured

HOST = "127.0.0.1"


@contextmanager
def serving(data: Path, *, port: int, workers: int) -> Iterator[int]:
    """The pid of `weike serve`, once it answers."""
    environment = {
        **os.environ,
        "WEIKE_DATA": str(data),
        "WEIKE_PORT": str(port),
        "WEIKE_WORKERS": str(workers),
        "WEIKE_RATE_FACTOR": "1000000",
        "WEIKE_ACCESS_LOG": "no",
        "WEIKE_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([sys.executable, "-m", "weike.entry.cli", "serve"], env=environment)
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit("weike serve ended")
            try:
                with urllib.request.urlopen(f"http://{HOST}:{port}/readyz") as ready:
                    if ready.status == 200:
                        break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def put_under_load(
    name: str, plan: dict[str, Any], *, web: int, postmaster: int, allowed: tuple[int, ...]
) -> tuple[Measured, float]:
    """What the web and the database used per operation, and what the generator used itself.

    A first short round warms caches and prepared statements and is thrown away.
    """
    _generate({**plan, "seconds": 1.5, "seed": plan["seed"] + 7919})
    web_before, database_before = seconds_of([web]), seconds_of([postmaster])
    result = _generate(plan)
    web_used = seconds_of([web]) - web_before
    database_used = seconds_of([postmaster]) - database_before
    wrong = {code: n for code, n in result["statuses"].items() if int(code) not in allowed}
    if wrong:
        raise SystemExit(f"{name}: answers that should not be: {wrong}")
    operations = result["operations"]
    measured = Measured(
        name=name,
        per_second=result["per_second"],
        client_us=web_used / operations * 1e6,
        database_us=database_used / operations * 1e6,
        p50_ms=result["p50_ms"],
        p99_ms=result["p99_ms"],
    )
    return measured, result["cpu_seconds"] / operations * 1e6


def _generate(plan: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"the generator failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result
