"""Readers of material by the name that run files give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from acuerdo.datasets.material.reading import Reader
from acuerdo.datasets.material.statements import read_statements

MATERIAL_READERS: Final[Mapping[str, Reader]] = {
    "statements": read_statements,
}
