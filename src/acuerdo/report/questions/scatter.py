"""The map of questions: where every point and every label stands, in units of the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from acuerdo.report.questions.marks import NO_TOPIC, Mark, Place, marks_of
from acuerdo.report.questions.values import CorpusReport, MapPoint, TopicSize

WIDTH: Final = 1000
LOWEST: Final = 560
HIGHEST: Final = 900
"""The drawing is as high as its points need, within these bounds."""
MARGIN: Final = 30


@dataclass(frozen=True, slots=True)
class Dot:
    """A question's place; `number` counts from 1 in the order of the report's points."""

    x: float
    y: float
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The dots of one topic with their mark."""

    topic: TopicSize
    colour: int
    shape: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A topic's name where there is room for it, centred at x, y."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class QuestionMap:
    """The whole drawing. `wide` labels are for large screens, `narrow` ones, fewer, for phones."""

    height: int
    clusters: tuple[Cluster, ...]
    wide: tuple[Label, ...]
    narrow: tuple[Label, ...]

    @property
    def style(self) -> str:
        """How marks are drawn: larger where there are few, in one colour where nothing is known."""
        few = sum(len(one.dots) for one in self.clusters) <= FEW
        grouped = any(one.topic.number >= 0 for one in self.clusters)
        return " ".join(("map", *["few"] * few, *["plain"] * (not grouped)))

    @property
    def marks(self) -> Mapping[int, Mark]:
        """Colour and shape by number of the topic."""
        return {one.topic.number: (one.colour, one.shape) for one in self.clusters}


_SPREAD: Final = 0.08
"""The furthest that half of a topic's points may lie from its middle, for it to have a name."""
_SHORT: Final = 18
FEW: Final = 800
"""Up to so many questions marks are drawn twice as large."""
WIDE_LETTERS: Final = 15.0
NARROW_LETTERS: Final = 36.0
"""Heights of letters in units of the drawing, which a phone shows at a third of its size."""


def question_map(report: CorpusReport) -> QuestionMap | None:
    """Return the map, None if no question has a place on it."""
    if not report.points:
        return None
    places, height = _scaled(report.points)
    members: dict[int, list[int]] = {}
    for row, point in enumerate(report.points):
        members.setdefault(point.topic, []).append(row)
    known = {topic.number: topic for topic in report.topics}
    topics = [
        known.get(number, TopicSize(number, f"topic {number}" if number >= 0 else "", len(rows)))
        for number, rows in sorted(members.items(), key=lambda one: (-len(one[1]), one[0]))
    ]
    centres = {
        topic.number: _centre([places[row] for row in members[topic.number]]) for topic in topics
    }
    real = [topic for topic in topics if topic.number >= 0]
    found = marks_of([centres[topic.number] for topic in real])
    marks = dict(zip((topic.number for topic in real), found, strict=True))
    clusters = tuple(
        Cluster(
            topic,
            *marks.get(topic.number, NO_TOPIC),
            tuple(
                Dot(*places[row], row + 1, report.points[row].text) for row in members[topic.number]
            ),
        )
        # Points of no topic lie underneath.
        for topic in sorted(topics, key=lambda topic: topic.number >= 0)
    )
    named = _named(real, members, places)
    return QuestionMap(
        height,
        clusters,
        _labels(named, WIDE_LETTERS, 40, height),
        _labels(named, NARROW_LETTERS, 8, height),
    )


def _scaled(points: Sequence[MapPoint]) -> tuple[list[Place], int]:
    """Return places in the drawing, and its height.

    Far outliers are held at its edge, so that they cost no room.
    """
    left, right = _ends([point.x for point in points])
    low, high = _ends([point.y for point in points])
    wide, tall, room = max(right - left, 1e-12), max(high - low, 1e-12), WIDTH - 2 * MARGIN
    height = min(HIGHEST, max(LOWEST, room * tall / wide + 2 * MARGIN))
    # One scale for both directions, so that distances can be compared.
    scale = min(room / wide, (height - 2 * MARGIN) / tall)
    found = []
    for point in points:
        x = WIDTH / 2 + (point.x - (left + right) / 2) * scale
        y = height / 2 - (point.y - (low + high) / 2) * scale
        found.append((round(_held(x, WIDTH), 1), round(_held(y, height), 1)))
    return found, round(height)


def _held(value: float, end: float) -> float:
    return min(end - MARGIN / 2, max(MARGIN / 2, value))


def _ends(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    cut = len(ordered) // 500
    return ordered[cut], ordered[-1 - cut]


def _centre(places: Sequence[Place]) -> Place:
    return median(x for x, _ in places), median(y for _, y in places)


def _named(
    topics: Sequence[TopicSize], members: Mapping[int, Sequence[int]], places: Sequence[Place]
) -> list[tuple[str, Place]]:
    """Return short names and where they belong, those of large and dense topics first.

    A name stands above its points. Topics whose points lie all over the map have no place.
    """
    found = []
    for topic in topics:
        own = [places[row] for row in members[topic.number]]
        x, y = _centre(own)
        spread = median(((a - x) ** 2 + (b - y) ** 2) ** 0.5 for a, b in own)
        if topic.label and spread <= _SPREAD * WIDTH:
            inside = [b for a, b in own if abs(a - x) + abs(b - y) <= 3 * spread + 1]
            top = sorted(inside)[len(inside) // 10]
            found.append((len(own) / (spread + 10), short_name(topic.label), (x, top - 4)))
    return [(text, place) for _, text, place in sorted(found, key=lambda one: -one[0])]


def short_name(label: str) -> str:
    """Return as many of a label's key words as fit, at least one.

    >>> short_name("basic income, universal, adopt"), short_name("x" * 60)[-3:]
    ('basic income', 'xx…')
    """
    words = label.split(", ")
    name = words[0]
    for word in words[1:]:
        if len(name) + 2 + len(word) > _SHORT:
            break
        name += f", {word}"
    return name if len(name) <= 2 * _SHORT else f"{name[: 2 * _SHORT - 1]}…"


def _labels(
    named: Sequence[tuple[str, Place]], letters: float, most: int, height: int
) -> tuple[Label, ...]:
    """Place the names that matter most first; one that would touch another is left out."""
    taken: list[tuple[float, float, float, float]] = []
    found: list[Label] = []
    for text, (x, y) in named:
        if len(found) == most:
            break
        half = 0.29 * letters * len(text)
        if 2 * half > WIDTH - MARGIN:
            continue
        middle = min(WIDTH - MARGIN / 2 - half, max(MARGIN / 2 + half, x))
        for lines_up in (0.0, 1.4):
            base = min(height - MARGIN / 2, max(letters, y - lines_up * letters))
            box = (middle - half, base - letters, middle + half, base + 0.4 * letters)
            if not any(_touch(box, other) for other in taken):
                taken.append(box)
                found.append(Label(round(middle, 1), round(base, 1), text))
                break
    return tuple(found)


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
