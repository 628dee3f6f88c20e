"""The screen: rules, labelled neighbours and, where wanted, a model's judgement, put together.

Every source gives reasons, and every reason a weight from 0 to 1: how sure it alone is. Of each
source the heaviest reason counts. They are put together as independent evidence (noisy-or, Pearl
1988, section 4.3.2): the question must not be asked with probability 1 - (1 - w1)(1 - w2)...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.questions import DebateQuestion, Decision, Reason, ReasonSource, Verdict
from acuerdo.ports import LanguageModel, Progress, Watch, stop_if_asked
from acuerdo.questions.screening.groups import mask_groups
from acuerdo.questions.screening.judgement import LEAST, judged_by_model, model_reason
from acuerdo.questions.screening.neighbours import LabelledNeighbours, Nearness
from acuerdo.questions.screening.reading import Reading, read_through
from acuerdo.questions.screening.rules import Broken, broken_rules

REVIEW: Final = 0.65
BLOCK: Final = 0.9
"""Probabilities from which a question goes to a person, and from which it is blocked."""
DISGUISED: Final = 0.3
"""Weight of a disguise alone: honest texts have unseen characters too, when they were copied."""
GRAVE: Final = 0.5
"""A rule of this weight says how severe a question is; below it the neighbours do."""
BATCH: Final = 512
"""Questions that are embedded, or asked of a model, at a time."""


@dataclass(frozen=True, slots=True)
class ScreenParts:
    """What the screen is made of.

    `neighbours` None leaves them out, as `model` None does the model. `model_weight`, 0 to 1, is
    how much a certain "yes" of the model weighs; at 0 it is not asked at all.
    """

    neighbours: LabelledNeighbours | None
    model: LanguageModel | None = None
    model_weight: float = 0.0
    rules: bool = True
    review: float = REVIEW
    block: float = BLOCK


def screen(questions: Sequence[DebateQuestion], parts: ScreenParts, watch: Watch) -> list[Decision]:
    """Return one decision for each question, in order; deterministic given the parts.

    Raises ModelError if the embedder or model cannot be used, Cancelled if the watcher stops.
    """
    return list(screened(questions, parts, watch, total=len(questions)))


def screened(
    questions: Iterable[DebateQuestion], parts: ScreenParts, watch: Watch, *, total: int = 0
) -> Iterator[Decision]:
    """Yield decisions as questions come, in bounded memory; as `screen` otherwise."""
    done = 0
    for batch in _batches(questions):
        stop_if_asked(watch)
        yield from _decided(batch, parts, watch)
        done += len(batch)
        watch.report(Progress("screen", done, max(total, done)))


def probability(reasons: Iterable[Reason]) -> float:
    """Return how sure all reasons together are that a question must not be asked, 0 to 1.

    Of each source the heaviest counts; a rule that is certain stays certain.
    """
    heaviest: dict[ReasonSource, float] = {}
    for reason in reasons:
        heaviest[reason.source] = max(heaviest.get(reason.source, 0.0), reason.weight)
    spared = 1.0
    for weight in heaviest.values():
        spared *= 1 - weight
    return 1 - spared


@dataclass(frozen=True, slots=True)
class _Found:
    """What the sources say of one question; `yes` is the model's probability."""

    reading: Reading
    rules: Sequence[Broken]
    nearness: Nearness | None
    yes: float | None


def _decided(
    batch: Sequence[DebateQuestion], parts: ScreenParts, watch: Watch
) -> Iterator[Decision]:
    readings = [read_through(question.text) for question in batch]
    masked = [mask_groups(reading.text) for reading in readings]
    broken = [broken_rules(one) if parts.rules else [] for one in masked]
    near: Sequence[Nearness | None] = [None] * len(batch)
    if parts.neighbours is not None:
        near = parts.neighbours.judge(masked)
    judged: Sequence[float | None] = [None] * len(batch)
    if parts.model is not None and parts.model_weight > 0:
        judged = judged_by_model([question.text for question in batch], parts.model, watch)
    for place, question in enumerate(batch):
        found = _Found(readings[place], broken[place], near[place], judged[place])
        yield _decision(question, found, parts)


def _decision(question: DebateQuestion, found: _Found, parts: ScreenParts) -> Decision:
    nearness, yes = found.nearness, found.yes
    reasons = [rule.reason for rule in found.rules]
    if found.reading.disguises and parts.rules:
        reasons.append(Reason("rule", "disguise", ", ".join(found.reading.disguises), DISGUISED))
    if nearness is not None:
        reasons.append(nearness.reason)
    if yes is not None and yes >= LEAST:
        reasons.append(model_reason(yes, parts.model_weight))
    sure = probability(reasons)
    verdict: Verdict = "allow"
    if sure >= parts.review:
        verdict = "block" if sure >= parts.block else "review"
    severity = 0 if verdict == "allow" else _severity(found.rules, nearness)
    ordered = sorted(reasons, key=lambda reason: -reason.weight)
    return Decision(question.id, verdict, severity, tuple(ordered))


def _severity(rules: Sequence[Broken], nearness: Nearness | None) -> int:
    grave = [rule.severity for rule in rules if rule.reason.weight >= GRAVE]
    if grave:
        return max(grave)
    return max(nearness.severity, 1) if nearness is not None else 1


def _batches(questions: Iterable[DebateQuestion]) -> Iterator[Sequence[DebateQuestion]]:
    batch: list[DebateQuestion] = []
    for question in questions:
        batch.append(question)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
