"""A language model's judgement: one question, one token, the probability of yes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from acuerdo.domain.completions import Fault, Reply, Request
from acuerdo.domain.questions import Reason
from acuerdo.ports import LanguageModel, Progress, Watch
from acuerdo.prompts import render_screening

ANSWERS: Final = ("yes", "no")
LEAST: Final = 0.5
"""Below this probability a model's judgement is no reason against a question."""
KIND: Final = "debate"


def judged_by_model(
    questions: Sequence[str], model: LanguageModel, watch: Watch
) -> list[float | None]:
    """Return for each question the model's probability that debating it does harm, 0 to 1.

    None where a request failed or the model gives no probabilities. All requests are in flight
    together. Raises ModelError if the model cannot be used at all, Cancelled if the watcher stops.
    """
    requests = [
        Request(
            messages=render_screening(question),
            seed=0,
            max_tokens=1,
            temperature=1.0,
            choices=ANSWERS,
        )
        for question in questions
    ]
    replies = model.complete(requests, watch, _Counter(watch, len(requests)))
    return [_probability(reply) for reply in replies]


def model_reason(probability: float, weight: float) -> Reason:
    """Return a model's judgement as a reason; its weight is how far the model is to be trusted."""
    return Reason("model", KIND, f"the model says yes with {probability:.0%}", weight * probability)


class _Counter:
    """Reports progress as replies arrive, from any thread."""

    def __init__(self, watch: Watch, total: int) -> None:
        self._watch, self._total = watch, total
        self._done = 0
        self._lock = threading.Lock()

    def __call__(self, index: int, reply: Reply) -> None:
        del index, reply
        with self._lock:
            self._done += 1
            self._watch.report(Progress("judge", self._done, self._total))


def _probability(reply: Reply) -> float | None:
    if isinstance(reply, Fault) or len(reply.probabilities) != len(ANSWERS):
        return None
    yes, no = reply.probabilities
    if not (yes >= 0 and no >= 0 and 0 < yes + no < float("inf")):
        return None
    return yes / (yes + no)
