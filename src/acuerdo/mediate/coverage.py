"""What a statement takes up of each opinion, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.text import sentences
from acuerdo.ports import Embedder


@dataclass(frozen=True, slots=True)
class Coverage:
    """The sentence of a person that a statement takes up least.

    `similarity` is the cosine (-1 to 1) to the nearest sentence of the statement.
    """

    sentence: str
    similarity: float


def coverage(round_: Round, statement: str, embedder: Embedder) -> dict[PersonId, Coverage]:
    """Return each person's least covered sentence; people without an opinion are left out.

    Similarity is about the subject, not the side: a statement that contradicts a sentence can
    still be close to it. Raises ModelError if the embedder cannot be used.
    """
    stated = sentences(statement)
    spoken = [(o.person, s) for o in round_.opinions for s in sentences(o.text)]
    if not stated or not spoken:
        return {}
    vectors = embedder.embed([*stated, *(sentence for _, sentence in spoken)])
    nearest = (vectors[len(stated) :] @ vectors[: len(stated)].T).max(axis=1)
    least: dict[PersonId, Coverage] = {}
    for (person, sentence), similarity in zip(spoken, nearest, strict=True):
        if person not in least or similarity < least[person].similarity:
            least[person] = Coverage(sentence, float(similarity))
    return least
