"""What the report of a corpus of questions shows, computed by whoever asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ALIKE: Final = 0.9
"""From this cosine on, two questions often ask the same in other words."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A question on the map: any coordinates, the larger `y` the higher, and the topic or -1."""

    x: float
    y: float
    id: str
    text: str
    topic: int = -1
    language: str = "en"


@dataclass(frozen=True, slots=True)
class TopicSize:
    """A topic: its number (-1 stands for questions without one), label and questions by split."""

    number: int
    label: str
    size: int
    splits: Mapping[str, int] = field(default_factory=dict)
    outliers: int = 0


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two different questions and the cosine of their vectors."""

    first: str
    second: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Direction:
    """How many questions of an area a "yes" would change things in, keep them, or is not known."""

    area: str
    change: int
    keep: int
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Screened:
    """How many questions were given a verdict ("allow", "review", "block") at a severity, 0-3."""

    verdict: str
    severity: int
    count: int


@dataclass(frozen=True, slots=True)
class Source:
    """Questions that come from the same place."""

    written_by: str
    name: str
    licence: str
    count: int


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Everything that the page and the figures of a corpus show; what is empty is left out.

    `count` is of all questions; `points` may be a sample of them, drawn when there are very many.
    `projection` says how the map was made, `grouped_by` whether topics were found by a program or
    are the fields of life that authors named. `with_sides` counts questions with both statements.
    `words` are the fewest, the median and the most words of a question. `nearness` counts, for bins
    of equal width from 0 to 1, questions whose nearest other question has a cosine in that bin.
    `nearest` are the closest pairs, closest first. `straddling` counts questions whose nearest
    other question has a cosine of ALIKE or more and stands in another split, None if that was not
    looked at. `rejects` are counted by reason in words. `facts` are further lines of the card.
    """

    title: str
    count: int
    points: tuple[MapPoint, ...] = ()
    projection: str = ""
    topics: tuple[TopicSize, ...] = ()
    grouped_by: Literal["meaning", "area"] = "meaning"
    splits: Mapping[str, int] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)
    with_sides: int = 0
    words: tuple[int, int, int] = (0, 0, 0)
    rejects: Mapping[str, int] = field(default_factory=dict)
    nearness: tuple[int, ...] = ()
    nearest: tuple[NearPair, ...] = ()
    straddling: int | None = None
    directions: tuple[Direction, ...] = ()
    screened: tuple[Screened, ...] = ()
    sources: tuple[Source, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def real_topics(self) -> tuple[TopicSize, ...]:
        """Topics without the questions that have none."""
        return tuple(topic for topic in self.topics if topic.number >= 0)
