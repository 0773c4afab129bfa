"""Descriptions are harmless, whatever was pasted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weike.catalog.description import safe_description

OWN = "/media/" + "0" * 32 + "/" + "a" * 22 + "-l.webp"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("第一行\n\n第二行 & <3", "<p>第一行</p><p>第二行 &amp; &lt;3</p>"),
        ("<p onclick='x()'>好<script>alert(1)</script></p>", "<p>好</p>"),
        (f"<img src='{OWN}' onerror=x>", f'<img src="{OWN}">'),
        ("<img src='https://elsewhere.example/pixel.gif'>", "<img>"),
        ("<img src='javascript:alert(1)'>", "<img>"),
        ("<a href='https://elsewhere.example'>去</a>", "<p>去</p>"),
        ("<p style='position:fixed'>x</p>", "<p>x</p>"),
        ("<iframe src='//x'></iframe><b>粗</b>", "<b>粗</b>"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", "<img>"),
        ("<td colspan=2 rowspan=x>a</td>", "<p>a</p>"),
        ("<!-- x --><p>y", "<p>y</p>"),
    ],
)
def test_only_the_harmless_is_kept(pasted: str, kept: str) -> None:
    assert safe_description(pasted) == kept


@given(st.text(alphabet="<>/apimgsrc=\"' onclick&;龙\n", max_size=80))
def test_cleaning_twice_is_cleaning_once(pasted: str) -> None:
    once = safe_description(pasted)
    assert safe_description(once) == once
