"""docs/rules.md names every rule and publishes the axioms as they are tested."""

from __future__ import annotations

import re
from pathlib import Path

from acuerdo.choose import RULES
from tests.properties.axioms import SATISFIED

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")
COLUMNS = (
    "condorcet",
    "condorcet_loser",
    "monotonicity",
    "clones",
    "participation",
    "reinforcement",
    "weak_pareto",
)


def test_every_rule_is_described() -> None:
    assert [name for name in RULES if f"`{name}`" not in PAGE] == []


def test_published_axioms_are_the_tested_ones() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ((?:(?:yes|no) \| ?){7})$", PAGE, re.MULTILINE)
    published = {
        name: {
            axiom
            for axiom, cell in zip(COLUMNS, cells.split("|"), strict=False)
            if cell.strip() == "yes"
        }
        for name, cells in rows
    }
    assert published == {name: set(SATISFIED[name]) & set(COLUMNS) for name in RULES}
