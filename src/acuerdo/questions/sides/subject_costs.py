"""What the moves of the reading in `subjects` cost: judged by hand, in no unit.

0 is what is common, 2.5 what is hardly ever right, 4 a word in a role that no list knows for it.
"""

from __future__ import annotations

from enum import IntEnum, auto
from typing import Final

from acuerdo.questions.sides.english_words import Kind

NEVER: Final = float("inf")
UNLIKELY: Final = 2.5
UNKNOWN: Final = 4.0
ADVERB_FIRST: Final = 0.3
"""A predicate that begins with an adverb: "really need"."""
BARE_IN_SUBJECT: Final = 3.2
"""A bare verb after a whole phrase: in a subject there is less room for a clause without "that"."""
LATER_TO: Final = 0.5
"""A "to" inside the subject of "ought ... to"."""
LICENSED: Final = 0.2
"""The same where "help", "let" or "make" has gone before."""


class Frame(IntEnum):
    """What the predicate begins with, by the auxiliary that was moved to the front."""

    BARE = auto()
    """should, will, do: "introduce ..."."""
    TO = auto()
    """ought: "to keep ..."."""
    BE = auto()
    """is, are: "a good idea", "fair", "being paid"."""
    HAVE = auto()
    """has, have: "been a success"."""
    FINITE = auto()
    """Nothing was moved: "should introduce ...", "is fair", "needs ..."."""


class State(IntEnum):
    """What has just been read."""

    BEGIN = 0
    """A phrase has to begin."""
    OPEN = 1
    """A phrase has begun and lacks its noun."""
    WHOLE = 2
    """A whole phrase."""
    CLAUSE = 3
    """Who, which, that, if: its verb has yet to come."""
    BASE = 4
    """To, a modal: a base form has to come."""
    VERB = 5
    """A verb and perhaps what belongs to it."""


Move = tuple[Kind, State, float]
_B, _O, _W, _C, _I, _V = State
MOVES: Final[dict[State, tuple[Move, ...]]] = {
    _B: (
        (Kind.ING_NOUN, _W, 0.1),
        *((Kind.DETERMINER, _O, 0.0), (Kind.GENITIVE, _O, 0.0), (Kind.ADJECTIVE, _O, 0.05)),
        *((Kind.ADVERB, _B, 0.3), (Kind.PRONOUN, _W, 0.0), (Kind.NOUN, _W, 0.0)),
        *((Kind.NOUN_OR_VERB, _W, 0.1), (Kind.S_FORM, _W, 0.05), (Kind.BASE_VERB, _W, UNLIKELY)),
        *(
            (Kind.ING, _V, 0.1),
            (Kind.ING, _O, 0.4),
            (Kind.PAST, _O, 0.3),
            (Kind.TO, _I, 0.2),
            (Kind.TO, _B, 0.3),
        ),
        *((Kind.CLAUSE_OPENER, _C, 0.2), (Kind.NUMBER, _O, 0.0), (Kind.NUMBER, _W, 0.2)),
        *((Kind.COMMA, _B, 0.2), (Kind.NOT, _B, 0.3), (Kind.PREPOSITION, _B, 0.3)),
        *((Kind.DETERMINER, _W, 1.0), (Kind.CONJUNCTION, _B, 0.8)),
        *((Kind.PROGRESSIVE, _V, 0.1),),
    ),
    _O: (
        (Kind.ING_NOUN, _W, 0.0),
        *((Kind.ADJECTIVE, _O, 0.05), (Kind.NOUN, _W, 0.0), (Kind.NOUN_OR_VERB, _W, 0.05)),
        *((Kind.S_FORM, _W, 0.0), (Kind.BASE_VERB, _W, 2.0), (Kind.ING, _O, 0.2)),
        *((Kind.ING, _W, 0.2), (Kind.PAST, _O, 0.1), (Kind.ADVERB, _O, 0.1)),
        *((Kind.GENITIVE, _O, 0.0), (Kind.DETERMINER, _O, 0.3), (Kind.NUMBER, _O, 0.0)),
        *((Kind.NUMBER, _W, 0.2), (Kind.PRONOUN, _W, 0.3), (Kind.COMMA, _O, 0.1)),
        *((Kind.CONJUNCTION, _O, 0.2), (Kind.PREPOSITION, _B, 0.6), (Kind.CLAUSE_OPENER, _C, 0.8)),
        *(
            (Kind.TO, _I, 0.8),
            (Kind.TO, _B, 0.9),
        ),
    ),
    _W: (
        (Kind.ING_NOUN, _W, 0.4),
        *((Kind.NOUN, _W, 0.1), (Kind.S_FORM, _W, 0.1), (Kind.NOUN_OR_VERB, _W, 0.4)),
        (Kind.ADJECTIVE, _O, 0.8),
        *((Kind.PREPOSITION, _B, 0.0), (Kind.CONJUNCTION, _B, 0.1), (Kind.CONJUNCTION, _I, 0.6)),
        *((Kind.COMMA, _B, 0.3), (Kind.COMMA, _W, 0.3), (Kind.CLAUSE_OPENER, _C, 0.0)),
        *(
            (Kind.ING, _V, 0.6),
            (Kind.ING, _W, 1.0),
            (Kind.PAST, _V, 0.4),
            (Kind.TO, _I, 0.2),
            (Kind.TO, _B, 0.3),
        ),
        *((Kind.DETERMINER, _O, 1.5), (Kind.PRONOUN, _C, 0.8), (Kind.ADVERB, _W, 0.65)),
        *((Kind.NUMBER, _W, 0.3), (Kind.GENITIVE, _O, 0.05), (Kind.AUXILIARY, _V, UNLIKELY)),
        *(
            (Kind.MODAL, _I, UNLIKELY),
            (Kind.DO, _I, UNLIKELY),
            (Kind.BE, _V, 4.0),
            (Kind.BEEN, _V, 4.0),
        ),
        *((Kind.NOT, _W, 0.8), (Kind.PROGRESSIVE, _V, 1.5)),
    ),
    _C: (
        (Kind.ING_NOUN, _C, 0.1),
        *((Kind.AUXILIARY, _V, 0.0), (Kind.MODAL, _I, 0.0), (Kind.DO, _I, 0.0)),
        *((Kind.BASE_VERB, _V, 0.0), (Kind.NOUN_OR_VERB, _V, 0.0), (Kind.S_FORM, _V, 0.0)),
        *((Kind.PAST, _V, 0.05), (Kind.NOUN_OR_VERB, _C, 0.6), (Kind.S_FORM, _C, 0.1)),
        *((Kind.NOUN, _C, 0.05), (Kind.PRONOUN, _C, 0.0), (Kind.DETERMINER, _C, 0.05)),
        *((Kind.ADJECTIVE, _C, 0.1), (Kind.ADVERB, _C, 0.05), (Kind.PREPOSITION, _C, 0.5)),
        *(
            (Kind.TO, _I, 0.3),
            (Kind.TO, _B, 0.4),
            (Kind.NUMBER, _C, 0.05),
            (Kind.GENITIVE, _C, 0.05),
        ),
        *((Kind.ING, _C, 0.2), (Kind.CONJUNCTION, _C, 0.2), (Kind.COMMA, _C, 0.3)),
        *((Kind.NOT, _C, 0.2), (Kind.CLAUSE_OPENER, _C, 0.3), (Kind.PAST, _C, 0.4)),
        *((Kind.PROGRESSIVE, _C, 0.5),),
    ),
    _I: (
        *((Kind.BASE_VERB, _V, 0.0), (Kind.NOUN_OR_VERB, _V, 0.0), (Kind.BE, _V, 0.0)),
        *((Kind.ADVERB, _I, 0.05), (Kind.NOT, _I, 0.0), (Kind.AUXILIARY, _V, 0.3)),
        *((Kind.PROGRESSIVE, _V, 0.8),),
    ),
    _V: (
        (Kind.ING_NOUN, _W, 0.3),
        *((Kind.DETERMINER, _O, 0.0), (Kind.GENITIVE, _O, 0.0), (Kind.PRONOUN, _W, 0.0)),
        *((Kind.NOUN, _W, 0.1), (Kind.NOUN_OR_VERB, _W, 0.3), (Kind.S_FORM, _W, 0.1)),
        *((Kind.ADJECTIVE, _O, 0.1), (Kind.ADJECTIVE, _V, 0.2), (Kind.ADVERB, _V, 0.0)),
        *(
            (Kind.PREPOSITION, _B, 0.0),
            (Kind.PREPOSITION, _V, 0.4),
            (Kind.TO, _I, 0.0),
            (Kind.TO, _B, 0.1),
        ),
        *((Kind.ING, _V, 0.1), (Kind.PAST, _V, 0.1), (Kind.CLAUSE_OPENER, _C, 0.1)),
        *((Kind.CONJUNCTION, _B, 0.2), (Kind.CONJUNCTION, _I, 0.2), (Kind.BASE_VERB, _V, UNLIKELY)),
        *((Kind.NOUN_OR_VERB, _V, UNLIKELY), (Kind.NUMBER, _O, 0.0), (Kind.NUMBER, _W, 0.1)),
        *((Kind.COMMA, _V, 0.2), (Kind.NOT, _V, 0.1), (Kind.AUXILIARY, _V, UNLIKELY)),
        *(
            (Kind.MODAL, _I, UNLIKELY),
            (Kind.DO, _I, UNLIKELY),
            (Kind.BE, _V, 4.0),
            (Kind.BEEN, _V, 0.2),
        ),
        *(
            (Kind.PROGRESSIVE, _V, 0.2),
            (Kind.BASE_VERB, _W, 1.5),
        ),
    ),
}
END: Final = {_B: 0.6, _O: 0.5, _W: 0.0, _C: 2.0, _I: 1.0, _V: 0.0}
"""What it costs to stop in a state at the end of the sentence."""
SUBJECT_END: Final = {_B: NEVER, _O: 0.8, _W: 0.0, _C: NEVER, _I: NEVER, _V: 0.2}
"""What it costs to end the subject in a state."""
FIRST: Final[dict[Frame, tuple[Move, ...]]] = {
    Frame.BARE: (
        *((Kind.BE, _V, 0.0), (Kind.BASE_VERB, _V, 0.0), (Kind.NOUN_OR_VERB, _V, 0.3)),
        # A verb that is on no list.
        (Kind.NOUN, _V, 3.0),
    ),
    Frame.TO: ((Kind.TO, _I, 0.0),),
    Frame.BE: (
        *((Kind.ADJECTIVE, _W, 0.0), (Kind.ADJECTIVE, _O, 0.2), (Kind.PAST, _V, 0.2)),
        *((Kind.ING, _V, 0.35), (Kind.DETERMINER, _O, 0.3), (Kind.GENITIVE, _O, 0.5)),
        *(
            (Kind.PREPOSITION, _B, 0.7),
            (Kind.TO, _I, 0.6),
            (Kind.TO, _B, 1.0),
            (Kind.NUMBER, _O, 1.0),
        ),
        *((Kind.PRONOUN, _W, 0.3), (Kind.NOUN, _W, 2.2), (Kind.CLAUSE_OPENER, _C, 0.8)),
        *((Kind.NOUN_OR_VERB, _W, 2.4), (Kind.S_FORM, _W, 2.2), (Kind.PROGRESSIVE, _V, 0.0)),
    ),
    Frame.HAVE: ((Kind.BEEN, _V, -0.3), (Kind.PAST, _V, 0.0)),
    Frame.FINITE: (
        *((Kind.MODAL, _I, 0.0), (Kind.AUXILIARY, _V, 0.1), (Kind.DO, _I, 0.1)),
        *((Kind.S_FORM, _V, 0.8), (Kind.BASE_VERB, _V, 0.8), (Kind.NOUN_OR_VERB, _V, 1.2)),
    ),
}
TAKES_A_BARE_VERB: Final = frozenset(["help", "let", "make", "helping", "letting", "making"])
"""After these a bare verb may follow a whole phrase: "help children learn"."""
BEGINS_BEFORE_A_BARE_VERB: Final = frozenset(["have", "see", "watch", "hear"])
"""After these too, if they are the predicate's verb: "have children vote"."""
DEMANDS: Final = frozenset(
    ["mandate", "require", "demand", "insist", "recommend", "propose", "request", "suggest"]
)
"""After these and "that" as well: "require that food be labelled"."""
STANDS_FOR_PEOPLE: Final = Kind.ADJECTIVE | Kind.PAST | Kind.NUMBER
"""Of these alone an open phrase may end: "the rich"."""
WEAK: Final = frozenset(["for", "by", "with", "as", "from", "into", "to"])
STRANDED: Final = frozenset(("of", "than"))
"""No predicate begins with these."""
