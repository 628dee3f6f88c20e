"""What the drafting model learns from: groups' opinions with a statement, read and divided.

Readers give `Material`; `gather` divides it by whole questions and keeps its parts free of leaks;
`build_examples` renders it with the prompts that drafting uses. docs/drafting_data.md shows the
formats.
"""

from acuerdo.datasets.material.examples import Example, build_examples, example_of
from acuerdo.datasets.material.reading import QUALITY_ABOVE, Reading
from acuerdo.datasets.material.registry import MATERIAL_READERS
from acuerdo.datasets.material.sources import (
    Gathered,
    MaterialSource,
    gather,
    materials_of,
    read_material,
)

__all__ = [
    "MATERIAL_READERS",
    "QUALITY_ABOVE",
    "Example",
    "Gathered",
    "MaterialSource",
    "Reading",
    "build_examples",
    "example_of",
    "gather",
    "materials_of",
    "read_material",
]
