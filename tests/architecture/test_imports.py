"""Who may import whom: the contract holds, and a planted violation of each kind breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint(folder: Path, *contracts: str) -> tuple[int, str]:
    wanted = [word for contract in contracts for word in ("--contract", contract)]
    done = subprocess.run(  # noqa: S603 - our own tool
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", *wanted],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_contract_is_kept() -> None:
    status, said = lint(ROOT)
    assert status == 0, said


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(
        ROOT / "weike",
        folder / "weike",
        ignore=lambda _, names: [n for n in names if "." in n and not n.endswith(".py")],
    )
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


@pytest.mark.parametrize(
    ("contract", "file", "planted"),
    [
        ("direction", "ledger/post.py", "from weike import trade"),
        ("direction", "inventory/queries.py", "from weike import ledger"),
        ("direction", "kernel/money.py", "from weike.entry import settings"),
        ("direction", "gossip/__init__.py", "'''A folder that no layer names.'''"),
        ("front-door-ledger", "trade/bookings.py", "from weike.ledger import queries"),
        ("pure", "trade/model.py", "import asyncpg"),
        ("database-tool", "catalog/queries.py", "import asyncpg"),
        ("sandbox-knows-nobody", "sandbox/wire.py", "from weike.kernel import Money"),
        ("sandbox-is-a-leaf", "payment/jobs.py", "import weike.sandbox"),
    ],
)
def test_a_planted_import_breaks_it(copy: Path, contract: str, file: str, planted: str) -> None:
    path = copy / "weike" / file
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{planted}\n")
    try:
        status, said = lint(copy, contract)
    finally:
        if before is None:
            shutil.rmtree(path.parent)
        else:
            path.write_text(before)
    assert status != 0, said
    assert "BROKEN" in said or "exhaustive" in said.lower() or "gossip" in said, said
