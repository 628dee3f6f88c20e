"""Read what people hand in as files: opinions, critiques, ratings and ballots, in any format.

Every reader takes a path, bytes or a binary stream, is bounded to 20 MB, and raises nothing but
`InputError` naming file, row and column. `docs/data.md` shows the formats.
"""

from acuerdo.datasets.ballots import FORMATS as BALLOT_FORMATS
from acuerdo.datasets.ballots import BallotFile, Scale, read_ballots
from acuerdo.datasets.bundled import EXAMPLES, example
from acuerdo.datasets.columns import ColumnMap
from acuerdo.datasets.contents import FORMATS, Format
from acuerdo.datasets.critiques import CritiquesFile, read_critiques
from acuerdo.datasets.judging import (
    READERS,
    Aspect,
    read_deliberationbank,
    read_deliberationbank_comparisons,
    read_polarized_issues,
    read_polarized_preferences,
    read_polis,
    read_polis_open_data,
)
from acuerdo.datasets.opinions import OpinionsFile, read_opinions
from acuerdo.datasets.ratings import RatingsFile, read_ratings
from acuerdo.datasets.sources import MAX_BYTES, Source, SourceText, read_source

__all__ = [
    "BALLOT_FORMATS",
    "EXAMPLES",
    "FORMATS",
    "MAX_BYTES",
    "READERS",
    "Aspect",
    "BallotFile",
    "ColumnMap",
    "CritiquesFile",
    "Format",
    "OpinionsFile",
    "RatingsFile",
    "Scale",
    "Source",
    "SourceText",
    "example",
    "read_ballots",
    "read_critiques",
    "read_deliberationbank",
    "read_deliberationbank_comparisons",
    "read_opinions",
    "read_polarized_issues",
    "read_polarized_preferences",
    "read_polis",
    "read_polis_open_data",
    "read_ratings",
    "read_source",
]
