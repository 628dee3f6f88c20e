"""Drafts that a model wrote under a search that a predictor leads, as an arm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.errors import ModelError
from acuerdo.draft import Sampling, SearchDrafter
from acuerdo.evaluate.drafts.records import Draft, Drafts, Task
from acuerdo.evaluate.drafts.writing import LASTING
from acuerdo.guard import StandardScreen
from acuerdo.ports import LanguageModel, Predictor, Rule, Watch
from acuerdo.prompts import check_template, speakers, template_hash

ENDURED: Final = frozenset({*LASTING, "too_few_drafts"})
"""Problems that the same search always has: what it found counts, or that it found nothing."""
NOTHING_FOUND: Final = "The search ended without a statement that could stand."


@dataclass(frozen=True, slots=True)
class SearchWriter:
    """Brings the one statement a search ends with: see `SearchDrafter`.

    It samples as many beginnings as a task wants candidates, so that it costs about as much as so
    many drafts. `led_by` tells the predictor apart from others: the name by which the run file
    calls it and the hashes of its weights, since what it calls itself need not be its own alone.
    Raises SettingsError for an unknown template.
    """

    model: LanguageModel
    predictor: Predictor
    rule: Rule
    template: str
    led_by: tuple[str, ...]
    temperature: float = 0.8
    orders: int = 4

    def __post_init__(self) -> None:
        check_template(self.template)

    @property
    def identity(self) -> tuple[object, ...]:
        """Everything of this writer that decides what is written."""
        return (
            "search",
            self.model.name,
            self.template,
            template_hash(self.template),
            self.temperature,
            self.orders,
            self.led_by,
            self.rule.name,
        )

    @property
    def about(self) -> str:
        """Say in a few words what it is, for tables."""
        leader = self.led_by[0] if self.led_by else self.predictor.name
        led = f"search by {leader}, {self.rule.name}"
        return f"{self.model.name}, “{self.template}”, temperature {self.temperature:g}, {led}"

    def write(self, task: Task, watch: Watch, on_draft: Callable[[], None]) -> Drafts:
        """Return the best statement found; `on_draft` is called for each candidate at the end.

        Raises ModelError if the model failed, Cancelled if the watcher stops.
        """
        round_ = task.shown.round()
        sampling = Sampling(task.candidates, self.orders, self.template, self.temperature)
        drafter = SearchDrafter(self.model, self.predictor, self.rule, sampling)
        drafting = drafter.draft(round_, StandardScreen(), task.rng(), watch)
        for problem in drafting.problems:
            if problem.resumable and problem.kind not in ENDURED:
                raise ModelError(
                    f"a search failed: {problem.detail}",
                    where=self.model.name,
                    fix="Run the same command again to go on: finished groups are kept.",
                )
        for _ in range(task.candidates):
            on_draft()
        if not drafting.candidates:
            told = [problem.detail for problem in drafting.problems] or [NOTHING_FOUND]
            return (Draft("", "model", self.template, fault=told[0]),)
        best = drafting.candidates[0]
        people = speakers(round_)
        order = tuple(people.index(person) for person in best.provenance.order)
        return (Draft(best.text, "model", self.template, "stop", best.provenance.seed, order),)
