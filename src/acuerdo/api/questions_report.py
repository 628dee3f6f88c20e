"""The report of a corpus: one page for people, and its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.api.about import version
from acuerdo.api.questions import QuestionLibrary, open_questions
from acuerdo.api.questions_nearness import (
    nearest_of_its_language,
    nearest_pairs,
    nearness_histogram,
    straddling,
)
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import SPLITS, UNSETTLED, DebateQuestion, Decision
from acuerdo.domain.text import words
from acuerdo.files import write_whole
from acuerdo.ports import Progress, Unwatched, Vectors, Watch, stop_if_asked
from acuerdo.questions import (
    corpus_hash,
    key_words,
    principal_plane,
    projection,
)
from acuerdo.report import (
    CorpusReport,
    Direction,
    MapPoint,
    Screened,
    Source,
    TopicSize,
    draw_corpus_figures,
    render_corpus_html,
)
from acuerdo.settings import Settings

MAX_POINTS: Final = 6000
"""More questions than this are drawn by lot for the map and the lists, to keep the page light."""
_LABEL_WORDS: Final = 3
_REASONS: Final = {
    "wording": "nearly the same words as another",
    "meaning": "nearly the same meaning as another",
    "language": "in another language",
}


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """What was written: the page and the figures, and what they show."""

    page: Path
    figures: tuple[Path, ...]
    report: CorpusReport


def report_questions(
    target: Path,
    *,
    corpus: Path | QuestionLibrary | None = None,
    title: str = "",
    figures: Path | None = None,
    labels: Mapping[int, str] | None = None,
    rejects: Mapping[str, int] | None = None,
    decisions: Iterable[Decision] = (),
    facts: Sequence[tuple[str, str]] = (),
    seed: int = 0,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> CorpusPage:
    """Write the report of a corpus as one HTML file, and with `figures` as PNG files in a folder.

    `labels` name topics; the others get key words of their questions. `rejects` counts questions
    that were left out, by the reasons of writing them or any others in words; `decisions` are those
    of screening; `facts` are further lines for the end. `seed` draws the map, and the questions on
    it if there are more than MAX_POINTS. Without scikit-learn the map shows the two widest
    directions. Raises SettingsError if figures are wanted without matplotlib, StorageError,
    Cancelled, and errors of `open_questions`.
    """
    watch = watch or Unwatched()
    library = (
        corpus
        if isinstance(corpus, QuestionLibrary)
        else open_questions(corpus, settings=settings, watch=watch)
    )
    report = corpus_report(
        library,
        title=title,
        labels=labels or {},
        rejects=rejects or {},
        decisions=decisions,
        facts=facts,
        seed=seed,
        watch=watch,
    )
    made_at = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z")
    drawn = draw_corpus_figures(report, figures) if figures else []
    page = render_corpus_html(report, made_at=made_at, version=version())
    write_whole(target, [page.encode()])
    return CorpusPage(target, tuple(drawn), report)


def corpus_report(
    library: QuestionLibrary,
    *,
    title: str = "",
    labels: Mapping[int, str],
    rejects: Mapping[str, int],
    decisions: Iterable[Decision] = (),
    facts: Sequence[tuple[str, str]] = (),
    seed: int = 0,
    watch: Watch,
) -> CorpusReport:
    """Return everything that the page shows; options are those of `report_questions`."""
    questions, vectors = library.questions, library.index.vectors
    groups, labels, grouped_by = _groups(questions, labels)
    points, made = _points(questions, vectors, groups, seed, watch)
    other, similarity = nearest_of_its_language(questions, vectors, watch)
    lengths = sorted(len(words(question.text)) for question in questions)
    return CorpusReport(
        title=title or "Debate questions",
        count=len(questions),
        points=points,
        projection=made,
        topics=_topics(questions, groups, labels),
        grouped_by=grouped_by,
        splits=_splits(questions),
        languages=dict(Counter(question.language for question in questions).most_common()),
        with_sides=sum(bool(one.affirming and one.negating) for one in questions),
        words=(lengths[0], lengths[len(lengths) // 2], lengths[-1]) if lengths else (0, 0, 0),
        rejects={_REASONS.get(why, why): count for why, count in rejects.items()},
        nearness=nearness_histogram(similarity),
        nearest=nearest_pairs(questions, other, similarity),
        straddling=straddling(questions, other, similarity),
        directions=_directions(questions),
        screened=_screened(decisions),
        sources=_sources(questions),
        facts=(
            *facts,
            ("Read from", library.name),
            ("Encoder of meanings", library.embedder.name),
            ("Fingerprint of the questions", corpus_hash(questions)),
            ("Seed of the map", str(seed)),
        ),
    )


Grouping = tuple[list[int], Mapping[int, str], Literal["meaning", "area"]]


def _groups(questions: Sequence[DebateQuestion], labels: Mapping[int, str]) -> Grouping:
    """Return each question's topic and the labels; before clustering, areas stand for topics."""
    if any(question.topic != UNSETTLED for question in questions):
        return [question.topic for question in questions], labels, "meaning"
    areas = list(dict.fromkeys(question.area for question in questions if question.area))
    of = [areas.index(question.area) if question.area else UNSETTLED for question in questions]
    return of, dict(enumerate(areas)), "area"


def _points(
    questions: Sequence[DebateQuestion],
    vectors: Vectors,
    groups: Sequence[int],
    seed: int,
    watch: Watch,
) -> tuple[tuple[MapPoint, ...], str]:
    rows = np.arange(len(questions))
    if len(rows) > MAX_POINTS:
        drawn = np.random.default_rng(seed).choice(len(rows), MAX_POINTS, replace=False)
        rows = np.sort(drawn)
    stop_if_asked(watch)
    watch.report(Progress("map", 0, 1))
    shown = np.asarray(vectors[rows], dtype=np.float32)
    places, made = _places(shown, seed) if len(rows) else (np.zeros((0, 2)), "")
    watch.report(Progress("map", 1, 1))
    points = tuple(
        MapPoint(
            x=float(x),
            y=float(y),
            id=questions[row].id,
            text=questions[row].text,
            topic=groups[row],
            language=questions[row].language,
        )
        for row, (x, y) in zip(rows.tolist(), places, strict=True)
    )
    return points, made


def _places(vectors: Vectors, seed: int) -> tuple[npt.NDArray[np.float64], str]:
    try:
        return projection(vectors, seed), "t-SNE" if len(vectors) >= 10 else ""
    except SettingsError:
        # The core installs without scikit-learn; a plainer map is better than none.
        places, part = principal_plane(vectors)
        return places, f"the two widest directions, which hold {part:.0%} of the differences"


def _topics(
    questions: Sequence[DebateQuestion], groups: Sequence[int], labels: Mapping[int, str]
) -> tuple[TopicSize, ...]:
    members: dict[int, list[DebateQuestion]] = {}
    for question, group in zip(questions, groups, strict=True):
        members.setdefault(group, []).append(question)
    if set(members) <= {UNSETTLED}:
        return ()
    numbers = sorted(members, key=lambda number: (-len(members[number]), number))
    unnamed = [number for number in numbers if number != UNSETTLED and not labels.get(number)]
    found = key_words(
        [[(one.text, one.language) for one in members[number]] for number in unnamed], _LABEL_WORDS
    )
    said = {number: ", ".join(words_) for number, words_ in zip(unnamed, found, strict=True)}
    return tuple(
        TopicSize(
            number=number,
            label=labels.get(number) or said.get(number, ""),
            size=len(members[number]),
            splits=_splits(members[number]),
            outliers=sum(question.outlier for question in members[number]),
        )
        for number in numbers
    )


def _splits(questions: Sequence[DebateQuestion]) -> dict[str, int]:
    counted = Counter(question.split for question in questions)
    return {split: counted[split] for split in (*SPLITS, "") if counted[split]}


def _directions(questions: Sequence[DebateQuestion]) -> tuple[Direction, ...]:
    known = [question for question in questions if question.leans]
    if not known:
        return ()
    # Where few are known, how many are not is said once for the whole corpus.
    areas = dict.fromkeys(question.area for question in known)
    counted = Counter((question.area, question.leans) for question in questions)
    found = [
        Direction(area, counted[area, "change"], counted[area, "keep"], counted[area, ""])
        for area in areas
        if area
    ]
    if found and all(question.area for question in known):
        return tuple(found)
    sides = Counter(question.leans for question in questions)
    return (Direction("all questions", sides["change"], sides["keep"], sides[""]),)


def _screened(decisions: Iterable[Decision]) -> tuple[Screened, ...]:
    # The last decision about a question holds.
    last = {decision.question: decision for decision in decisions}
    counted = Counter((one.verdict, one.severity) for one in last.values())
    return tuple(Screened(*key, count) for key, count in sorted(counted.items()))


def _sources(questions: Sequence[DebateQuestion]) -> tuple[Source, ...]:
    counted = Counter(
        (one.origin.by, one.origin.model or one.origin.source, one.origin.licence)
        for one in questions
    )
    return tuple(Source(*key, count) for key, count in counted.most_common(20))
