"""Examples that come with the package."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from acuerdo.datasets.opinions import OpinionsFile, read_opinions
from acuerdo.domain.errors import InputError

EXAMPLES: Final = ("bike_lane",)


def example(name: str = EXAMPLES[0]) -> OpinionsFile:
    """Return a bundled example with its question; raises InputError for an unknown name.

    >>> example("bike_lane").question
    'Should the parking lane on Mill Street become a protected bicycle lane?'
    """
    if name not in EXAMPLES:
        raise InputError(
            f"there is no example {name!r}", fix=f"The examples are: {', '.join(EXAMPLES)}."
        )
    file = f"{name}.json"
    content = files("acuerdo.datasets").joinpath("examples", file).read_bytes()
    return read_opinions(content, name=file)
