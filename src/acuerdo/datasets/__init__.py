"""Read what people hand in as files: opinions, critiques, ratings and ballots, in any format.

Every reader takes a path, bytes or a binary stream, is bounded to 20 MB, and raises nothing but
`InputError` naming file, row and column. `docs/data.md` shows the formats. Readers of what
predictors learn from and are asked about (`read_pairs`, `READERS`) take larger files.
"""

from acuerdo.datasets.ballots import FORMATS as BALLOT_FORMATS
from acuerdo.datasets.ballots import BallotFile, Scale, read_ballots
from acuerdo.datasets.bundled import EXAMPLES, example
from acuerdo.datasets.columns import ColumnMap
from acuerdo.datasets.contents import FORMATS, Format
from acuerdo.datasets.critiques import CritiquesFile, read_critiques
from acuerdo.datasets.judging import (
    READERS,
    Argument,
    Aspect,
    KeyPointMatch,
    Leak,
    Perspective,
    Preference,
    Splits,
    assigned,
    leaks,
    preferences_from_comparisons,
    preferences_from_judgements,
    read_arguments,
    read_deliberationbank,
    read_deliberationbank_comparisons,
    read_habermas,
    read_habermas_positions,
    read_habermas_rankings,
    read_habermas_splits,
    read_judgements_parquet,
    read_key_points,
    read_perspectives,
    read_polarized_issues,
    read_polarized_preferences,
    read_polis,
    read_polis_open_data,
    read_splits,
    split_of,
    text_leaks,
    without_people_of,
    write_judgements,
    write_preferences,
)
from acuerdo.datasets.opinions import OpinionsFile, read_opinions
from acuerdo.datasets.pairs import PairsFile, read_pairs, read_pairs_judgements
from acuerdo.datasets.ratings import RatingsFile, read_ratings
from acuerdo.datasets.sources import MAX_BYTES, Source, SourceText, read_source
from acuerdo.datasets.toml_files import read_toml

__all__ = [
    "BALLOT_FORMATS",
    "EXAMPLES",
    "FORMATS",
    "MAX_BYTES",
    "READERS",
    "Argument",
    "Aspect",
    "BallotFile",
    "ColumnMap",
    "CritiquesFile",
    "Format",
    "KeyPointMatch",
    "Leak",
    "OpinionsFile",
    "PairsFile",
    "Perspective",
    "Preference",
    "RatingsFile",
    "Scale",
    "Source",
    "SourceText",
    "Splits",
    "assigned",
    "example",
    "leaks",
    "preferences_from_comparisons",
    "preferences_from_judgements",
    "read_arguments",
    "read_ballots",
    "read_critiques",
    "read_deliberationbank",
    "read_deliberationbank_comparisons",
    "read_habermas",
    "read_habermas_positions",
    "read_habermas_rankings",
    "read_habermas_splits",
    "read_judgements_parquet",
    "read_key_points",
    "read_opinions",
    "read_pairs",
    "read_pairs_judgements",
    "read_perspectives",
    "read_polarized_issues",
    "read_polarized_preferences",
    "read_polis",
    "read_polis_open_data",
    "read_ratings",
    "read_source",
    "read_splits",
    "read_toml",
    "split_of",
    "text_leaks",
    "without_people_of",
    "write_judgements",
    "write_preferences",
]
