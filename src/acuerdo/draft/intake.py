"""Taking replies in: which become candidates, which are rejected, what went wrong."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.completions import Completion, Fault, FaultKind, Reply, Request, Usage
from acuerdo.domain.errors import AcuerdoError
from acuerdo.domain.rounds import Problem, Round
from acuerdo.domain.statements import Candidate, Provenance, RejectedDraft, Rejection
from acuerdo.draft.cleaning import clean
from acuerdo.draft.judging import judged
from acuerdo.draft.planning import Order
from acuerdo.draft.voice import speaks_for_one
from acuerdo.ports import Drafting, OnReply, Progress, Screen, Screening, Watch
from acuerdo.prompts import example_in, statement_from

LASTING_FAULTS: Final[frozenset[FaultKind]] = frozenset(
    {"too_long", "unsupported", "over_budget", "cancelled"}
)
"""Faults that another seed does not cure: such a draft is not asked for again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One draft asked for: the how-manieth of its slot, the order of people, the request."""

    number: int
    order: Order
    request: Request


class Intake:
    """Judges replies in the order of their requests, so that arrival order changes nothing."""

    def __init__(
        self,
        round_: Round,
        screen: Screen,
        watch: Watch,
        wanted: int,
        *,
        author: str,
        template: str,
    ) -> None:
        self._round = round_
        self._screen = screen
        self._watch = watch
        self._wanted = wanted
        self._author = author
        self._template = template
        self._held = [c for c in round_.candidates if c.provenance.origin == "model"]
        self._candidates: list[Candidate] = []
        self._rejected: list[RejectedDraft] = []
        self._faults: list[Fault] = []
        self._breakdowns: list[Problem] = []
        self._usage = Usage()
        self._report(self._done)

    @property
    def missing(self) -> int:
        """How many candidates are still wanted."""
        return max(0, self._wanted - self._done)

    def holds(self, order: Order, seeds: Sequence[int]) -> bool:
        """Say whether the round already holds what this order and one of these seeds brought."""
        return any(c.provenance.order == order and c.provenance.seed in seeds for c in self._held)

    def live(self, wave: Sequence[Attempt]) -> OnReply:
        """Return a callback that reports progress while replies of a wave come in.

        It counts drafts that pass beside those accepted so far; copies within the wave are only
        told apart when all replies are there.
        """
        lock = threading.Lock()
        promising = 0

        def on_reply(index: int, reply: Reply) -> None:
            nonlocal promising
            if isinstance(reply, Fault) or isinstance(
                self._judge(wave[index], reply), RejectedDraft
            ):
                return
            with lock:
                promising += 1
                self._report(min(self._wanted, self._done + promising))

        return on_reply

    def take(self, attempt: Attempt, reply: Reply) -> bool:
        """Take a reply in; True if its slot is settled and need not be asked again."""
        self._usage += reply.usage
        if isinstance(reply, Fault):
            self._faults.append(reply)
            rejection = Rejection("request_failed", reply.detail)
            self._rejected.append(RejectedDraft("", rejection, self._provenance(attempt)))
            return reply.kind in LASTING_FAULTS
        draft = self._judge(attempt, reply)
        if isinstance(draft, Candidate):
            self._candidates.append(draft)
            return True
        self._rejected.append(draft)
        return False

    def note_breakdown(self, error: AcuerdoError) -> None:
        """Note that the model cannot be used at all."""
        self._breakdowns.append(Problem("draft", type(error).__name__, str(error)))

    def drafting(self) -> Drafting:
        """Return everything taken in, with one problem for each kind of fault."""
        self._report(self._done)
        return Drafting(
            tuple(self._candidates), tuple(self._rejected), self._problems(), self._usage
        )

    @property
    def _done(self) -> int:
        return len(self._held) + len(self._candidates)

    def _judge(self, attempt: Attempt, reply: Completion) -> Candidate | RejectedDraft:
        text = clean(statement_from(reply.text, self._template) or "")
        raw = reply.text if reply.text.strip() != text else ""
        standing = (*self._round.candidates, *self._candidates)
        screening = Screening(
            self._round,
            tuple(candidate.text for candidate in standing),
            example_in(self._template),
            reply.finish,
        )
        provenance = self._provenance(attempt, raw)
        draft = judged(text, provenance, self._screen, screening)
        voice = speaks_for_one(text, self._round.question.language)
        if voice and isinstance(draft, Candidate):
            return RejectedDraft(text, voice, provenance)
        return draft

    def _provenance(self, attempt: Attempt, raw: str = "") -> Provenance:
        return Provenance(
            "model",
            author=self._author,
            template=self._template,
            prompt_hash=attempt.request.prompt_hash,
            seed=attempt.request.seed,
            order=attempt.order,
            attempt=attempt.number,
            raw=raw,
        )

    def _problems(self) -> tuple[Problem, ...]:
        first = {fault.kind: fault.detail for fault in reversed(self._faults)}
        kinds = Counter(fault.kind for fault in self._faults)
        faults = [Problem("draft", kind, first[kind], count) for kind, count in kinds.items()]
        return (*self._breakdowns, *faults, *self._shortage())

    def _shortage(self) -> tuple[Problem, ...]:
        if not self.missing:
            return ()
        reasons = Counter(draft.rejection.reason for draft in self._rejected).most_common()
        why = ", ".join(f"{count} {reason}" for reason, count in reasons) or "nothing came back"
        detail = f"Only {self._done} of {self._wanted} drafts could stand ({why})."
        return (Problem("draft", "too_few_drafts", detail, resumable=bool(self._faults)),)

    def _report(self, done: int) -> None:
        self._watch.report(Progress("draft", done, self._wanted))
