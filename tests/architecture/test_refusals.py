"""The API's description shows every refusal there is, in both languages."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import weike
from weike.entry.api_file import api_description, router_without_a_house
from weike.kernel.edge.refusals import all_refusals


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return api_description(router_without_a_house())


def test_every_refusal_is_shown_in_both_languages(described: dict[str, Any]) -> None:
    for module in pkgutil.walk_packages(weike.__path__, "weike."):
        if not module.name.endswith(("__main__", "cut_glyphs")):
            importlib.import_module(module.name)
    codes = {kind.code for kind in all_refusals()}
    assert len(codes) > 100
    shown = described["components"]["examples"]
    assert {f"{code}.{language}" for code in codes for language in ("zh", "en")} == set(shown)
    for name, example in shown.items():
        problem = example["value"]
        assert name.startswith(f"{problem['code']}."), name
        assert 400 <= problem["status"] < 600, name
        assert "{" not in problem["detail"], f"{name}: {problem['detail']}"


def test_every_route_says_what_it_may_refuse(described: dict[str, Any]) -> None:
    shown = described["components"]["examples"]
    responses = described["components"]["responses"]
    for path, operations in described["paths"].items():
        for operation in operations.values():
            told = operation["responses"]
            assert "400" not in told, path
            refusal = told["4XX"]
            if "$ref" in refusal:
                refusal = responses[refusal["$ref"].removeprefix("#/components/responses/")]
            content = refusal["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for name, example in content["examples"].items():
                assert example == {"$ref": f"#/components/examples/{name}"}
                assert name in shown


def test_a_route_that_names_its_refusals_is_told_by_them(described: dict[str, Any]) -> None:
    placing = described["paths"]["/api/shop/orders"]["post"]["responses"]["4XX"]
    examples = placing["content"]["application/problem+json"]["examples"]
    assert "trade.not_delivered_there.en" in examples
    assert "trade.not_shippable.zh" not in examples
    shown = described["components"]["examples"]["trade.out_of_stock.en"]["value"]
    assert shown["detail"] == 'Not enough of "明前龙井" in stock: 3 left'
