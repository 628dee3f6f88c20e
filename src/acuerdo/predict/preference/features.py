"""What the model knows of every person and statement of a sheet, at a cost linear in its texts.

A statement is read for itself (`popularity`: do people tend to like such statements?) and against
the person (`stance`: would they stand on the same side? `likeness`: do they speak of the same
things?). Where the other people of the group stand was tried as a fourth feature and added nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from acuerdo.domain.sheets import Positions, Sheet, Values
from acuerdo.ports import Embedder, Vectors
from acuerdo.predict.preference.model import PreferenceModel
from acuerdo.predict.preference.surface import surface

FEATURES: Final = ("popularity", "stance", "likeness")
"""The columns of `SheetFeatures.of`, in order."""
TINY: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class SheetFeatures:
    """The texts of a sheet as arrays. `said` (people,) says who gave ground to predict from.

    `popularity` (statements,) is the model's own scale. `own_stance`, `own_likeness` (people,
    dimensions) are 0 for people who are silent; `stance`, `likeness` (statements, dimensions) are
    unit vectors. `on_topic` (people,) is how like a person's text is to question, statements and
    the others' texts together, -1 to 1.
    """

    said: npt.NDArray[np.bool_]
    on_topic: Values
    popularity: Values
    own_stance: Vectors
    own_likeness: Vectors
    stance: Vectors
    likeness: Vectors

    def of(self, person: Positions, statement: Positions) -> Values:
        """Return the features of pairs, shape (pairs, len(FEATURES))."""
        own = np.einsum("ij,ij->i", self.own_stance[person], self.stance[statement])
        like = np.einsum("ij,ij->i", self.own_likeness[person], self.likeness[statement])
        return np.column_stack([self.popularity[statement], own, like]).astype(np.float64)


def sheet_features(
    sheet: Sheet, model: PreferenceModel, plain: Embedder, tuned: Embedder
) -> SheetFeatures:
    """Read all texts of a sheet. `plain` is the encoder as published, `tuned` the model's own.

    An opinion is read paragraph by paragraph, since people may have said several things.
    """
    paragraphs = [_paragraphs(text) for text in sheet.opinions]
    flat = [part for parts in paragraphs for part in parts]
    question = f"{sheet.context}\n{sheet.question}".strip() if sheet.context else sheet.question
    read = tuned.embed([question, *flat, *sheet.statements])
    asked, own, stated = read[0], read[1 : 1 + len(flat)], read[1 + len(flat) :]
    owner = np.repeat(np.arange(len(paragraphs)), [len(parts) for parts in paragraphs])
    own_likeness = _by_person(own, owner, len(paragraphs))
    return SheetFeatures(
        said=np.array([bool(parts) for parts in paragraphs], dtype=bool),
        on_topic=_on_topic(own_likeness, asked + stated.sum(axis=0)),
        popularity=popularity(model, sheet.statements, plain),
        own_stance=_by_person(model.stance(asked, own), owner, len(paragraphs)),
        own_likeness=own_likeness,
        stance=model.stance(asked, stated),
        likeness=stated,
    )


def popularity(model: PreferenceModel, statements: Sequence[str], plain: Embedder) -> Values:
    """Return how well statements like these are received by people at large, (statements,)."""
    if not statements:
        return np.zeros(0)
    return model.popularity(plain.embed(list(statements)), surface(statements))


def _on_topic(own: Vectors, rest: Vectors) -> Values:
    """Return the cosine of each person's direction (people, d) with that of all else, `rest` (d,)
    and the other people."""
    else_ = rest + own.sum(axis=0) - own
    lengths = np.maximum(np.linalg.norm(else_, axis=1), TINY)
    return np.asarray(np.einsum("ij,ij->i", own, else_) / lengths, dtype=np.float64)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n") if part.strip()]


def _by_person(vectors: Vectors, owner: Positions, people: int) -> Vectors:
    """Return the direction of the mean of each person's vectors, 0 for people without any."""
    sums = np.zeros((people, vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, vectors)
    sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), TINY)
    return sums
