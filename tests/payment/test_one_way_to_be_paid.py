"""There is one way to become paid (A-10, A-11): no test route, no "mark paid", no client's word.

Read from the source: who calls what writes the state. A planted call makes these tests fail.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import weike

ROOT = Path(weike.__file__).parent


def callers_of(name: str, root: Path = ROOT) -> set[str]:
    """Modules with a call of this function, by their path below the package."""
    return {
        str(file.relative_to(root))
        for file in root.rglob("*.py")
        for called in _calls(ast.parse(file.read_text("utf-8")))
        if called == name
    }


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def test_only_settling_marks_an_intent_paid() -> None:
    """`let_in` after a provider's verified word, `pay_by_balance` after taking from a balance."""
    assert callers_of("mark_paid", ROOT / "payment") == {"let_in.py", "balance/pay_by_balance.py"}
    assert callers_of("let_in", ROOT / "payment") == {"settle_payment.py"}


def test_only_the_provider_s_word_is_settled() -> None:
    """The demo makes its past of a fake provider's word; nobody else may."""
    callers = {file for file in callers_of("settle_payment") if not file.startswith("entry/demo")}
    assert callers == {
        "payment/desk/ask_about.py",
        "payment/desk/ask_again.py",
        "payment/query_payment.py",
        "payment/take_notification.py",
    }
    refunds = {file for file in callers_of("settle_refund") if not file.startswith("entry/demo")}
    assert refunds == {
        "payment/desk/ask_again.py",
        "payment/send_refund.py",
        "payment/take_notification.py",
    }


def test_no_statement_elsewhere_writes_payment_s_tables() -> None:
    writes = [
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        for verb in ("update payment.", "insert into payment.", "delete from payment.")
        if verb in file.read_text("utf-8").lower()
    ]
    assert {file.partition("/")[0] for file in writes} == {"payment"}
    assert all(file.endswith(("queries.py", "personal_data.py")) for file in writes), writes


def test_intents_are_written_in_one_place() -> None:
    files = ROOT.rglob("*.py")
    writes = {
        str(file.relative_to(ROOT))
        for file in files
        if re.search(r"(update|insert into) payment\.intents\b", file.read_text("utf-8"))
        and file.name != "personal_data.py"
    }
    assert writes == {"payment/queries.py"}


def test_a_planted_call_is_found(tmp_path: Path) -> None:
    (tmp_path / "left_over.py").write_text("async def f(tx):\n    await queries.mark_paid(tx)\n")
    assert callers_of("mark_paid", tmp_path) == {"left_over.py"}
