"""The database's own limit: pgbench runs the same order as SQL, one transaction per order."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from uuid import UUID

from bench.cpu import seconds_of
from weike.kernel.embedded import tool

_ADDRESS = {
    "name": "测试",
    "phone_cipher": "c2VhbGVkIHBob25lIG51bWJlciBvZiB0aGUgdXN1YWwgbGVuZ3Ro",
    "phone_tail": "0000",
    "region_code": "360703",
    "province": "江西省",
    "city": "赣州市",
    "district": "南康区",
    "street": "橙园路 1 号",
}
_ATTRIBUTION = {"source": "none", "rule_version": 0, "reasons": [{"code": "relation_none"}]}
_EVENT = {
    "order_id": "00000000-0000-0000-0000-000000000000",
    "number": "261111000001",
    "payable_minor": 3980,
    "currency": "CNY",
    "attribution": _ATTRIBUTION,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU in microseconds per operation, of the client and of the database."""

    name: str
    per_second: float
    client_us: float
    database_us: float
    p50_ms: float | None = None
    p99_ms: float | None = None
    refused: int = 0

    @property
    def total_us(self) -> float:
        return self.client_us + self.database_us


def run_pgbench(
    name: str,
    script: str,
    *,
    app_url: str,
    postmaster: int,
    tenant: UUID,
    skus: int,
    members: int,
    clients: int,
    seconds: int,
) -> Measured:
    """Transactions that failed would flatter the figure, so any failure ends the run."""
    text = files("bench").joinpath("sql", f"{script}.sql").read_text("utf-8")
    facts = {
        "tenant": tenant,
        "skus": skus,
        "members": members,
        "address": json.dumps(_ADDRESS, ensure_ascii=False),
        "attribution": json.dumps(_ATTRIBUTION),
        "event": json.dumps(_EVENT),
    }
    for key, value in facts.items():
        text = text.replace("{" + key + "}", str(value))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.sql"
        path.write_text(text, "utf-8")
        before = seconds_of([postmaster])
        command = [str(tool("pgbench")), "-n", "-M", "prepared", "-j", "1", "-f", str(path)]
        command += ["-c", str(clients), "-T", str(seconds), app_url]
        # `time` would count the client from outside; bash's own `times` needs no other program.
        done = subprocess.run(
            ["bash", "-c", '"$@"; times', "bench", *command],
            capture_output=True,
            text=True,
            check=False,
        )
        database = seconds_of([postmaster]) - before
    transactions = _number(r"transactions actually processed: (\d+)", done.stdout)
    if "failed transactions: 0 " not in done.stdout or not transactions:
        raise SystemExit(f"pgbench {script} failed:\n{done.stdout}\n{done.stderr}")
    user, system = re.findall(r"(\d+)m([\d.]+)s", done.stdout.splitlines()[-1])
    client = sum(int(minutes) * 60 + float(rest) for minutes, rest in (user, system))
    return Measured(
        name=name,
        per_second=_number(r"tps = ([\d.]+)", done.stdout),
        client_us=client / transactions * 1e6,
        database_us=database / transactions * 1e6,
        p50_ms=_number(r"latency average = ([\d.]+)", done.stdout),
    )


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found.group(1)) if found else 0.0
