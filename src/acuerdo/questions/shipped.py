"""The corpus that comes with the package."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

CORPUS_NAME: Final = "corpus.jsonl.gz"


def shipped_corpus() -> bytes:
    """Return the corpus's file, compressed JSON Lines of questions; b"" if none comes along."""
    file = files("acuerdo.questions") / "data" / CORPUS_NAME
    return file.read_bytes() if file.is_file() else b""
