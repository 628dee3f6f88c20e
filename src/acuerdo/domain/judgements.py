"""People's judgements of statements as one table: what predictors learn from and are tested on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from acuerdo.domain.sheets import Positions, Sheet, Values

Scale = Literal["agreement", "five", "vote", "binary"]

SCALES: Final[Mapping[Scale, tuple[float, ...]]] = {
    "agreement": (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0),
    "five": (1.0, 2.0, 3.0, 4.0, 5.0),
    "vote": (-1.0, 0.0, 1.0),
    "binary": (-1.0, 1.0),
}
"""The values each scale allows. "agreement" also takes values between its steps."""

_AS_AGREEMENT: Final[Mapping[Scale, Callable[[Values], Values]]] = {
    "agreement": lambda value: value,
    "five": lambda value: 1 + 1.5 * (value - 1),
    "vote": lambda value: 4 + 2 * value,
    "binary": lambda value: 4 + 2 * value,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person judged one statement on a question they had given their own opinion on."""

    source: str
    licence: str
    conversation: str
    language: str
    question: str
    context: str
    person: str
    opinion: str
    statement: str
    value: float
    scale: Scale

    @property
    def agreement(self) -> float:
        """The value on 1-7: a vote "agree" is 6, "pass" 4, "disagree" 2; 1-5 is stretched."""
        return float(_AS_AGREEMENT[self.scale](np.array(self.value)))


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of few distinct texts: `texts`, each once, and `codes` (rows,) into them."""

    texts: tuple[str, ...]
    codes: Positions

    @classmethod
    def of(cls, values: Sequence[str]) -> Column:
        """Intern the values, texts in order of first appearance."""
        places: dict[str, int] = {}
        codes = [places.setdefault(value, len(places)) for value in values]
        return cls(tuple(places), np.array(codes, dtype=np.int64))

    def __getitem__(self, row: int) -> str:
        return self.texts[int(self.codes[row])]

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Column:
        """Keep some rows, and only the texts they use."""
        kept, codes = np.unique(self.codes[rows], return_inverse=True)
        return Column(tuple(self.texts[k] for k in kept), codes.astype(np.int64))


TEXT_COLUMNS: Final = (
    "source",
    "licence",
    "conversation",
    "language",
    "question",
    "context",
    "person",
    "opinion",
    "statement",
    "scale",
)


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """A table of judgements by column, all of one length; texts that repeat are kept once.

    `conversation` is the whole that is never split: a Polis conversation, a dialogue, a question.
    `person` is unique within its source. `value` is on the row's `scale`; `agreement` is on 1-7.
    Raises ValueError for columns of different lengths or a value its scale does not have.
    """

    source: Column
    licence: Column
    conversation: Column
    language: Column
    question: Column
    context: Column
    person: Column
    opinion: Column
    statement: Column
    scale: Column
    value: Values

    def __post_init__(self) -> None:
        lengths = {len(getattr(self, name).codes) for name in TEXT_COLUMNS} | {len(self.value)}
        if len(lengths) > 1:
            raise ValueError(f"columns differ in length: {sorted(lengths)}")
        for code, name in enumerate(self.scale.texts):
            values, steps = self.value[self.scale.codes == code], SCALES[_scale(name)]
            if name == "agreement":
                allowed = (values >= steps[0]) & (values <= steps[-1])
            else:
                allowed = np.isin(values, steps)
            if not allowed.all():
                raise ValueError(f"a value is not on the scale {name!r}: {values[~allowed][0]}")

    @classmethod
    def of(cls, rows: Sequence[Judgement]) -> Judgements:
        """Make a table of rows."""
        columns = {name: Column.of([getattr(row, name) for row in rows]) for name in TEXT_COLUMNS}
        return cls(**columns, value=np.array([row.value for row in rows], dtype=np.float64))

    def __len__(self) -> int:
        return len(self.value)

    def rows(self) -> Iterator[Judgement]:
        """Yield row by row."""
        for row in range(len(self)):
            texts = {name: getattr(self, name)[row] for name in TEXT_COLUMNS if name != "scale"}
            yield Judgement(**texts, value=float(self.value[row]), scale=_scale(self.scale[row]))

    @property
    def agreement(self) -> Values:
        """Every value on 1-7, shape (rows,)."""
        found = np.empty(len(self))
        for code, name in enumerate(self.scale.texts):
            members = self.scale.codes == code
            found[members] = _AS_AGREEMENT[_scale(name)](self.value[members])
        return found

    def take(self, rows: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> Judgements:
        """Return the table of some rows, by position or by mask."""
        texts = {name: getattr(self, name).take(rows) for name in TEXT_COLUMNS}
        return replace(self, **texts, value=self.value[rows])

    def questions(self) -> Iterator[Positions]:
        """Yield the rows of each question of each conversation, in order of appearance."""
        both = self.conversation.codes * len(self.question.texts) + self.question.codes
        _, first, code = np.unique(both, return_index=True, return_inverse=True)
        order = np.argsort(code, kind="stable")
        parts = np.split(order, np.cumsum(np.bincount(code))[:-1]) if len(self) else []
        yield from (parts[place] for place in np.argsort(first))

    def sheet(self, rows: Positions, known: npt.NDArray[np.bool_] | None = None) -> Sheet:
        """Return the sheet of one question's rows, pairs in the order of `rows`.

        `known` (rows,) marks judgements that are handed to the scorer as given; the others are
        hidden from it. A person's opinion is the one of their first row.
        """
        person, statement = self.person.take(rows), self.statement.take(rows)
        _, first = np.unique(person.codes, return_index=True)
        ratings = np.full(len(rows), np.nan)
        if known is not None:
            ratings[known] = self.agreement[rows][known]
        return Sheet(
            question=self.question[int(rows[0])],
            opinions=tuple(self.opinion[int(rows[place])] for place in first),
            statements=statement.texts,
            person=person.codes,
            statement=statement.codes,
            ratings=ratings,
            context=self.context[int(rows[0])],
        )


def joined(tables: Sequence[Judgements]) -> Judgements:
    """Put tables one under another."""
    columns = {}
    for name in TEXT_COLUMNS:
        places: dict[str, int] = {}
        codes = []
        for table in tables:
            column: Column = getattr(table, name)
            own = [places.setdefault(text, len(places)) for text in column.texts]
            codes.append(np.array(own, dtype=np.int64)[column.codes])
        columns[name] = Column(tuple(places), np.concatenate(codes) if codes else np.empty(0, int))
    values = [table.value for table in tables]
    return Judgements(**columns, value=np.concatenate(values) if values else np.empty(0))


def _scale(name: str) -> Scale:
    for scale in SCALES:
        if name == scale:
            return scale
    raise ValueError(f"there is no scale called {name!r}")
