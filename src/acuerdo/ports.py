"""The seams: what the engine needs from the outside, as protocols.

Every seam ships with real parts, a deliberately simple baseline and a fake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import Agreement, Ballots, Choice, Margin
from acuerdo.domain.completions import Reply, Request, Usage
from acuerdo.domain.errors import Cancelled
from acuerdo.domain.rounds import Problem, Round
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.domain.statements import Candidate, RejectedDraft, Rejection

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is: `done` of `total` units (drafts, predictions, bytes)."""

    stage: str
    done: int
    total: int
    note: str = ""


class Watch(Protocol):
    """Sees progress and may stop the work. Called from any thread."""

    def report(self, progress: Progress) -> None: ...

    def stopped(self) -> bool: ...


class Unwatched:
    """Nobody watches, nobody stops."""

    def report(self, progress: Progress) -> None:
        del progress

    def stopped(self) -> bool:
        return False


def stop_if_asked(watch: Watch) -> None:
    """Raise Cancelled if the watcher asked to stop."""
    if watch.stopped():
        raise Cancelled


class LanguageModel(Protocol):
    """Completes many requests at once, all in flight together.

    Returns one reply per request, in order. One failing request never fails the others: it comes
    back as a `Fault`. Raises ModelError only if the model cannot be used at all, Cancelled if the
    watcher stops. `on_reply(index, reply)` is called as each one arrives, from any thread.
    """

    @property
    def name(self) -> str: ...

    def complete(
        self, requests: Sequence[Request], watch: Watch, on_reply: OnReply | None = None
    ) -> Sequence[Reply]: ...


class OnReply(Protocol):
    def __call__(self, index: int, reply: Reply) -> None: ...


class Embedder(Protocol):
    """Maps texts to unit vectors, shape (texts, dimensions). Long texts are read by sentence."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True, slots=True)
class Screening:
    """What a draft is checked against: the round, the texts already accepted, the prompt's example.

    The round's `question.language` is resolved by then; "" means that it could not be told.
    """

    round: Round
    accepted: tuple[str, ...] = ()
    example: str = ""
    finish: Literal["stop", "length"] = "stop"


class Screen(Protocol):
    """Says why a draft cannot stand, or None if it can.

    Of several objections the gravest is told: an instruction before any question of form or copy.
    """

    def check(self, text: str, screening: Screening) -> Rejection | None: ...


@dataclass(frozen=True, slots=True)
class Drafting:
    """What a drafter brought: candidates that passed the screen, rejected drafts, problems."""

    candidates: tuple[Candidate, ...]
    rejected: tuple[RejectedDraft, ...] = ()
    problems: tuple[Problem, ...] = ()
    usage: Usage = Usage()


class Drafter(Protocol):
    """Writes candidate statements for a round. Deterministic given its parts and `rng`."""

    @property
    def name(self) -> str: ...

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting: ...


@dataclass(frozen=True, slots=True)
class Prediction:
    """Agreement of every person in `Round.people` with every candidate, and what went wrong.

    `by` names what made it where that depends on the round, else the predictor's name holds.
    """

    agreement: Agreement
    problems: tuple[Problem, ...] = ()
    usage: Usage = Usage()
    by: str = ""


class Predictor(Protocol):
    """Predicts each person's agreement from their opinion (and critique) and each candidate.

    People who gave neither an opinion nor a rating get "cannot say" (nan). Known ratings of the
    round may inform the prediction of others; they themselves are laid over it by `mediate`.
    """

    @property
    def name(self) -> str: ...

    def predict(
        self,
        round_: Round,
        candidates: Sequence[Candidate],
        rng: np.random.Generator,
        watch: Watch,
    ) -> Prediction: ...


class Scorer(Protocol):
    """Predicts agreement for any number of pairs of one question; the seam under `Predictor`.

    Deterministic. Silent (nan) where the text gives no ground. Pairs with a known rating get a
    forecast too, which that rating may inform. Raises Cancelled if the watcher stops.
    """

    @property
    def name(self) -> str: ...

    def score(self, sheet: Sheet, watch: Watch) -> Forecast: ...


class Rule(Protocol):
    """A welfare function or voting rule: ballots in, winners out, ties explicit.

    `needs` is "ratings" if the rule cannot work on rankings alone. Without ballots, or where it
    does not apply, the Choice has no winner and a note.
    """

    @property
    def name(self) -> str: ...

    @property
    def needs(self) -> Literal["rankings", "ratings"]: ...

    def choose(self, ballots: Ballots, rng: np.random.Generator) -> Choice: ...


class MarginOfVictory(Protocol):
    """Measures how many ballots would have to change before a rule's winners change."""

    def __call__(self, rule: Rule, ballots: Ballots) -> Margin: ...


class SlateRule(Protocol):
    """Picks `size` columns that together represent the voters in proportion."""

    def __call__(
        self, ballots: Ballots, size: int, rng: np.random.Generator
    ) -> tuple[int, ...]: ...
