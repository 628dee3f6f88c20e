"""Candidates searched for while they are written, for the sake of the worst-off person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from acuerdo.domain.completions import About, Completion, Fault, Request, Usage
from acuerdo.domain.errors import ModelError, SettingsError, StorageError
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import RejectionReason
from acuerdo.draft.beginnings import STOPS, Beginning, Ranker, continued, distinct
from acuerdo.draft.cleaning import clean
from acuerdo.draft.intake import Attempt, Intake
from acuerdo.draft.planning import Plan, make_plan
from acuerdo.draft.voice import speaks_for_one
from acuerdo.ports import (
    Drafting,
    LanguageModel,
    Predictor,
    Rule,
    Screen,
    Screening,
    Watch,
    stop_if_asked,
)
from acuerdo.prompts import check_template, example_in, render_draft, speakers

SENTENCES: Final = 10
"""Most sentences of a statement."""
SENTENCE_TOKENS: Final = 80
OUTGROWN: Final[frozenset[RejectionReason]] = frozenset(
    {"cut_off", "copy_of_draft", "empty", "not_a_statement", "wrong_language"}
)
"""Objections that a beginning may still outgrow; any other ends it."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many beginnings are sampled, in how many orders of people, by which prompt."""

    candidates: int
    orders: int
    template: str
    temperature: float


class SearchDrafter:
    """Writes many beginnings, a sentence at a time, and goes on with those that serve people best.

    Experimental. It follows the idea of egalitarian decoding (arXiv 2510.14106), to search with the
    worst-off person's score while decoding, as a particle search at sentence ends: `candidates`
    first sentences are sampled; as many of the best beginnings as there are `orders`, by `rule` on
    predicted agreement (leximin: the worst-off person first), are continued in
    `candidates // orders` ways each, and so on until they end. What has ended is not continued and
    no draft is drawn again, so that at most as many sentences are sampled as `candidates` whole
    drafts have. Prompts are read again at every step. Beginnings that the screen objects to are
    dropped.

    The model must be able to go on from the beginning of an answer: the embedded one can, one on a
    server cannot, which becomes a problem of the result. Raises SettingsError for prompts whose
    answers hold more than the statement, ValueError for numbers below 1.
    """

    def __init__(
        self,
        model: LanguageModel,
        predictor: Predictor,
        rule: Rule,
        sampling: Sampling,
        *,
        sentences: int = SENTENCES,
    ) -> None:
        check_template(sampling.template)
        if sampling.template in ("reason_first", "noted"):
            raise SettingsError(
                "a search cannot be led by answers that hold more than the statement",
                where=f"template {sampling.template}",
                fix="Choose another template, or the drafter “model”.",
            )
        if min(sampling.candidates, sampling.orders, sentences) < 1:
            raise ValueError("candidates, orders and sentences must be at least 1")
        self._model = model
        self._predictor = predictor
        self._rule = rule
        self._candidates = sampling.candidates
        self._keep = min(sampling.orders, sampling.candidates)
        self._template = sampling.template
        self._temperature = sampling.temperature
        self._sentences = sentences

    @property
    def name(self) -> str:
        return f"{self._model.name} (search, {self._template})"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return up to `orders` statements that can stand, and what was rejected and why.

        `seed` and `attempt` of a candidate are of its last sentence. A failing model becomes a
        problem of the result, beside the statements that had ended by then; only Cancelled is
        raised.
        """
        plan = make_plan(
            speakers(round_),
            slots=self._candidates,
            orders=self._keep,
            attempts=self._sentences,
            rng=rng,
        )
        intake = Intake(
            round_, screen, watch, self._keep, author=self._model.name, template=self._template
        )
        ranker = Ranker(round_, self._predictor, self._rule, rng)
        objects = _Objections(round_, screen, example_in(self._template))
        search = _Search(self._model, plan, intake, objects)
        try:
            live = [self._nothing_yet(round_, plan, slot) for slot in range(self._candidates)]
            for step in range(self._sentences):
                stop_if_asked(watch)
                live = ranker.best_first(search.grow(live, step, watch), watch)[: self._keep]
                live = [one for one in live for _ in range(self._candidates // self._keep)]
                if not live:
                    break
            finished = distinct([*search.ended, *live])
            search.hand_in(ranker.best_first(finished, watch))
        except (ModelError, StorageError) as error:
            # Not in the order of the predictor: it may be what failed.
            search.hand_in(distinct(search.ended))
            intake.note_breakdown(error)
        return replace(intake.drafting(), usage=search.usage)

    def _nothing_yet(self, round_: Round, plan: Plan, slot: int) -> Beginning:
        order = plan.order(slot)
        request = Request(
            render_draft(round_, order, self._template),
            seed=plan.seeds[slot][0],
            max_tokens=SENTENCE_TOKENS,
            temperature=self._temperature,
            stop=STOPS,
            about=About(round_.session, order),
        )
        return Beginning("", Attempt(1, order, request))


class _Objections:
    """Says which beginnings no continuation can save, without the wrapping they may come in."""

    def __init__(self, round_: Round, screen: Screen, example: str) -> None:
        self._screening = Screening(round_, example=example)
        self._screen = screen

    def to(self, text: str) -> bool:
        # As it would be taken in: "Here is my statement:" is not the voice of one person.
        statement = clean(text)
        rejection = self._screen.check(statement, self._screening)
        if rejection is not None and rejection.reason not in OUTGROWN:
            return True
        return speaks_for_one(statement, self._screening.round.question.language) is not None


class _Search:
    """Asks the model and keeps count; `ended` are statements that need no more sentences."""

    def __init__(
        self, model: LanguageModel, plan: Plan, intake: Intake, objections: _Objections
    ) -> None:
        self._model = model
        self._plan = plan
        self._intake = intake
        self._objections = objections
        self.ended: list[Beginning] = []
        self.usage = Usage()

    def grow(self, live: Sequence[Beginning], step: int, watch: Watch) -> list[Beginning]:
        """Return every beginning with one sentence more, without those that ended or fell out."""
        attempts = [self._attempt(one, slot, step) for slot, one in enumerate(live)]
        requests = [attempt.request for attempt in attempts]
        replies = self._model.complete(requests, watch)
        stop_if_asked(watch)
        grown: list[Beginning] = []
        for beginning, attempt, reply in zip(live, attempts, replies, strict=True):
            self.usage += reply.usage
            if isinstance(reply, Fault):
                self._intake.take(attempt, reply)
            else:
                grown.append(continued(beginning, attempt, reply))
        standing: list[Beginning] = []
        for one in distinct(grown):
            if one.text and not self._objections.to(one.text):
                (self.ended if one.ended else standing).append(one)
            else:
                self._take(one)
        return standing

    def hand_in(self, beginnings: Sequence[Beginning]) -> None:
        """Hand in statements, the best first, until there are enough that can stand."""
        for one in beginnings:
            if self._intake.missing:
                self._take(one)

    def _take(self, one: Beginning) -> None:
        whole = Completion(one.text, "length" if one.cut else "stop")
        self._intake.take(one.attempt, whole)

    def _attempt(self, beginning: Beginning, slot: int, step: int) -> Attempt:
        before = beginning.attempt
        seed = self._plan.seeds[slot][step]
        request = replace(before.request, seed=seed, prefix=beginning.text)
        return Attempt(step + 1, before.order, request)
