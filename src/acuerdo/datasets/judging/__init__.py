"""Judgements of people about statements, read from published and exported files.

Polis conversations, Polarized Issues, DeliberationBank, the Habermas Machine's data and our own
Parquet files all become one table (`acuerdo.domain.judgements`); `docs/data.md` shows what each
file holds. Readers raise nothing but `InputError` naming file, row and column.
"""

from acuerdo.datasets.judging.deliberationbank import (
    Aspect,
    read_deliberationbank,
    read_deliberationbank_comparisons,
)
from acuerdo.datasets.judging.polarized import read_polarized_issues, read_polarized_preferences
from acuerdo.datasets.judging.polis import read_polis, read_polis_open_data
from acuerdo.datasets.judging.registry import READERS

__all__ = [
    "READERS",
    "Aspect",
    "read_deliberationbank",
    "read_deliberationbank_comparisons",
    "read_polarized_issues",
    "read_polarized_preferences",
    "read_polis",
    "read_polis_open_data",
]
