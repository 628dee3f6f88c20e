"""A round goes in, a result with every intermediate comes out; nothing is mutated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from acuerdo.domain.ballots import Agreement, Ballots, Choice, Margin
from acuerdo.domain.completions import Usage
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import (
    LIKERT_MAX,
    LIKERT_MIN,
    Critique,
    Opinion,
    PersonId,
    Question,
    Rating,
    SessionId,
)
from acuerdo.domain.statements import Candidate, CandidateId, RejectedDraft

MIN_OPINIONS: Final = 2
MAX_OPINIONS: Final = 30
MAX_OPINION_CHARACTERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """What the group settled before it began.

    `threshold` is the share of deciding people (0 to 1) whose agreement with the winner must lie
    above neutral; below it there is no common ground. `no_statement` puts "no statement" on the
    ballot, at neutral for everybody whose rating of it is not known. `slate` asks for that many
    statements that together represent the group in proportion (0: none).
    """

    threshold: float = 0.5
    no_statement: bool = True
    slate: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.threshold <= 1:
            raise InputError(f"the agreement threshold is {self.threshold}, not a share of 0 to 1")
        if self.slate < 0:
            raise InputError(f"a slate of {self.slate} statements cannot be chosen")


@dataclass(frozen=True, slots=True)
class Round:
    """Everything one round of mediation starts from.

    Without `previous` it is a first round. With it, the statement is revised in the light of
    `critiques`; people who gave none still count through their opinion. `candidates` are added as
    they are (written by a person, or kept from a round that was interrupted). `ratings` are known
    and are not predicted. `roster` names people who belong to the group; somebody on it without an
    opinion is absent: they abstain and stall nothing.
    """

    question: Question
    opinions: tuple[Opinion, ...]
    previous: str = ""
    critiques: tuple[Critique, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    ratings: tuple[Rating, ...] = ()
    roster: tuple[PersonId, ...] = ()
    session: SessionId = SessionId("")
    terms: Terms = Terms()

    def __post_init__(self) -> None:
        if not self.question.text.strip():
            raise InputError("the question is empty", fix="Say what the group is to answer.")
        if not MIN_OPINIONS <= len(self.opinions) <= MAX_OPINIONS:
            raise InputError(
                f"{len(self.opinions)} opinion(s), but a round takes "
                f"{MIN_OPINIONS} to {MAX_OPINIONS}",
                fix="Split a larger group into several rounds."
                if len(self.opinions) > MAX_OPINIONS
                else "Agreement needs at least two people.",
            )
        seen: set[PersonId] = set()
        for opinion in self.opinions:
            if not opinion.text.strip():
                raise InputError(f"the opinion of {opinion.person} is empty")
            if len(opinion.text) > MAX_OPINION_CHARACTERS:
                raise InputError(
                    f"the opinion of {opinion.person} has {len(opinion.text):,} characters; "
                    f"at most {MAX_OPINION_CHARACTERS:,} can be read",
                    fix="Shorten it to what matters for the question.",
                )
            if opinion.person in seen:
                raise InputError(
                    f"{opinion.person} has more than one opinion",
                    fix="Join them into one text, or give each person a name of their own.",
                )
            seen.add(opinion.person)
        if self.critiques and not self.previous.strip():
            raise InputError(
                "there are critiques but no previous statement",
                fix="Hand in the statement that was criticised.",
            )
        for rating in self.ratings:
            if not LIKERT_MIN <= rating.value <= LIKERT_MAX:
                raise InputError(
                    f"{rating.person} rates {rating.candidate} with {rating.value}",
                    fix=f"Ratings go from {LIKERT_MIN} to {LIKERT_MAX}.",
                )
        if len({critique.person for critique in self.critiques}) < len(self.critiques):
            raise InputError("a person has more than one critique", fix="Join them into one text.")

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Everybody who counts, in order of appearance: opinions, roster, critiques, ratings."""
        everybody = [opinion.person for opinion in self.opinions]
        everybody += self.roster
        everybody += [critique.person for critique in self.critiques]
        everybody += [rating.person for rating in self.ratings]
        return tuple(dict.fromkeys(everybody))

    def opinion_of(self, person: PersonId) -> str:
        """Return the opinion of a person, "" if they gave none."""
        return next((o.text for o in self.opinions if o.person == person), "")

    def critique_of(self, person: PersonId) -> str:
        """Return the critique of a person, "" if they gave none."""
        return next((c.text for c in self.critiques if c.person == person), "")


Outcome = Literal["agreement", "no_common_ground", "no_candidates", "undecided"]
"""agreement: a statement won and enough people are expected to agree.
no_common_ground: "no statement" won, or too few are expected to agree with the winner.
no_candidates: nothing usable could be drafted; run again to resume.
undecided: nobody could be said to agree or disagree with every candidate; nobody voted."""

Stage = Literal["draft", "predict", "choose"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something went wrong and the round went on without it.

    If `resumable`, running again with the same seed may cure it: whatever succeeded is replayed
    from the cache, only what failed is asked for again. Otherwise the same would happen again.
    """

    stage: Stage
    kind: str
    detail: str
    count: int = 1
    resumable: bool = True


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person's place in the result.

    `agreement` and `spread` are for the winner, nan if unknown; `known` says whether the person
    rated it themselves. `favourite` is the column they prefer. `least_covered` is the sentence of
    their opinion that the winner takes up least, with `coverage`, the cosine similarity (-1 to 1)
    of that sentence to the nearest sentence of the winner.
    """

    person: PersonId
    abstains: bool
    agreement: float
    spread: float
    known: bool
    favourite: int | None
    least_covered: str
    coverage: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A candidate on which people divide: expected agreement differs by `gap` points (0-6)."""

    candidate: int
    gap: float
    agrees: PersonId
    disagrees: PersonId


@dataclass(frozen=True, slots=True)
class RoundResult:
    """A round's outcome and everything that led to it.

    Columns of `agreement`, `ballots` and of every `Choice` follow `candidates`; where "no
    statement" stood on the ballot it is the last candidate. `chosen` is the result under the
    round's own rule, `rules` under every rule, that one included. `support` is the share of
    deciding people expected above neutral for the winner, nan without a winner.
    """

    round: Round
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    rejected: tuple[RejectedDraft, ...]
    agreement: Agreement
    ballots: Ballots
    chosen: Choice
    rules: Mapping[str, Choice]
    margin: Margin
    slate: tuple[int, ...]
    winner: int | None
    runner_up: int | None
    worst_off: PersonId | None
    support: float
    people: tuple[PersonView, ...]
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)
    usage: Usage = Usage()
    seconds: Mapping[str, float] = field(default_factory=dict)
    seed: int | None = None

    @property
    def statement(self) -> str | None:
        """The winning text, or None where there is none to show as the group's."""
        if self.outcome != "agreement" or self.winner is None:
            return None
        return self.candidates[self.winner].text

    @property
    def degraded(self) -> bool:
        """True if something failed on the way that a re-run may cure; the result stands."""
        return any(problem.resumable for problem in self.problems)

    def column_of(self, candidate: CandidateId) -> int:
        """Return the column of a candidate; ValueError if it is not in this round."""
        return [c.id for c in self.candidates].index(candidate)

    def resumed(self) -> Round:
        """Return the round to run again after an interruption, with all usable drafts kept."""
        kept = tuple(c for c in self.candidates if c.provenance.origin != "no_statement")
        return replace(self.round, candidates=kept)
