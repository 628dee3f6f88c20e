"""Readers of material by the name that run files give them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from acuerdo.datasets.material.habermas import read_habermas_material
from acuerdo.datasets.material.rated import read_csv_table, read_jsonl_table, read_platform
from acuerdo.datasets.material.reading import Reader
from acuerdo.datasets.material.statements import read_statements
from acuerdo.datasets.material.trl import read_trl

MATERIAL_READERS: Final[Mapping[str, Reader]] = {
    "statements": read_statements,
    "platform": read_platform,
    "habermas": read_habermas_material,
    "jsonl": read_jsonl_table,
    "csv": read_csv_table,
    "trl": read_trl,
}
