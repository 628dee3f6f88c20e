"""Judgements of people about statements, read from published and exported files.

Polis conversations, Polarized Issues, DeliberationBank, the Habermas Machine's data and our own
Parquet files all become one table (`acuerdo.domain.judgements`); `docs/data.md` shows what each
file holds. Readers raise nothing but `InputError` naming file, row and column.
"""

from acuerdo.datasets.judging.arguments import (
    Argument,
    KeyPointMatch,
    Perspective,
    read_arguments,
    read_key_points,
    read_perspectives,
)
from acuerdo.datasets.judging.deliberationbank import (
    Aspect,
    read_deliberationbank,
    read_deliberationbank_comparisons,
)
from acuerdo.datasets.judging.habermas import (
    read_habermas,
    read_habermas_positions,
    read_habermas_rankings,
    read_habermas_splits,
)
from acuerdo.datasets.judging.leaks import (
    Leak,
    leaks,
    text_leaks,
)
from acuerdo.datasets.judging.parquet import (
    read_judgements_parquet,
    write_judgements,
)
from acuerdo.datasets.judging.polarized import (
    read_polarized_issues,
    read_polarized_preferences,
)
from acuerdo.datasets.judging.polis import (
    read_polis,
    read_polis_open_data,
)
from acuerdo.datasets.judging.preference_format import (
    Preference,
    preferences_from_comparisons,
    preferences_from_judgements,
    write_preferences,
)
from acuerdo.datasets.judging.registry import (
    READERS,
)
from acuerdo.datasets.judging.splits import (
    Splits,
    assigned,
    read_splits,
    split_of,
    without_people_of,
)

__all__ = [
    "READERS",
    "Argument",
    "Aspect",
    "KeyPointMatch",
    "Leak",
    "Perspective",
    "Preference",
    "Splits",
    "assigned",
    "leaks",
    "preferences_from_comparisons",
    "preferences_from_judgements",
    "read_arguments",
    "read_deliberationbank",
    "read_deliberationbank_comparisons",
    "read_habermas",
    "read_habermas_positions",
    "read_habermas_rankings",
    "read_habermas_splits",
    "read_judgements_parquet",
    "read_key_points",
    "read_perspectives",
    "read_polarized_issues",
    "read_polarized_preferences",
    "read_polis",
    "read_polis_open_data",
    "read_splits",
    "split_of",
    "text_leaks",
    "without_people_of",
    "write_judgements",
    "write_preferences",
]
