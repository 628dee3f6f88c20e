"""Polarized Issues: dialogues in which people answer a question and vote on others' answers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from acuerdo.datasets.judging.csv_columns import CsvColumns, read_columns
from acuerdo.datasets.judging.files import read_text
from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgement, Judgements
from acuerdo.domain.text import canonical

SOURCE: Final = "polarized_issues"
_Row = TypeVar("_Row", Judgement, Comparison)
LICENCE: Final = "CC BY 4.0"

_REFERS: Final = re.compile(
    r"\b(this answer|disagree with you|your (last|previous) answer)\b", re.I
)
_VALUES: Final[Mapping[str, float | None]] = {
    "thought a": 1.0,
    "thought b": -1.0,
    "i agree with both": 0.0,
    "i disagree with both": 0.0,
    "these are similar": 0.0,
    "i'm not sure": None,
}


@dataclass(frozen=True, slots=True)
class _Thought:
    question: str
    person: str
    text: str


@dataclass(frozen=True, slots=True)
class _Dialogue:
    folder: Path
    thoughts: Mapping[str, _Thought]
    """By thought id."""
    opinions: Mapping[tuple[str, str], str]
    """By question id and person."""
    questions: Mapping[str, str]
    contexts: Mapping[str, str]

    def own(self, thought: _Thought | None, person: str) -> str:
        """Return what the person answered to the thought's question, "" if nothing is known."""
        return self.opinions.get((thought.question, person), "") if thought else ""


def read_polarized_issues(folder: Path) -> Judgements:
    """Read every dialogue (a folder with opinions.csv and votes.csv), on the scale "binary".

    The opinion is the person's answer to the same question. The context is the dialogue's title
    and, where a question refers to an earlier one ("why you chose this answer"), that question.
    Votes on one's own answer, of people who did not answer, and on answers that
    opinions.csv does not hold are left out. Raises InputError
    naming file, row and column.
    """
    rows = []
    for dialogue in _dialogues(folder):
        table = _read(dialogue.folder / "votes.csv")
        last: dict[tuple[str, str], Judgement] = {}
        for record, (person, thought_id, vote) in enumerate(
            zip(
                table.column("participant_id"),
                table.column("thought_id"),
                table.column("vote"),
                strict=True,
            )
        ):
            thought = dialogue.thoughts.get(thought_id)
            if vote not in ("1", "-1"):
                raise InputError(
                    f"{vote[:40]!r} is not a vote",
                    where=table.where(record, "vote"),
                    fix="Votes are 1 and -1.",
                )
            own = dialogue.own(thought, person)
            if thought is None or not own or thought.person == person or thought.text == own:
                continue
            last[person, thought_id] = Judgement(
                source=SOURCE,
                licence=LICENCE,
                conversation=dialogue.folder.name,
                language="en",
                question=dialogue.questions[thought.question],
                context=dialogue.contexts[thought.question],
                person=person,
                opinion=own,
                statement=thought.text,
                value=float(vote),
                scale="binary",
            )
        rows += _some(list(last.values()), table)
    return Judgements.of(rows)


def read_polarized_preferences(folder: Path) -> tuple[Comparison, ...]:
    """Read which of two answers people preferred (preferences.csv) in every dialogue.

    "Thought A" is 1, "Thought B" -1; agreeing or disagreeing with both and "similar" are 0; "not
    sure" says nothing and is left out, as are pairs with one's own answer.
    """
    found: list[Comparison] = []
    for dialogue in _dialogues(folder):
        table = _read(dialogue.folder / "preferences.csv")
        chosen: list[Comparison] = []
        columns = ("participant_id", "thought_a", "thought_b", "vote")
        cells = zip(*(table.column(name) for name in columns), strict=True)
        for record, (person, a, b, vote) in enumerate(cells):
            first, second = dialogue.thoughts.get(a), dialogue.thoughts.get(b)
            if vote.lower() not in _VALUES:
                raise InputError(
                    f"{vote[:40]!r} is not a choice",
                    where=table.where(record, "vote"),
                    fix="Choices are 'Thought A', 'Thought B', 'I agree with both', "
                    "'I disagree with both', 'These are similar' and \"I'm not sure\".",
                )
            value = _VALUES[vote.lower()]
            own = dialogue.own(first, person)
            if value is None or first is None or second is None or not own:
                continue
            if person in (first.person, second.person):
                continue
            chosen.append(
                Comparison(
                    source=SOURCE,
                    licence=LICENCE,
                    conversation=dialogue.folder.name,
                    language="en",
                    question=dialogue.questions[first.question],
                    context=dialogue.contexts[first.question],
                    person=person,
                    opinion=own,
                    first=first.text,
                    second=second.text,
                    value=value,
                )
            )
        found += _some(chosen, table)
    return tuple(found)


def _dialogues(folder: Path) -> Iterator[_Dialogue]:
    paths = sorted(path.parent for path in folder.glob("*/opinions.csv"))
    if not paths:
        raise InputError(
            "there is no dialogue in this folder",
            where=str(folder),
            fix="Name the folder that holds one folder a dialogue, each with opinions.csv.",
        )
    yield from map(_dialogue, paths)


def _dialogue(folder: Path) -> _Dialogue:
    table = _read(folder / "opinions.csv")
    columns = ("question_id", "question", "participant_id", "thought_id", "text")
    thoughts, opinions, questions = {}, {}, {}
    for question_id, question, person, thought_id, text in zip(
        *(table.column(name) for name in columns), strict=True
    ):
        thoughts[thought_id] = _Thought(question_id, person, canonical(text))
        opinions[question_id, person] = canonical(text)
        questions[question_id] = " ".join(canonical(question).split())
    return _Dialogue(folder, thoughts, opinions, questions, _contexts(folder, questions))


def _contexts(folder: Path, questions: Mapping[str, str]) -> dict[str, str]:
    """Return the context of each question: the dialogue's title, and the question referred to."""
    path = folder / "participants.csv"
    if not path.is_file():
        return dict.fromkeys(questions, "")
    try:
        rows = list(csv.reader(io.StringIO(read_text(path), newline="")))
    except csv.Error as error:
        raise InputError(f"this cannot be read: {error}", where=str(path)) from None
    title = next((row[1].strip() for row in rows if len(row) > 1 and row[0] == "Title"), "")
    asked = next((row for row in rows if "Participant Id" in row), [])
    polls = [" ".join(cell.split()) for cell in asked if cell.strip().endswith("?")]
    contexts = {}
    for question_id, question in questions.items():
        parent = ""
        if _REFERS.search(question):
            # What a question refers to was asked before it and refers to nothing itself.
            place = next((k for k, cell in enumerate(asked) if cell.strip() == question), 0)
            earlier = {" ".join(cell.split()) for cell in asked[:place]}
            parents = [poll for poll in polls if poll in earlier and not _REFERS.search(poll)]
            parent = parents[-1] if parents else ""
        contexts[question_id] = ". ".join(part for part in (title, parent) if part)
    return contexts


def _some(rows: list[_Row], table: CsvColumns) -> list[_Row]:
    if not rows:
        raise InputError(
            "no row is of a person and on an answer that opinions.csv holds",
            where=table.file,
            fix="Put opinions and votes of the same dialogue together.",
        )
    return rows


def _read(path: Path) -> CsvColumns:
    return read_columns(read_text(path), str(path))
