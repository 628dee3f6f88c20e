"""Where a corpus in the making stands: rebuilt from the journal, moved on by every request."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.questions import DebateQuestion, Origin
from acuerdo.questions.journal import RequestRecord
from acuerdo.questions.lines import question_id

WORDING: Final = "wording"
MEANING: Final = "meaning"
RECENT: Final = 64
"""The last requests, by which the present rate is told."""


@dataclass(frozen=True, slots=True)
class WritingReport:
    """What was asked and what came of it, all runs together.

    Every line of every reply is either one of `admitted` or one of `rejects`, by reason; those by
    reason "wording" and "meaning" nearly repeat a seed (`duplicates_of_seeds`) or a question
    written before. `failed` requests are waiting to be asked again, `refused` ones are not.
    """

    requests: int
    failed: int
    refused: int
    lines: int
    admitted: int
    rejects: Mapping[str, int]
    duplicates_of_seeds: int
    prompt_tokens: int
    completion_tokens: int
    cached: int
    seconds: float

    @property
    def tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens

    @property
    def duplicates(self) -> int:
        return self.rejects.get(WORDING, 0) + self.rejects.get(MEANING, 0)

    @property
    def share_admitted(self) -> float:
        """Admitted questions per line, 0 to 1; 0 without lines."""
        return self.admitted / self.lines if self.lines else 0.0


class Ledger:
    """Counts requests as they are settled. `seeds` are the texts of the seed questions."""

    def __init__(self, model: str, language: str, seeds: Iterable[str]) -> None:
        self._model = model
        self._language = language
        self._seeds = frozenset(seeds)
        self._questions: list[DebateQuestion] = []
        self._settled: set[int] = set()
        self._failed: set[int] = set()
        self._rejects: Counter[str] = Counter()
        self._refused = self._of_seeds = self._cached = 0
        self._prompt_tokens = self._completion_tokens = 0
        self._seconds = 0.0
        self._first = 0
        self._recent: deque[RequestRecord] = deque(maxlen=RECENT)
        self.barren = 0
        """Requests in a row, up to now, without any new question."""

    @property
    def questions(self) -> tuple[DebateQuestion, ...]:
        return tuple(self._questions)

    @property
    def distinct(self) -> int:
        return len(self._questions)

    @property
    def tokens(self) -> int:
        return self._prompt_tokens + self._completion_tokens

    def take(self, record: RequestRecord) -> None:
        """Count one request; one that failed may be taken again when it is settled."""
        self._prompt_tokens += record.prompt_tokens
        self._completion_tokens += record.completion_tokens
        self._cached += record.cached
        self._seconds += record.seconds
        if not record.settled:
            self._failed.add(record.number)
            return
        self._failed.discard(record.number)
        self._settled.add(record.number)
        self._recent.append(record)
        self._refused += record.fault is not None
        self._rejects.update(reject.reason for reject in record.rejects)
        self._of_seeds += sum(
            reject.reason in (WORDING, MEANING) and reject.like in self._seeds
            for reject in record.rejects
        )
        self.barren = 0 if record.questions else self.barren + 1
        self._questions += [self._question(text, record) for text in record.questions]

    def waiting(self, failed: Iterable[int], at_once: int) -> list[int]:
        """Return the numbers to ask next, in order: those of a round that is under way, or new.

        Rounds are as they would be without any stop: `at_once` numbers from a multiple of it on.
        Up to half as many of the `failed` requests of an earlier run are asked beside them.
        """
        while not (missing := self._missing(self._first, self._first + at_once)):
            self._first += at_once
        again = [number for number in failed if number in self._failed]
        return sorted({*missing, *again[: max(1, at_once // 2)]})

    def report(self) -> WritingReport:
        return WritingReport(
            requests=len(self._settled) + len(self._failed),
            failed=len(self._failed),
            refused=self._refused,
            lines=self.distinct + self._rejects.total(),
            admitted=self.distinct,
            rejects=dict(self._rejects.most_common()),
            duplicates_of_seeds=self._of_seeds,
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            cached=self._cached,
            seconds=self._seconds,
        )

    @property
    def failed(self) -> tuple[int, ...]:
        """Numbers of requests that failed and are not settled, in order."""
        return tuple(sorted(self._failed))

    def note(self, count: int) -> str:
        """Say how fast new questions come, how many lines are new, and how long it may take.

        By the last RECENT requests: new questions grow rarer, so the estimate is rather too short.
        """
        lines = sum(record.lines for record in self._recent)
        new = sum(len(record.questions) for record in self._recent)
        seconds = sum(record.seconds for record in self._recent)
        if not new or not seconds:
            return ""
        left = max(0, count - self.distinct) * seconds / new
        return (
            f"{60 * new / seconds:.3g} a minute, {100 * new / lines:.0f} % of lines new, "
            f"{_in_words(left)} left at this rate"
        )

    def _missing(self, start: int, end: int) -> list[int]:
        known = self._settled | self._failed
        return [number for number in range(start, end) if number not in known]

    def _question(self, text: str, record: RequestRecord) -> DebateQuestion:
        origin = Origin("model", self._model, record.prompt, record.seed, record.shown)
        return DebateQuestion(question_id(text), text, self._language, origin=origin)


def _in_words(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    minutes = seconds / 60
    return f"about {minutes:.0f} min" if minutes < 90 else f"about {minutes / 60:.1f} h"
