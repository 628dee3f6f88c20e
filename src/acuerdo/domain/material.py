"""Material for the drafting model: what a group said and the statement it should have got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, Opinion, PersonId, Question
from acuerdo.domain.rounds import Round


@dataclass(frozen=True, slots=True)
class Material:
    """One thing to learn from: opinions in, statement out.

    With `previous` the statement is a revision of it; `critiques` then stand in the order of
    `opinions`, "" for people who gave none. `group` tells which group it comes from: a first
    statement and its revision share one. `split` is the part it is for ("train"), "" if unsettled.
    `notes` say in a few words what each person says, in the order of `opinions`; () if nobody noted
    it. `author` says who wrote the statement. Raises InputError for texts that are missing.
    """

    group: str
    question: str
    opinions: tuple[str, ...]
    statement: str
    previous: str = ""
    critiques: tuple[str, ...] = ()
    context: str = ""
    language: str = "en"
    split: str = ""
    source: str = ""
    licence: str = ""
    author: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.question.strip() or not self.statement.strip():
            raise InputError("a question or a statement is empty", where=self.group)
        if len(self.opinions) < 2 or not all(opinion.strip() for opinion in self.opinions):
            raise InputError("a statement needs at least two opinions", where=self.group)
        if self.critiques and len(self.critiques) != len(self.opinions):
            raise InputError("there are not as many critiques as opinions", where=self.group)
        if self.notes and len(self.notes) != len(self.opinions):
            raise InputError("there are not as many notes as opinions", where=self.group)

    @property
    def revises(self) -> bool:
        """Whether the statement is a revision of an earlier one."""
        return bool(self.previous.strip())

    def round(self) -> Round:
        """Return the round in which this statement would have been drafted.

        People are called "1", "2", ... in the order of the opinions; prompts never show names.
        """
        people = [PersonId(str(number)) for number in range(1, len(self.opinions) + 1)]
        said = zip(people, self.critiques, strict=False)
        return Round(
            question=Question(self.question, context=self.context, language=self.language),
            opinions=tuple(map(Opinion, people, self.opinions)),
            previous=self.previous,
            critiques=tuple(Critique(person, text) for person, text in said if text.strip()),
        )


@dataclass(frozen=True, slots=True)
class DraftPair:
    """Two statements for the same material, one better than the other, and why.

    `material.statement` is the better one. `reason` names what decided ("stance", "welfare", ...).
    """

    material: Material
    rejected: str
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.rejected.strip():
            raise InputError("the rejected statement is empty", where=self.material.group)


Grade = Literal["fine", "slip", "wrong"]
GRADES: Final[tuple[Grade, ...]] = ("fine", "slip", "wrong")
"""fine: what it says of who thinks what is true. slip: right in the main, with a smaller fault.
wrong: a side, a view or the sense of it is not the group's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a careful reader found of one draft for a group.

    `why` names the fault in a word, "" for a fine draft; `reader` says who read it.
    """

    group: str
    draft: str
    grade: Grade
    why: str = ""
    reader: str = ""
