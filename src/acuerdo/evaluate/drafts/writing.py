"""Raw drafts of a language model: every request once, nothing redrawn, nothing thrown away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from acuerdo.domain.completions import Completion, Fault, FaultKind, Reply, Request
from acuerdo.domain.errors import ModelError
from acuerdo.draft import MAX_TOKENS, clean, make_plan
from acuerdo.evaluate.drafts.records import Draft, Drafts, Task
from acuerdo.ports import LanguageModel, Watch
from acuerdo.prompts import check_template, render_draft, speakers, statement_from, template_hash

LASTING: Final[frozenset[FaultKind]] = frozenset({"too_long", "unsupported", "refused"})
"""Faults that the same request always brings: a draft that is not there. Others stop the run."""


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Drafts with a language model and a template; deterministic as far as the model is.

    Opinions stand in up to `orders` random orders. Raises SettingsError for an unknown template.
    """

    model: LanguageModel
    template: str
    temperature: float = 0.8
    top_p: float = 1.0
    orders: int = 4
    max_tokens: int = 0

    def __post_init__(self) -> None:
        check_template(self.template)

    @property
    def about(self) -> str:
        """Say in a few words what it is, for tables."""
        return f"{self.model.name}, “{self.template}”, temperature {self.temperature:g}"

    @property
    def identity(self) -> tuple[object, ...]:
        """Everything of this writer that decides what is written."""
        return (
            self.model.name,
            self.template,
            template_hash(self.template),
            self.temperature,
            self.top_p,
            self.orders,
            self._room,
        )

    def write(self, task: Task, watch: Watch, on_draft: Callable[[], None]) -> Drafts:
        """Return one draft for each request, in order; `on_draft` is called as each arrives.

        Raises ModelError if a request failed that may succeed when it is made again, Cancelled if
        the watcher stops.
        """
        round_ = task.shown.round()
        people = speakers(round_)
        plan = make_plan(
            people, slots=task.candidates, orders=self.orders, attempts=1, rng=task.rng()
        )
        requests = [
            Request(
                render_draft(round_, plan.order(slot), self.template),
                seed,
                max_tokens=self._room,
                temperature=self.temperature,
                top_p=self.top_p,
            )
            for slot, (seed,) in enumerate(plan.seeds)
        ]

        def arrived(index: int, reply: Reply) -> None:
            del index, reply
            on_draft()

        replies = self.model.complete(requests, watch, arrived)
        orders = [tuple(map(people.index, plan.order(slot))) for slot in range(len(requests))]
        return self._drafts(requests, orders, replies)

    def _drafts(
        self,
        requests: Sequence[Request],
        orders: Sequence[tuple[int, ...]],
        replies: Sequence[Reply],
    ) -> Drafts:
        return tuple(
            self._draft(request, order, reply)
            for request, order, reply in zip(requests, orders, replies, strict=True)
        )

    def _draft(self, request: Request, order: tuple[int, ...], reply: Reply) -> Draft:
        made = Draft("", "model", self.template, "stop", request.seed, order)
        if isinstance(reply, Fault):
            if reply.kind not in LASTING:
                raise ModelError(
                    f"a draft failed: {reply.detail}",
                    where=self.model.name,
                    fix="Run the same command again to go on: finished groups are kept.",
                )
            return replace(made, fault=reply.detail)
        return _taken_from(reply, made)

    @property
    def _room(self) -> int:
        return self.max_tokens or MAX_TOKENS[self.template]


def _taken_from(reply: Completion, made: Draft) -> Draft:
    text = clean(statement_from(reply.text, made.template) or "")
    raw = reply.text if reply.text.strip() != text else ""
    return replace(made, text=text, raw=raw, finish=reply.finish)
