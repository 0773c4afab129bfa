"""The map and the glossary know every folder of the business."""

from __future__ import annotations

import re
from pathlib import Path

from weike.entry.contexts import contexts

ROOT = Path(__file__).parents[2]
FOLDERS = frozenset(
    path.name for path in (ROOT / "weike").iterdir() if (path / "__init__.py").is_file()
)


def folders_missing_in(text: str, folders: frozenset[str]) -> set[str]:
    return {name for name in folders if f"`weike/{name}`" not in text}


def test_the_map_names_every_folder() -> None:
    text = (ROOT / "docs/map.md").read_text("utf-8")
    assert folders_missing_in(text, FOLDERS) == set()


def test_the_map_names_no_folder_that_is_gone() -> None:
    text = (ROOT / "docs/map.md").read_text("utf-8")
    assert set(re.findall(r"`weike/(\w+)`", text)) - FOLDERS == set()


def test_a_planted_folder_is_missed() -> None:
    text = (ROOT / "docs/map.md").read_text("utf-8")
    assert folders_missing_in(text, FOLDERS | {"gossip"}) == {"gossip"}


def test_the_glossary_has_every_part_in_both_languages() -> None:
    rows = re.findall(r"^\| (\w+) \| ([^|]+) \|", (ROOT / "docs/glossary.md").read_text(), re.M)
    words = {english: chinese.strip() for english, chinese in rows}
    missing = [name for name in contexts() if not words.get(name)]
    assert missing == []


def test_every_folder_of_the_business_is_migrated_in_its_order() -> None:
    with_tables = {name for name in FOLDERS if (ROOT / "weike" / name / "migrations").is_dir()}
    assert with_tables <= set(contexts())


def test_every_front_door_says_what_it_owns() -> None:
    silent = [
        name
        for name in FOLDERS
        if not (ROOT / "weike" / name / "__init__.py").read_text("utf-8").startswith('"""')
    ]
    assert silent == []


def test_every_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = project.partition("dependencies = [")[2].partition("[project.scripts]")[0]
    listed += project.partition("dev = [")[2].partition("]")[0]
    names = re.findall(r'^\s+"([A-Za-z0-9_-]+)', listed, re.M)
    reasons = (ROOT / "docs/dependencies.md").read_text("utf-8")
    assert names
    assert [name for name in names if f"`{name}`" not in reasons] == []
