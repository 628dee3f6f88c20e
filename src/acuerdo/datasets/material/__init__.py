"""What the drafting model learns from: groups' opinions with a statement, read and divided.

Readers give `Material`; `gather` divides it by whole questions and keeps its parts free of leaks;
`build_examples` renders it with the prompts that drafting uses. docs/drafting_data.md shows the
formats.
"""

from acuerdo.datasets.material.card import card_of, card_text
from acuerdo.datasets.material.data_runs import DataRun, read_data_run
from acuerdo.datasets.material.examples import Example, build_examples, example_of
from acuerdo.datasets.material.lines import Line, read_lines
from acuerdo.datasets.material.reading import QUALITY_ABOVE, ReaderOptions, Reading
from acuerdo.datasets.material.registry import MATERIAL_READERS
from acuerdo.datasets.material.sources import (
    Gathered,
    MaterialSource,
    gather,
    materials_of,
    read_material,
)
from acuerdo.datasets.material.trl import (
    example_lines,
    pair_lines,
    read_draft_pairs,
    read_examples,
)
from acuerdo.datasets.material.verdicts import read_verdicts

__all__ = [
    "MATERIAL_READERS",
    "QUALITY_ABOVE",
    "DataRun",
    "Example",
    "Gathered",
    "Line",
    "MaterialSource",
    "ReaderOptions",
    "Reading",
    "build_examples",
    "card_of",
    "card_text",
    "example_lines",
    "example_of",
    "gather",
    "materials_of",
    "pair_lines",
    "read_data_run",
    "read_draft_pairs",
    "read_examples",
    "read_lines",
    "read_material",
    "read_verdicts",
]
