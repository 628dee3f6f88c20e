"""Agreement as a language model judges it: one question and one token per person and candidate."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from acuerdo.domain.completions import About, Fault, Message, Reply, Request, Usage
from acuerdo.domain.errors import ModelError
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN, PersonId
from acuerdo.domain.rounds import Problem, Round
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.domain.statements import Candidate
from acuerdo.ports import LanguageModel, Prediction, Progress, Watch, stop_if_asked
from acuerdo.predict.matrices import cannot_say, has_opinion, predicted, with_opinion
from acuerdo.prompts import render_judge, render_judgement

STEPS: Final = np.arange(LIKERT_MIN, LIKERT_MAX + 1, dtype=np.float64)
ANSWERS: Final = tuple(str(step) for step in range(LIKERT_MIN, LIKERT_MAX + 1))

LEAST_SPREAD: Final = 0.05
"""A forecast's spread is above 0, however sure the model is."""

ASKED_AT_ONCE: Final = 1024
"""Requests in flight together; a sheet may hold many times as many pairs."""


class JudgePredictor:
    """Asks a language model how far a person would agree, and reads its probabilities of 1 to 7.

    The expected agreement is the mean of that distribution, the spread its standard deviation.
    All people x candidates are in flight together, a person's candidates side by side, since their
    prompts differ in the candidate at the end only. Where the model gives no usable probabilities
    the predictor cannot say, and the result counts the problems by kind.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return "judge"

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction:
        """Return the model's judgement; raises ModelError if the model cannot be used at all."""
        del rng
        stop_if_asked(watch)
        expected, spread = cannot_say(round_, candidates), cannot_say(round_, candidates)
        places = [
            (row, column) for row, _ in with_opinion(round_) for column in range(len(candidates))
        ]
        requests = [_request(round_, round_.people[row], candidates[c]) for row, c in places]
        replies = self._model.complete(requests, watch, _Counter(watch, len(requests)))
        faults: list[Fault] = []
        for place, reply in zip(places, replies, strict=True):
            judgement = _judgement(reply)
            if isinstance(judgement, Fault):
                faults.append(judgement)
            else:
                expected[place], spread[place] = judgement
        return Prediction(
            predicted(round_, candidates, expected, spread),
            _problems(faults),
            sum((reply.usage for reply in replies), Usage()),
        )


class JudgeScorer:
    """Asks for every pair of a sheet what `JudgePredictor` asks, with the same prompt.

    Silent where the model gives no usable probabilities, and for people without an opinion. Known
    ratings are not read. Raises ModelError if no request at all brought an answer.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        return "judge"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the model's judgement; raises ModelError if the model cannot be used at all."""
        stop_if_asked(watch)
        expected, spread = np.full(sheet.size, np.nan), np.full(sheet.size, np.nan)
        asked = np.flatnonzero(has_opinion(sheet))
        # A person's statements side by side: their prompts differ in the end only.
        asked = asked[np.lexsort((sheet.statement[asked], sheet.person[asked]))]
        counter = _Counter(watch, len(asked))
        faults: list[Fault] = []
        for start in range(0, len(asked), ASKED_AT_ONCE):
            pairs = asked[start : start + ASKED_AT_ONCE].tolist()
            replies = self._model.complete([_of_pair(sheet, k) for k in pairs], watch, counter)
            for pair, reply in zip(pairs, replies, strict=True):
                judgement = _judgement(reply)
                if isinstance(judgement, Fault):
                    faults.append(judgement)
                else:
                    expected[pair], spread[pair] = judgement[0], max(judgement[1], LEAST_SPREAD)
        if faults and len(faults) == len(asked):
            raise ModelError(
                f"the model answered none of {len(asked):,} requests: {faults[0].detail}",
                fix="Check the model, or predict with another predictor.",
            )
        watch.report(Progress("predict", sheet.size, sheet.size, _failed(faults)))
        return Forecast(expected, spread)


class _Counter:
    """Reports progress as replies arrive, from any thread."""

    def __init__(self, watch: Watch, total: int) -> None:
        self._watch = watch
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        watch.report(Progress("predict", 0, total))

    def __call__(self, index: int, reply: Reply) -> None:
        del index, reply
        with self._lock:
            self._done += 1
            self._watch.report(Progress("predict", self._done, self._total))


def _request(round_: Round, person: PersonId, candidate: Candidate) -> Request:
    messages = render_judge(round_, person, candidate.text)
    return _one_token(messages, About(round_.session, (person,)))


def _of_pair(sheet: Sheet, pair: int) -> Request:
    opinion = sheet.opinions[int(sheet.person[pair])]
    statement = sheet.statements[int(sheet.statement[pair])]
    messages = render_judgement(sheet.question, opinion, statement, context=sheet.context)
    return _one_token(messages, About())


def _one_token(messages: tuple[Message, ...], about: About) -> Request:
    """Ask for one token at temperature 1, where the probabilities are the model's own."""
    return Request(
        messages=messages,
        seed=0,
        max_tokens=1,
        temperature=1.0,
        choices=ANSWERS,
        about=about,
    )


def _failed(faults: Sequence[Fault]) -> str:
    return f"{len(faults):,} requests failed" if faults else ""


def _judgement(reply: Reply) -> tuple[float, float] | Fault:
    """Return mean and standard deviation of the seven answers' distribution."""
    if isinstance(reply, Fault):
        return reply
    weights = np.array(reply.probabilities, dtype=np.float64)
    if weights.shape != STEPS.shape or not (weights >= 0).all() or not 0 < weights.sum() < np.inf:
        return Fault("bad_reply", "The model gave no probabilities of the answers 1 to 7.")
    weights /= weights.sum()
    mean = float(np.clip(weights @ STEPS, LIKERT_MIN, LIKERT_MAX))
    return mean, float(np.sqrt(weights @ (STEPS - mean) ** 2))


def _problems(faults: Sequence[Fault]) -> tuple[Problem, ...]:
    """Count faults by kind, each with the first detail given."""
    details: dict[str, str] = {}
    for fault in faults:
        details.setdefault(fault.kind, fault.detail)
    counts = Counter(fault.kind for fault in faults)
    return tuple(Problem("predict", kind, details[kind], count) for kind, count in counts.items())
