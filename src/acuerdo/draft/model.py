"""Candidates written by a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from acuerdo.domain.completions import About, Request
from acuerdo.domain.errors import ModelError, StorageError
from acuerdo.domain.rounds import Round
from acuerdo.draft.intake import Attempt, Intake
from acuerdo.draft.planning import Order, make_plan
from acuerdo.ports import Drafting, LanguageModel, Screen, Watch, stop_if_asked
from acuerdo.prompts import check_template, render_draft, speakers

MAX_TOKENS: Final = {
    "direct": 320,
    "reason_first": 1024,
    "by_example": 240,
    "plain": 320,
    "noted": 480,
}
"""Room for as many words as each template asks for, in any language, reasoning included."""


class ModelDrafter:
    """Asks a model for many drafts at once and redraws what the screen rejects.

    Opinions stand in several random orders against order bias; drafts of one order share their
    prompt. A redraw keeps its order and always gets a new seed. At most `candidates * redraws`
    requests are made in all.
    """

    def __init__(
        self,
        model: LanguageModel,
        *,
        candidates: int = 16,
        orders: int = 4,
        template: str = "direct",
        temperature: float = 0.8,
        top_p: float = 1.0,
        max_tokens: int | None = None,
        redraws: float = 3.0,
    ) -> None:
        check_template(template)
        if candidates < 1 or orders < 1 or redraws < 1:
            raise ValueError("candidates, orders and redraws must be at least 1")
        self._model = model
        self._candidates = candidates
        self._orders = orders
        self._template = template
        self._temperature = temperature
        self._top_p = top_p
        self._max_tokens = max_tokens or MAX_TOKENS[template]
        self._budget = round(candidates * redraws)

    @property
    def name(self) -> str:
        return f"{self._model.name} ({self._template})"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return up to `candidates` drafts that can stand, and what was rejected and why.

        Drafts of the model that the round holds from an interrupted run count towards the number.
        A failing model becomes a problem of the result; only Cancelled is raised.
        """
        plan = make_plan(
            speakers(round_),
            slots=self._candidates,
            orders=self._orders,
            attempts=self._budget,
            rng=rng,
        )
        intake = Intake(
            round_,
            screen,
            watch,
            self._candidates,
            author=self._model.name,
            template=self._template,
        )
        slots = [
            self._attempts(round_, plan.order(slot), seeds)
            for slot, seeds in enumerate(plan.seeds)
            if not intake.holds(plan.order(slot), seeds)
        ]
        try:
            self._fill(slots, intake, watch)
        except (ModelError, StorageError) as error:
            intake.note_breakdown(error)
        return intake.drafting()

    def _fill(self, waiting: Sequence[Iterator[Attempt]], intake: Intake, watch: Watch) -> None:
        """Ask in waves, everything that is missing at once, until it is there or spent."""
        spent = 0
        while waiting and intake.missing and spent < self._budget:
            stop_if_asked(watch)
            size = min(intake.missing, self._budget - spent)
            asked, resting = waiting[:size], waiting[size:]
            wave = [next(slot) for slot in asked]
            spent += len(wave)
            requests = [attempt.request for attempt in wave]
            replies = self._model.complete(requests, watch, intake.live(wave))
            stop_if_asked(watch)
            again = [
                slot
                for slot, attempt, reply in zip(asked, wave, replies, strict=True)
                if not intake.take(attempt, reply)
            ]
            waiting = [*again, *resting]

    def _attempts(self, round_: Round, order: Order, seeds: Sequence[int]) -> Iterator[Attempt]:
        """Yield the attempts of one slot: the same prompt with ever new seeds."""
        messages = render_draft(round_, order, self._template)
        about = About(round_.session, order)
        for number, seed in enumerate(seeds, start=1):
            request = Request(
                messages,
                seed,
                max_tokens=self._max_tokens,
                temperature=self._temperature,
                top_p=self._top_p,
                about=about,
            )
            yield Attempt(number, order, request)
