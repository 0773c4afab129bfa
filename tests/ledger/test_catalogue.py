"""The prose and the code know the same accounts and kinds of transfers."""

import re
from pathlib import Path

from weike import ledger

PROSE = (Path(__file__).parents[2] / "docs" / "algorithms" / "ledger.md").read_text("utf-8")


def first_column(heading: str) -> set[str]:
    section = PROSE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_]+)(?::<provider>)?` \|", section, re.MULTILINE))


def test_every_account_is_in_the_prose() -> None:
    assert first_column("Accounts") == set(ledger.ACCOUNTS)


def test_every_kind_of_transfer_is_in_the_prose() -> None:
    assert first_column("Every kind of transfer") == ledger.TRANSFER_KINDS
