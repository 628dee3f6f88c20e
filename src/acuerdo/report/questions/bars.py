"""Bars and rows of the report of a corpus: widths in per cent, numbers in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, SEVERITIES, SPLITS, TRAIN
from acuerdo.report.questions.marks import NO_TOPIC
from acuerdo.report.questions.scatter import Dot, QuestionMap
from acuerdo.report.questions.sentences import number, plural, share
from acuerdo.report.questions.values import CorpusReport, TopicSize

SPLIT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    TRAIN: ("to learn from", "to learn from"),
    KNOWN_TOPICS: ("test, same topics", "to test on: new questions of the same topics"),
    NEW_TOPICS: ("test, other topics", "to test on: topics that are held out whole"),
    "": ("in no part", "in no part"),
}
_VERDICTS: Final = {"allow": "Allowed", "review": "For a person to look at", "block": "Left out"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: where it begins and how wide it is, in per cent of the whole bar."""

    key: str
    start: float
    width: float
    name: str = ""
    words: str = ""
    count: int = 0
    share: str = ""


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list with its mark, its bar and its questions."""

    topic: TopicSize
    name: str
    colour: int
    shape: int
    held_out: bool
    note: str
    parts: tuple[Part, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class BarRow:
    """A row with a name, its numbers in words, and a bar."""

    name: str
    words: str
    parts: tuple[Part, ...] = ()
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class HistogramBar:
    """A bar of the histogram of 640 by 190 units, with what it says."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """A row of the table of verdicts."""

    name: str
    cells: tuple[str, ...]
    all: str


def split_parts(report: CorpusReport) -> list[Part]:
    """Return the parts of the corpus, [] if there is only one."""
    counts = {key: report.splits.get(key, 0) for key in (*SPLITS, "") if report.splits.get(key)}
    if not _split(report):
        return []
    whole = sum(counts.values())
    return [
        Part(
            key=part.key,
            start=part.start,
            width=part.width,
            name=SPLIT_WORDS[key][0],
            words=SPLIT_WORDS[key][1],
            count=count,
            share=share(count, whole),
        )
        for (key, count), part in zip(counts.items(), stacked(counts, whole), strict=True)
    ]


def _split(report: CorpusReport) -> bool:
    return any(report.splits.get(split) for split in SPLITS)


def stacked(counts: Mapping[str, int], whole: int) -> tuple[Part, ...]:
    """Return one piece of a bar for each count, side by side; `whole` is the full width."""
    parts, start = [], 0.0
    for key, count in counts.items():
        if count and whole:
            width = 100 * count / whole
            parts.append(Part(key or "none", round(start, 2), round(width, 2)))
            start += width
    return tuple(parts)


def topic_rows(report: CorpusReport, found: QuestionMap | None) -> list[TopicRow]:
    """Return the topics, largest first, questions without one last."""
    marks = found.marks if found else {}
    dots = {one.topic.number: one.dots for one in found.clusters} if found else {}
    listed = report.topics
    if not listed and report.points:
        # Without topics every question still stands in a list.
        listed = (TopicSize(-1, "", report.count, report.splits),)
    ordered = sorted(listed, key=lambda one: (one.number < 0, -one.size, one.number))
    largest = max((topic.size for topic in ordered), default=0)
    rows = []
    for topic in ordered:
        parts = {key: topic.splits.get(key, 0) for key in (*SPLITS, "")} if _split(report) else {}
        known = sum(parts.values())
        if known < topic.size:
            # Of a corpus without parts there is nothing to tell apart.
            left = "" if _split(report) else "plain"
            parts[left] = parts.get(left, 0) + topic.size - known
        mark = marks.get(topic.number, NO_TOPIC)
        rows.append(
            TopicRow(
                topic=topic,
                name=_topic_name(topic) if report.topics else "All questions",
                colour=mark[0],
                shape=mark[1],
                held_out=0 < topic.size == topic.splits.get(NEW_TOPICS, 0),
                note=_topic_note(topic, len(dots.get(topic.number, ()))),
                parts=stacked(parts, largest),
                dots=dots.get(topic.number, ()),
            )
        )
    return rows


def direction_rows(report: CorpusReport) -> list[BarRow]:
    """Return which way questions point, by area; each bar is as long as any other."""
    rows = []
    for row in report.directions:
        counts = {"change": row.change, "keep": row.keep, "unknown": row.unknown}
        words = f"{number(row.change)} change, {number(row.keep)} keep"
        if row.unknown:
            words += f", {number(row.unknown)} not known"
        rows.append(BarRow(row.area or "all", words, stacked(counts, sum(counts.values()))))
    return rows


def reject_rows(report: CorpusReport) -> list[BarRow]:
    """Return the reasons for leaving questions out, the commonest first."""
    ordered = sorted(report.rejects.items(), key=lambda one: -one[1])
    largest = max((count for _, count in ordered), default=0)
    total = sum(count for _, count in ordered)
    return [
        BarRow(reason, f"{number(n)} ({share(n, total)})", width=round(100 * n / largest, 2))
        for reason, n in ordered
        if n
    ]


def nearness_bars(report: CorpusReport) -> list[HistogramBar]:
    """Return the histogram of how alike nearest neighbours are, from its first quarter on."""
    most, bins, begin = max(report.nearness, default=0), len(report.nearness), _begin(report)
    found = []
    for place, count in enumerate(report.nearness):
        if count:
            height = round(150 * count / most, 1)
            low, high = place / bins, (place + 1) / bins
            title = f"{low:.2f} to {high:.2f}: {plural(count, 'question')}"
            x, end = _across(low, begin), _across(high, begin)
            found.append(
                HistogramBar(x + 1, round(160 - height, 1), round(end - x - 2, 1), height, title)
            )
    return found


def ticks(report: CorpusReport) -> list[dict[str, object]]:
    """Return what stands under the histogram: where, which number, and how it is aligned."""
    begin = _begin(report)
    values = [quarter / 4 for quarter in range(5) if quarter / 4 >= begin]
    return [
        {
            "x": _across(value, begin),
            "text": f"{value:g}",
            "anchor": "start" if value == begin else "end" if value == 1 else "middle",
        }
        for value in values
    ]


def _begin(report: CorpusReport) -> float:
    first = next((place for place, count in enumerate(report.nearness) if count), 0)
    return int(4 * first / len(report.nearness)) / 4 if report.nearness else 0.0


def _across(value: float, begin: float) -> float:
    return round(640 * (value - begin) / (1 - begin), 1)


def screened_rows(report: CorpusReport) -> list[CountRow]:
    """Return how many questions got each verdict, by severity."""
    rows = []
    for verdict, name in _VERDICTS.items():
        counts = {one.severity: one.count for one in report.screened if one.verdict == verdict}
        cells = tuple(number(counts.get(place, 0)) for place in range(len(SEVERITIES)))
        rows.append(CountRow(name, cells, number(sum(counts.values()))))
    return rows if report.screened else []


def _topic_name(topic: TopicSize) -> str:
    if topic.number < 0:
        return "No topic"
    return topic.label or f"Topic {topic.number}"


def _topic_note(topic: TopicSize, shown: int) -> str:
    notes = []
    if 0 < topic.size == topic.splits.get(NEW_TOPICS, 0):
        notes.append("Held out whole, to test on.")
    if topic.outliers:
        notes.append(f"{plural(topic.outliers, 'question')} far from the others of the topic.")
    if shown < topic.size:
        notes.append(f"{number(shown)} of them are shown." if shown else "None of them is shown.")
    return " ".join(notes)
