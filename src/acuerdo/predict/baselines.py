"""Deliberately simple scorers: chance, nearness to the person, nearness to the group's middle.

They are there to be beaten, and to show what a measure says about a scorer that knows nothing, the
subject only, or the group only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.domain.text import canonical
from acuerdo.ports import Embedder, Progress, Vectors, Watch, stop_if_asked
from acuerdo.predict.cards import Line
from acuerdo.predict.matrices import has_opinion

SPREAD: Final = 1.8
"""Standard deviation of people's judgements on 1-7, about what it is in published data."""
BY_COSINE: Final = Line(intercept=3.5, slope=2.0, spread=SPREAD)
"""Expected agreement = 3.5 + 2 * cosine: unrelated texts stand a little below neutral."""
_DECIMALS: Final = 5
"""Digits of a cosine that mean something: beyond, sums depend on what else was in the call."""


class RandomScorer:
    """Expects anything from 1 to 7, evenly, by a hash of the texts: the same pair, the same value.

    Knows nothing, so it shows what chance gives. Answers people without an opinion not at all.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    @property
    def name(self) -> str:
        return "random"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return 1 + 6 u with u from BLAKE2 of seed, question, opinion and statement."""
        stop_if_asked(watch)
        own = [self._digest(sheet.question, opinion) for opinion in sheet.opinions]
        stated = [self._digest(statement) for statement in sheet.statements]
        drawn = np.array(
            [
                _share(own[person] + stated[statement])
                for person, statement in zip(
                    sheet.person.tolist(), sheet.statement.tolist(), strict=True
                )
            ],
            dtype=np.float64,
        )
        watch.report(Progress("predict", sheet.size, sheet.size))
        return _where_heard(sheet, 1 + 6 * drawn)

    def _digest(self, *texts: str) -> bytes:
        told = "\x00".join((str(self._seed), *texts)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, digest_size=16).digest()


class CosineScorer:
    """Expects more agreement the closer the statement is to the person's opinion, as whole texts.

    The cosine c of their vectors becomes agreement by `line`, 3.5 + 2 c unless told otherwise.
    """

    def __init__(self, embedder: Embedder, line: Line = BY_COSINE) -> None:
        self._embedder = embedder
        self._line = line

    @property
    def name(self) -> str:
        return "cosine"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the forecast; raises ModelError if embedding fails."""
        stop_if_asked(watch)
        vectors = _embedded(self._embedder, (*sheet.opinions, *sheet.statements))
        opinions, statements = np.split(vectors, [len(sheet.opinions)])
        cosine = np.einsum("pd,pd->p", opinions[sheet.person], statements[sheet.statement])
        watch.report(Progress("predict", sheet.size, sheet.size))
        return _where_heard(sheet, self._line.expected(np.round(cosine, _DECIMALS)), self._line)


class CentroidScorer:
    """Expects more agreement of everybody the closer a statement is to the middle of all opinions.

    Each opinion on the sheet counts once, whoever is asked about. The cosine c to their mean vector
    becomes agreement by `line`, 3.5 + 2 c unless told otherwise.
    """

    def __init__(self, embedder: Embedder, line: Line = BY_COSINE) -> None:
        self._embedder = embedder
        self._line = line

    @property
    def name(self) -> str:
        return "centroid"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        """Return the forecast; raises ModelError if embedding fails."""
        stop_if_asked(watch)
        # In a fixed order, so that the sum does not depend on who said what.
        said = sorted(opinion for opinion in sheet.opinions if canonical(opinion))
        vectors = _embedded(self._embedder, (*said, *sheet.statements)).astype(np.float64)
        opinions, statements = np.split(vectors, [len(said)])
        middle = opinions.sum(axis=0)
        length = float(np.linalg.norm(middle))
        cosine = statements @ middle / (length or 1.0)
        expected = self._line.expected(np.round(cosine, _DECIMALS))
        watch.report(Progress("predict", sheet.size, sheet.size))
        return _where_heard(sheet, expected[sheet.statement], self._line)


def _embedded(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    """Embed; an empty text gets a vector of zeros and is not shown to the encoder."""
    heard = [place for place, text in enumerate(texts) if canonical(text)]
    if not heard:
        return np.zeros((len(texts), 1), np.float32)
    vectors = embedder.embed([texts[place] for place in heard])
    found = np.zeros((len(texts), vectors.shape[1]), np.float32)
    found[heard] = vectors
    return found


def _where_heard(sheet: Sheet, expected: Values, line: Line = BY_COSINE) -> Forecast:
    """Say nothing about people without an opinion."""
    speaks = has_opinion(sheet)
    return Forecast(
        np.where(speaks, expected, np.nan),
        np.where(speaks, np.full(sheet.size, line.spread), np.nan),
    )


def _share(told: bytes) -> float:
    """Return a number from 0 to 1, evenly spread over what may be told."""
    return int.from_bytes(hashlib.blake2b(told, digest_size=6).digest()) / (2**48 - 1)
