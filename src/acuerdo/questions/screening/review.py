"""People's decisions over the screen's, in an append-only log: everything can be reversed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion, Decision, Reason, Verdict
from acuerdo.questions.screening.log_lines import Logged, append_line, logged, read_lines
from acuerdo.questions.screening.screen import probability

SCREEN: Final = "screen"
_TOGETHER: Final = 500
"""Decisions of the screen that share a line of the log."""


class ReviewLog:
    """Decisions about questions, each with who, when and why; nothing is ever overwritten.

    What a person decided stands over what the screen says, however often it runs again; the latest
    decision that was not withdrawn counts. `damaged` is how many lines of the file could not be
    read, such as the last one of a run that was killed: what they said is passed over. Times are
    given by the caller, in ISO 8601. One program at a time writes a log.
    """

    def __init__(self, path: Path) -> None:
        """Read the log at a path; one that is not there is begun with the first decision."""
        self._path = path
        self._screen: dict[str, Decision] = {}
        self._people: dict[str, list[Decision]] = {}
        self._history: dict[str, list[Logged]] = {}
        self._texts: dict[str, str] = {}
        changes, self.damaged = read_lines(path)
        for change in changes:
            self._take(change)

    @property
    def path(self) -> Path:
        return self._path

    def record(self, screened: Iterable[tuple[DebateQuestion, Decision]], at: str) -> int:
        """Keep the screen's decisions; return how many are new or differ from before."""
        waiting: list[Logged] = []
        kept = 0
        for question, decision in screened:
            before = self._screen.get(question.id)
            dated = replace(decision, by=SCREEN, at=at)
            if before is not None and replace(before, at=at) == dated:
                continue
            waiting.append(logged(dated, "" if dated.verdict == "allow" else question.text))
            kept += 1
            if len(waiting) == _TOGETHER:
                self._add(waiting)
                waiting = []
        if waiting:
            self._add(waiting)
        return kept

    def decide(self, question: str, verdict: Verdict, by: str, why: str, at: str) -> Decision:
        """Keep a person's decision about a question that the screen has seen, and return it.

        Raises InputError for an id that is not in the log, or a name that nobody can have.
        """
        return self.decide_all([(question, verdict, why)], by, at)[0]

    def decide_all(
        self, decisions: Sequence[tuple[str, Verdict, str]], by: str, at: str
    ) -> tuple[Decision, ...]:
        """Keep many decisions (id, verdict, why) of one person, all or none of them."""
        if not by.strip() or by == SCREEN:
            raise InputError(
                f"{by!r} is not the name of a person", fix="Say who decides, e.g. your name."
            )
        made = []
        for question, verdict, why in decisions:
            before = self.standing(question)
            severity = 0 if verdict == "allow" else max(before.severity, 1)
            reason = Reason("person", "decision", why, 1.0)
            made.append(Decision(question, verdict, severity, (reason,), by, at))
        if made:
            self._add([logged(decision) for decision in made])
        return tuple(made)

    def withdraw(self, question: str, by: str, at: str) -> Decision:
        """Take back the latest decision of a person; return what stands now.

        The log keeps both. Raises InputError if no person's decision about the question stands.
        """
        if not self._people.get(question):
            raise InputError(
                f"nobody has decided about the question {question!r}",
                fix="Look at its history with --log.",
            )
        self._add([Logged(question=question, by=by, at=at, withdrawn=True)])
        return self.standing(question)

    def current(self) -> Mapping[str, Decision]:
        """Return for each question the decision that stands, in the order they were first seen."""
        return {
            question: people[-1] if people else self._screen[question]
            for question, people in self._people.items()
            if people or question in self._screen
        }

    def history(self, question: str) -> tuple[Decision, ...]:
        """Return all decisions about a question, the first first, withdrawn ones and all.

        A withdrawal stands there as a decision of its own without reasons and with verdict
        "review". Raises InputError for an id that is not in the log.
        """
        self.standing(question)
        return tuple(entry.decision for entry in self._history[question])

    def queue(self) -> tuple[Decision, ...]:
        """Return what waits for a person: the gravest first, of these the least certain."""
        waiting = [
            self._screen[question]
            for question, decision in self.current().items()
            if decision.by == SCREEN and decision.verdict == "review"
        ]
        return tuple(sorted(waiting, key=_urgency))

    def text_of(self, question: str) -> str:
        """Return what the question was when it was screened last, "" if it never was."""
        return self._texts.get(question, "")

    def standing(self, question: str) -> Decision:
        """Return the decision about a question that stands; InputError for an unknown id."""
        people = self._people.get(question, [])
        found = people[-1] if people else self._screen.get(question)
        if found is None:
            raise InputError(
                f"there is no question {question!r} in the log",
                where=str(self._path),
                fix="Screen it first, or check its id.",
            )
        return found

    def _add(self, entries: Sequence[Logged]) -> None:
        append_line(self._path, entries)
        self._take(entries)

    def _take(self, entries: Sequence[Logged]) -> None:
        for entry in entries:
            people = self._people.setdefault(entry.question, [])
            self._history.setdefault(entry.question, []).append(entry)
            if entry.withdrawn:
                del people[-1:]
            elif entry.by == SCREEN:
                self._screen[entry.question] = entry.decision
            else:
                people.append(entry.decision)
            if entry.text:
                self._texts[entry.question] = entry.text


def _urgency(decision: Decision) -> tuple[int, float, str]:
    sure = probability(decision.reasons)
    return -decision.severity, abs(sure - 0.5), decision.question
