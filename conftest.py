"""Doctests of the rooms that need torch are collected only where it is installed.

Those of `train.drafting` never are: there are none, and its libraries take many seconds to import.
"""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = ["src/acuerdo/train/drafting"]
if find_spec("torch") is None:
    collect_ignore += ["src/acuerdo/neural", "src/acuerdo/train"]
