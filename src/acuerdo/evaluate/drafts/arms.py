"""Arms: who writes for a group, under a name.

A source writes by itself: a model (`ModelArm`) or a baseline (`BaselineArm`). A `BestArm` picks one
of what a source wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.text import canonical, words
from acuerdo.draft import ExtractiveDrafter
from acuerdo.evaluate.drafts.checks import Checks
from acuerdo.evaluate.drafts.records import Draft, Drafts, Task
from acuerdo.evaluate.drafts.selecting import Selector
from acuerdo.guard import StandardScreen
from acuerdo.ports import Embedder, Unwatched, Watch

NONE_STANDS: Final = Draft("", "model", fault="None of the drafts could stand.")
"""What a `BestArm` brings where there is nothing to choose from."""


class Writer(Protocol):
    """Writes with a model: `identity` is everything that decides what, `about` says it in words."""

    @property
    def identity(self) -> tuple[object, ...]: ...

    @property
    def about(self) -> str: ...

    def write(self, task: Task, watch: Watch, on_draft: Callable[[], None]) -> Drafts:
        """Return drafts in order; `on_draft` is called as each arrives.

        Raises ModelError if a request failed that may succeed when it is made again, Cancelled if
        the watcher stops.
        """
        ...


@dataclass(frozen=True, slots=True)
class ModelArm:
    """A model under a way of asking it; an arm is measured by the mean over its drafts."""

    name: str
    writer: Writer

    @property
    def about(self) -> str:
        """Say in a few words what it is, for tables."""
        return self.writer.about


@dataclass(frozen=True, slots=True)
class BaselineArm:
    """What needs no model: `of` returns its drafts for a group, always the same."""

    name: str
    about: str
    of: Callable[[Material], Drafts]


Source = ModelArm | BaselineArm


@dataclass(frozen=True, slots=True)
class BestArm:
    """The one draft of a source that wins under a predictor and a rule.

    Only drafts that can stand are up for election.
    """

    name: str
    source: Source
    selector: Selector

    @property
    def about(self) -> str:
        """Say in a few words what it is, for tables."""
        return f"the best of “{self.source.name}” by {self.selector.name}"

    def pick(self, material: Material, drafts: Drafts, checks: Checks, watch: Watch) -> Draft:
        """Return the winner, `NONE_STANDS` if no draft can stand or be read."""
        standing = [one for one in drafts if checks.objection(material, one) is None]
        place = self.selector.best(material, [one.text for one in standing], watch)
        return NONE_STANDS if place is None else standing[place]


Arm = ModelArm | BaselineArm | BestArm


def extractive(name: str, embedder: Embedder) -> BaselineArm:
    """Return the arm that quotes the group's own sentences."""
    drafter, screen = ExtractiveDrafter(embedder), StandardScreen()

    def of(material: Material) -> Drafts:
        # It draws nothing: the generator is only there because every drafter takes one.
        drafting = drafter.draft(material.round(), screen, np.random.default_rng(0), Unwatched())
        written = [one.text for one in drafting.candidates] + [
            one.text for one in drafting.rejected
        ]
        return tuple(Draft(text, "extractive") for text in written) or (
            Draft("", "extractive", fault="There was no sentence to quote."),
        )

    return BaselineArm(name, f"sentences of the opinions, {drafter.name}", of)


def every_opinion(name: str) -> BaselineArm:
    """Return the source of people's own opinions."""
    return BaselineArm(
        name,
        "everybody's own opinion",
        lambda material: tuple(Draft(canonical(text), "opinion") for text in material.opinions),
    )


def best_opinion(name: str, selector: Selector) -> BestArm:
    """Return the arm of the single opinion that wins under a predictor and a rule."""
    return BestArm(name, every_opinion("opinions"), selector)


def longest_opinion(name: str) -> BaselineArm:
    """Return the arm of the opinion with most words, the first of equals."""

    def of(material: Material) -> Drafts:
        longest = max(material.opinions, key=lambda text: len(words(text)))
        return (Draft(canonical(longest), "longest"),)

    return BaselineArm(name, "the opinion with most words", of)


def reference(name: str) -> BaselineArm:
    """Return the arm of the material's own statements: what a drafter was to learn."""
    return BaselineArm(
        name,
        "the statement of the material, drafted by a large language model, not by people",
        lambda material: (Draft(canonical(material.statement), "reference"),),
    )
