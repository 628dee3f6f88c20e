"""Screen debate questions before people are asked them, and let people have the last word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from acuerdo.api.questions_writing import QUESTIONS_FILE
from acuerdo.datasets import iter_questions, read_source, write_questions_file
from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import SEVERITIES, DebateQuestion, Decision
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS
from acuerdo.guard import detect_language
from acuerdo.llm import SentenceEncoder
from acuerdo.ports import Unwatched, Watch
from acuerdo.questions import (
    FilledIn,
    LabelledNeighbours,
    ReviewLog,
    ScreenParts,
    queue_table,
    screen,
    screened,
    take_queue_table,
)
from acuerdo.recipes import NO_ADAPTER, bundled_weights
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import language_model

MODEL_WEIGHT: Final = 0.7
"""What a model's certain "yes" weighs: enough to send a question to a person, not to block it."""
LOG_NAME: Final = "decisions.jsonl"
_SHOWN_KINDS: Final = 0.5
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class ScreenedQuestions:
    """What screening came to, people's earlier decisions included.

    `verdicts` and `severities` count questions by what stands now, `reasons` by kind of harm and
    source, for reasons of weight 0.5 and more, those that are allowed all the same included.
    `changed` is how many decisions of the screen are new or differ from before, `by_people` how
    many questions a person decided about. `notes` say what was assumed.
    """

    questions: int
    verdicts: Mapping[str, int]
    severities: Mapping[str, int]
    reasons: Mapping[tuple[str, str], int]
    changed: int
    by_people: int
    log: Path
    notes: tuple[str, ...]


def screen_questions(
    source: Path,
    *,
    log: Path | None = None,
    allowed: Path | None = None,
    model: bool = False,
    model_weight: float | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> ScreenedQuestions:
    """Screen a corpus, keep every decision in a log, and write the questions that are allowed.

    `source` is a corpus of any format, or the folder that `write_question_corpus` wrote. The log
    is `decisions.jsonl` beside it by default; what people decided there stands. `allowed` gets the
    questions that may be asked by what stands now, whole or not at all. With `model` the model that
    the settings name judges too, with `model_weight` (0 to 1; by default MODEL_WEIGHT, and 0, not
    asked, for the bundled models, which cannot tell). Raises InputError for a file that cannot be
    read or a weight out of range, ModelError, StorageError, Cancelled.
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    corpus = source / QUESTIONS_FILE if source.is_dir() else source
    kept = ReviewLog(log or corpus.with_name(f"{corpus.name}.{LOG_NAME}"))
    notes: list[str] = []
    parts = screen_parts(
        model=model, model_weight=model_weight, settings=settings, watch=watch, notes=notes
    )
    tally = _Tally(kept)
    questions = iter_questions(
        corpus,
        language=lambda text: detect_language([text]),
        max_characters=MAX_OPINION_CHARACTERS,
        on_note=notes.append,
    )
    at = _now()
    changed = 0
    for batch in _batches(questions):
        decided = list(screened(batch, parts, watch))
        changed += kept.record(zip(batch, decided, strict=True), at)
        tally.add(batch)
    if not tally.questions:
        raise InputError("there are no questions in it", where=str(corpus))
    if allowed is not None:
        standing = kept.current()
        again = iter_questions(
            corpus,
            language=lambda text: detect_language([text]),
            max_characters=MAX_OPINION_CHARACTERS,
        )
        fine = (question for question in again if standing[question.id].verdict == "allow")
        write_questions_file(fine, allowed, watch=watch)
    if kept.damaged:
        notes.append(f"{kept.damaged} damaged lines of the log were passed over")
    return ScreenedQuestions(
        tally.questions,
        tally.verdicts,
        tally.severities,
        tally.reasons,
        changed,
        tally.by_people,
        kept.path,
        tuple(notes),
    )


def judge_question(
    text: str,
    *,
    model: bool = False,
    model_weight: float | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> Decision:
    """Return what the screen says of one question, with its reasons; options as above.

    >>> judge_question("Should shops close on Sundays?").verdict
    'allow'
    """
    watch, settings = watch or Unwatched(), settings or read_settings()
    if not text.strip():
        raise InputError("the question is empty", fix="Write one.")
    parts = screen_parts(model=model, model_weight=model_weight, settings=settings, watch=watch)
    return screen([DebateQuestion("", text)], parts, watch)[0]


def screen_parts(
    *,
    model: bool = False,
    model_weight: float | None = None,
    settings: Settings,
    watch: Watch,
    notes: list[str] | None = None,
) -> ScreenParts:
    """Return the parts of the screen; raises InputError for a weight that is not from 0 to 1."""
    if model_weight is not None and not 0 <= model_weight <= 1:
        raise InputError(
            f"the model's weight {model_weight} is not from 0 to 1", where="--model-weight"
        )
    neighbours = LabelledNeighbours(SentenceEncoder())
    if not model:
        return ScreenParts(neighbours)
    weight = model_weight
    if weight is None:
        weight = 0.0 if bundled_weights(settings) else MODEL_WEIGHT
    if weight == 0:
        if notes is not None:
            notes.append("the bundled model cannot tell such questions apart and was not asked")
        return ScreenParts(neighbours)
    # Weights that were tuned to draft statements are asked without that tuning.
    plain = settings.model_copy(update={"adapter": NO_ADAPTER})
    return ScreenParts(neighbours, language_model(plain, watch), weight)


def open_review(log: Path) -> ReviewLog:
    """Open a log of decisions; raises InputError if there is none."""
    if not log.is_file():
        raise InputError(
            "there is no log of decisions here",
            where=str(log),
            fix="Screen questions first: acuerdo questions screen FILE.",
        )
    return ReviewLog(log)


def export_review_queue(log: ReviewLog) -> str:
    """Return the questions that wait for a person as CSV, to be filled in."""
    return queue_table(log)


def import_review_queue(log: ReviewLog, file: Path, by: str) -> FilledIn:
    """Keep the decisions in a filled-in table, all or none; InputError names every bad row."""
    return take_queue_table(log, read_source(file).text, by, _now(), where=str(file))


class _Tally:
    """Counts questions by what stands in a log."""

    def __init__(self, log: ReviewLog) -> None:
        self._log = log
        self.questions = self.by_people = 0
        self.verdicts: Counter[str] = Counter()
        self.severities: Counter[str] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()

    def add(self, batch: Iterable[DebateQuestion]) -> None:
        for question in batch:
            stands = self._log.standing(question.id)
            self.questions += 1
            self.by_people += stands.by != "screen"
            self.verdicts[stands.verdict] += 1
            self.severities[SEVERITIES[stands.severity]] += 1
            kinds = {(r.kind, r.source) for r in stands.reasons if r.weight >= _SHOWN_KINDS}
            self.reasons.update(kinds)


def _batches(questions: Iterable[DebateQuestion]) -> Iterator[list[DebateQuestion]]:
    batch: list[DebateQuestion] = []
    for question in questions:
        batch.append(question)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
