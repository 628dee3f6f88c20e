"""The examples in docs/data.md are read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acuerdo.datasets import read_critiques, read_opinions, read_ratings

PAGE = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
OPINIONS = PAGE[PAGE.index("## Opinions") : PAGE.index("### People")]
EXAMPLES = re.findall(r"^```(csv|json|jsonl|text)\n(.*?)^```", OPINIONS, re.MULTILINE | re.DOTALL)


def example_under(heading: str) -> bytes:
    found = re.search(rf"^## {heading}$.*?^```csv\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/data.md shows no CSV under {heading}"
    return found[1].encode()


@pytest.mark.parametrize(("format_", "text"), EXAMPLES)
def test_every_example_of_opinions_is_read_with_and_without_its_format(
    format_: str, text: str
) -> None:
    named = read_opinions(text.encode(), format=format_)
    assert len(named.opinions) == 2
    assert read_opinions(text.encode()).opinions == named.opinions


def test_every_format_has_an_example() -> None:
    assert {format_ for format_, _ in EXAMPLES} == {"csv", "json", "jsonl", "text"}


def test_the_examples_of_critiques_and_ratings_are_read() -> None:
    assert len(read_critiques(example_under("Critiques")).critiques) == 2
    assert [rating.value for rating in read_ratings(example_under("Ratings")).ratings] == [6.0, 3.0]
