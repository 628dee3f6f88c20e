"""Phrases, patterns and examples that come with the package, as text that people can extend."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def data_text(name: str) -> str:
    """Return the content of a data file of the screen."""
    return (files("acuerdo.questions.screening") / "data" / name).read_text("utf-8")


@cache
def data_lines(name: str) -> tuple[str, ...]:
    """Return the lines of a data file that are neither empty nor comments."""
    lines = (line.strip() for line in data_text(name).splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
