"""Doctests of the rooms that need torch are collected only where it is installed."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["src/acuerdo/neural", "src/acuerdo/train"]
