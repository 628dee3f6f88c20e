"""Invented groups: three people on a street, a lake and a library."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from acuerdo.domain.material import Material

OPINIONS = ("Plant trees.", "Keep the bays.", "Ask the shops first.")
STATEMENT = "We plant trees where no shop suffers."
REVISED = "We plant trees, but ask every shop first."
CRITIQUES = ("Too few trees.", "", "Ask us first.")


def material(**changed: Any) -> Material:
    """Return a first draft of a group on a street, with changes."""
    fields: dict[str, Any] = {
        "group": "g1",
        "question": "Should we plant trees in Mill Street?",
        "opinions": OPINIONS,
        "statement": STATEMENT,
        "split": "train",
        "source": "invented",
        "licence": "CC BY 4.0",
        "author": "a large language model",
    }
    return Material(**fields | changed)


def revision(**changed: Any) -> Material:
    """Return the revision of `material()`."""
    return material(statement=REVISED, previous=STATEMENT, critiques=CRITIQUES, **changed)


def group(number: int, question: str, **changed: Any) -> dict[str, Any]:
    """Return a line of groups.jsonl."""
    fields: dict[str, Any] = {
        "id": f"t{number}",
        "source": "deliberationbank",
        "question": question,
        "opinions": list(OPINIONS),
        "statement": STATEMENT,
        "split": "train",
    }
    return fields | changed


def written(path: Path, lines: Sequence[object]) -> Path:
    """Write JSON Lines and return their path."""
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path
