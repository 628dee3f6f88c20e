"""Judgements as a network learns from them: tokens once per text, rows of positions, weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import SCALES, Judgements, Scale
from acuerdo.domain.sheets import Positions, Values
from acuerdo.neural import Reader, Row, Tokens, asked
from acuerdo.train.data import Source
from acuerdo.train.runs import OBJECTIVES

MOST_STEPS: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Rows to learn from. All arrays have one entry a row, unless said otherwise.

    `question`, `opinion` and `statement` are positions in the token lists of that name. `source`
    counts in `sources`, whose scales have `steps` steps; `shares` (rows, 7) is the target share of
    each step. `vote` is the share that agrees, nan for graded ratings. `unit` numbers what belongs
    together: one person on one question; `unit_weight` (units,) is how much each counts, so that
    people of a source count alike. `teaches` (rows, 4) says which objectives a row serves.
    """

    texts: tuple[list[Tokens], list[Tokens], list[Tokens]]
    question: Positions
    opinion: Positions
    statement: Positions
    sources: tuple[str, ...]
    steps: tuple[int, ...]
    source: Positions
    shares: npt.NDArray[np.float32]
    vote: Values
    agreement: Values
    unit: Positions
    unit_weight: Values
    teaches: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.unit)

    def row(self, reader: Reader, place: int) -> Row:
        """Return the tokens of one row."""
        questions, opinions, statements = self.texts
        return reader.row(
            questions[self.question[place]],
            opinions[self.opinion[place]],
            statements[self.statement[place]],
        )

    def lengths(self) -> Positions:
        """Return how many tokens each row has before any cut."""
        return sum(
            (
                np.array([len(tokens) for tokens in texts], dtype=np.int64)[codes]
                for texts, codes in zip(
                    self.texts, (self.question, self.opinion, self.statement), strict=True
                )
            ),
            start=np.zeros(len(self), dtype=np.int64),
        )


def examples_of(
    sources: Sequence[Source], reader: Reader, what: str, names: Sequence[str] = ()
) -> Examples:
    """Put judgements together, leaving out those of people without an opinion.

    `names` are sources known from before, which keep their numbers. Raises InputError, naming
    `what`, if nothing is left.
    """
    kept = [_with_text(source) for source in sources]
    columns: dict[str, dict[str, int]] = {"question": {}, "opinion": {}, "statement": {}}
    known = {name: place for place, name in enumerate(names)}
    steps = {name: _steps(name) for name in names}
    pieces = [_piece(source, columns, known, steps) for source in kept if len(source.judgements)]
    if not pieces:
        raise InputError(
            f"there is nothing to learn from in {what}",
            where=what,
            fix="Check the parts of the split, and that people have opinions.",
        )
    units = np.cumsum([0] + [len(piece["unit_weight"]) for piece in pieces])
    joined = {key: np.concatenate([piece[key] for piece in pieces]) for key in pieces[0]}
    joined["unit"] = np.concatenate(
        [piece["unit"] + start for piece, start in zip(pieces, units, strict=False)]
    )
    return Examples(
        texts=(
            reader.tokens(list(columns["question"])),
            reader.tokens(list(columns["opinion"])),
            reader.tokens(list(columns["statement"])),
        ),
        sources=tuple(known),
        steps=tuple(steps[name] for name in known),
        **joined,
    )


def _with_text(source: Source) -> Source:
    table = source.judgements
    said = np.array([bool(text.strip()) for text in table.opinion.texts], dtype=bool)
    stated = np.array([bool(text.strip()) for text in table.statement.texts], dtype=bool)
    return source.take(np.flatnonzero(said[table.opinion.codes] & stated[table.statement.codes]))


def _piece(
    source: Source,
    columns: dict[str, dict[str, int]],
    known: dict[str, int],
    steps: dict[str, int],
) -> dict[str, npt.NDArray[np.generic]]:
    table = source.judgements
    questions = [
        asked(table.question[row], table.context[row])
        for row in _first_rows(_combined(table.question.codes, table.context.codes))
    ]
    question_code = _combined(table.question.codes, table.context.codes)
    own = {
        "question": (questions, question_code),
        "opinion": (list(table.opinion.texts), table.opinion.codes),
        "statement": (list(table.statement.texts), table.statement.codes),
    }
    found: dict[str, npt.NDArray[np.generic]] = {}
    for name, (texts, codes) in own.items():
        places = columns[name]
        found[name] = np.array([places.setdefault(t, len(places)) for t in texts])[codes]
    scales = _combined(table.source.codes, table.scale.codes)
    named = [_source_name(table, row) for row in _first_rows(scales)]
    for name in named:
        known.setdefault(name, len(known))
        steps[name] = _steps(name)
    found["source"] = np.array([known[name] for name in named])[scales]
    found["shares"] = _shares(table)
    votes = np.isin(table.scale.codes, _votes(table))
    found["vote"] = np.where(votes, (table.value + 1) / 2, np.nan)
    found["agreement"] = table.agreement
    unit, unit_weight = _units(source)
    found["unit"], found["unit_weight"] = unit, unit_weight * source.weight
    teaches = np.ones((len(table), len(OBJECTIVES)), dtype=bool)
    if source.objectives:
        teaches[:] = [name in source.objectives for name in OBJECTIVES]
    teaches[:, OBJECTIVES.index("binary")] &= votes
    found["teaches"] = teaches
    return found


def _units(source: Source) -> tuple[Positions, Values]:
    """Number persons-on-questions (or choices), each weighted so that people count alike."""
    table = source.judgements
    person = _combined(table.source.codes, table.person.codes)
    if source.choice is None:
        whole = _combined(table.conversation.codes, table.question.codes)
    else:
        whole = np.asarray(source.choice)
    unit = _combined(person, whole)
    first = _first_rows(unit)
    owner = person[first]
    return unit, 1.0 / np.bincount(owner)[owner]


def _combined(first: Positions, second: Positions) -> Positions:
    """Number the distinct pairs of two codes from 0, in order of size."""
    if not len(first):
        return first
    _, codes = np.unique(first * (int(second.max()) + 1) + second, return_inverse=True)
    return codes.astype(np.int64)


def _first_rows(codes: Positions) -> Positions:
    return np.unique(codes, return_index=True)[1].astype(np.int64)


def _source_name(table: Judgements, row: int) -> str:
    return f"{table.source[row]} ({table.scale[row]})"


def _scale_of(name: str) -> Scale:
    for scale in SCALES:
        if name.endswith(f"({scale})"):
            return scale
    raise ValueError(f"no scale in the source name {name!r}")


def _steps(name: str) -> int:
    return len(SCALES[_scale_of(name)])


def _votes(table: Judgements) -> list[int]:
    return [k for k, name in enumerate(table.scale.texts) if name in ("vote", "binary")]


def _shares(table: Judgements) -> npt.NDArray[np.float32]:
    """Return the share of each step: all on the rating, or split between its two neighbours."""
    shares = np.zeros((len(table), MOST_STEPS), dtype=np.float32)
    for code, name in enumerate(table.scale.texts):
        rows = np.flatnonzero(table.scale.codes == code)
        steps = np.array(SCALES[_scale_of(f"({name})")])
        place = np.interp(table.value[rows], steps, np.arange(len(steps)))
        low = np.minimum(np.floor(place).astype(int), len(steps) - 2)
        shares[rows, low] = 1 - (place - low)
        shares[rows, low + 1] = place - low
    return shares
