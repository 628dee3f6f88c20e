"""What people said, row by row, and how the rows hang together: the other half of every measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.judgements import Judgements
from acuerdo.domain.sheets import Positions, Values

NEUTRAL: Final = 4.0
"""A person agrees with a statement if their agreement, on 1-7, is above this."""
_GRADED: Final = ("agreement", "five")

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Judgements as arrays.

    Of shape (rows,): `agreement` on 1-7; `agreed`, whether it is above neutral; `decided`, false
    where a vote was "pass"; `graded`, whether the scale knows degrees of agreement; `question` and
    `person`, codes. A question belongs to one conversation, and a person is one person of one
    conversation, whatever number of its questions they answered: `question_conversation`
    (questions,) and `person_conversation` (people,) say of which.
    """

    agreement: Values
    agreed: Mask
    decided: Mask
    graded: Mask
    question: Positions
    person: Positions
    question_conversation: Positions
    person_conversation: Positions

    @classmethod
    def of(cls, judgements: Judgements) -> Truth:
        """Read a table of judgements; rows keep their order."""
        conversation = judgements.conversation.codes
        graded = np.isin(
            judgements.scale.codes,
            [code for code, name in enumerate(judgements.scale.texts) if name in _GRADED],
        )
        agreement = judgements.agreement
        question, question_conversation = _within(conversation, judgements.question.codes)
        person, person_conversation = _within(conversation, judgements.person.codes)
        return cls(
            agreement=agreement,
            agreed=agreement > NEUTRAL,
            decided=graded | (agreement != NEUTRAL),
            graded=graded,
            question=question,
            person=person,
            question_conversation=question_conversation,
            person_conversation=person_conversation,
        )

    def __len__(self) -> int:
        return len(self.agreement)

    def totals(self, rows: Positions, values: Values | None = None) -> Values:
        """Sum values of some rows by person, (people,); without values, count the rows."""
        summed = np.bincount(self.person[rows], values, minlength=self.people)
        return np.asarray(summed, dtype=np.float64)

    @property
    def people(self) -> int:
        """Number of people, each counted once in each conversation."""
        return len(self.person_conversation)

    @property
    def questions(self) -> int:
        """Number of questions."""
        return len(self.question_conversation)


def _within(conversation: Positions, code: Positions) -> tuple[Positions, Positions]:
    """Number the distinct (conversation, code), and say which conversation each belongs to."""
    width = int(code.max()) + 1 if code.size else 1
    both, numbered = np.unique(conversation * width + code, return_inverse=True)
    return numbered.astype(np.int64), both // width
