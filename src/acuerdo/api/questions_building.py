"""From seeds to a corpus: written, screened, grouped, divided, with its card and report."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from acuerdo.api.questions import QuestionLibrary
from acuerdo.api.questions_arranging import Arranged, arranged, with_sides
from acuerdo.api.questions_report import report_questions
from acuerdo.api.questions_run import QuestionsRun, read_questions_run
from acuerdo.api.questions_screening import LOG_NAME, screen_parts
from acuerdo.api.questions_writing import WrittenCorpus, write_question_corpus
from acuerdo.api.run_folders import CARD, OUT
from acuerdo.datasets import write_questions_file
from acuerdo.domain.questions import SPLITS, DebateQuestion, Decision
from acuerdo.files import write_whole
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Embedder, Unwatched, Watch
from acuerdo.questions import QuestionIndex, ReviewLog, ScreenParts, screen, seeds
from acuerdo.settings import Settings, read_settings

WRITTEN: Final = "written"
CORPUS: Final = "corpus.jsonl"
REPORT: Final = "report.html"
FIGURES: Final = "figures"
SPARE: Final = 0.05
"""More questions than wanted, by this share, pass the screen before they are divided: where topics
are held out, some are left out."""
_SCREENED: Final = {
    "block": "blocked by the screen or by a person",
    "review": "waits for a person's review",
}


@dataclass(frozen=True, slots=True)
class BuiltCorpus:
    """A folder with `corpus.jsonl`, `card.json`, `report.html` and everything they came from.

    `why` says why there are fewer questions than wanted and what to do, "" if there are not.
    """

    name: str
    folder: Path
    questions: int
    why: str
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Passed:
    """What may stay in the corpus, why the rest may not by id, and what screening said."""

    questions: tuple[DebateQuestion, ...]
    left_out: Mapping[str, str]
    decisions: tuple[Decision, ...]


def build_question_corpus(
    run: Path | QuestionsRun,
    out: Path | None = None,
    *,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> BuiltCorpus:
    """Make the corpus of a run file in `out`, by default `out/<its name>`.

    Questions are written until as many as wanted have passed the screen. What a person decided in
    the folder's log of decisions stands. A run that was stopped or killed goes on where it was;
    run again with a higher count, the questions that are there keep topic and split. Raises
    InputError for an unusable run file, SettingsError, ModelError, StorageError, Cancelled.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    if isinstance(run, Path):
        run = read_questions_run(run)
    folder = out or OUT / run.name
    grouping, dividing = run.grouping(), run.dividing()
    examples = seeds(run.language)
    encoder = SentenceEncoder()
    screening = screen_parts(settings=settings, watch=watch)
    enough = math.ceil(run.count * (1 + SPARE))
    target = max(enough - len(examples), 1)
    while True:
        written = write_question_corpus(
            folder / WRITTEN, run.writing(target), settings=settings, watch=watch
        )
        passed = _passed((*examples, *written.questions), folder, screening, watch)
        short = enough - len(passed.questions)
        if short <= 0 or written.why:
            break
        # What was left out so far says how many more it takes.
        target += math.ceil(short * target / max(len(passed.questions), 1)) + 1
    made = arranged(
        passed.questions, folder, encoder, grouping=grouping, dividing=dividing, watch=watch
    )
    return _written_out(run, folder, written, passed, made, encoder=encoder, watch=watch)


def _passed(
    questions: Sequence[DebateQuestion], folder: Path, parts: ScreenParts, watch: Watch
) -> _Passed:
    answered, left_out = with_sides(questions)
    log = ReviewLog(folder / LOG_NAME)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    log.record(zip(answered, screen(answered, parts, watch), strict=True), now)
    # What a person decided stands over what the screen says.
    standing = log.current()
    for question in answered:
        verdict = standing[question.id].verdict
        if verdict != "allow":
            left_out[question.id] = _SCREENED[verdict]
    return _Passed(
        tuple(question for question in answered if question.id not in left_out),
        left_out,
        tuple(standing[question.id] for question in answered),
    )


def _written_out(
    run: QuestionsRun,
    folder: Path,
    written: WrittenCorpus,
    passed: _Passed,
    made: Arranged,
    *,
    encoder: Embedder,
    watch: Watch,
) -> BuiltCorpus:
    left_out = {**passed.left_out, **made.left_out}
    rejects = {**written.report.rejects, **Counter(_general(why) for why in left_out.values())}
    write_questions_file(made.questions, folder / CORPUS)
    why = written.why
    if not why and len(made.questions) < run.count:
        why = f"{len(made.questions):,} of {run.count:,} are left: raise count and run it again."
    card = {
        "what": "Debate questions: seeds of our own, the others by a language model from them;"
        " screened by rules and by nearness to labelled examples, not by people unless"
        " decisions.jsonl says so.",
        "run": run.model_dump(mode="json"),
        "questions": len(made.questions),
        "by": dict(Counter(question.origin.by for question in made.questions)),
        "topics": len({question.topic for question in made.questions}),
        "outliers": sum(question.outlier for question in made.questions),
        "splits": {name: made.split.sizes[name] for name in SPLITS},
        "held_out_topics": sorted(made.split.state.held_out),
        "rejects": rejects,
        "verdicts": dict(Counter(decision.verdict for decision in passed.decisions)),
        "encoder": encoder.name,
        "notes": list(made.notes),
        "why": why,
        "written": dict(written.card),
    }
    told = json.dumps(card, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(folder / CARD, [told.encode(), b"\n"])
    report_questions(
        folder / REPORT,
        corpus=QuestionLibrary(
            QuestionIndex(made.questions, made.vectors), encoder, str(folder / CORPUS)
        ),
        title=f"Debate questions: {run.name}",
        figures=folder / FIGURES,
        labels=made.labels,
        rejects=rejects,
        decisions=passed.decisions,
        seed=run.seed,
        watch=watch,
    )
    return BuiltCorpus(run.name, folder, len(made.questions), why, card)


def _general(why: str) -> str:
    """Return a reason without the question it names, to be counted."""
    return "would stand on two sides of the split" if why.startswith("nearly the same as") else why
