"""Readers of judgements by the name that run files give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from acuerdo.datasets.judging.deliberationbank import read_deliberationbank
from acuerdo.datasets.judging.habermas import read_habermas
from acuerdo.datasets.judging.parquet import read_judgements_parquet
from acuerdo.datasets.judging.polarized import read_polarized_issues
from acuerdo.datasets.judging.polis import read_polis, read_polis_open_data
from acuerdo.datasets.pairs import read_pairs_judgements
from acuerdo.domain.judgements import Judgements

READERS: Final[Mapping[str, Callable[[Path], Judgements]]] = {
    "polis_open_data": read_polis_open_data,
    "polis_open_data_voters": lambda path: read_polis_open_data(path, voters="all"),
    "polis": read_polis,
    "polarized_issues": read_polarized_issues,
    "deliberationbank": read_deliberationbank,
    "habermas": read_habermas,
    "parquet": read_judgements_parquet,
    "csv": read_pairs_judgements,
}
