"""A statement made of the group's own sentences: the baseline that cannot invent anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from acuerdo.domain.ballots import FloatMatrix
from acuerdo.domain.records import PersonId
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import (
    Candidate,
    Provenance,
    RejectedDraft,
    RejectionReason,
    candidate_id,
)
from acuerdo.domain.text import canonical, comparable, sentences, words
from acuerdo.draft.framing import bare, ended, opening, quoted
from acuerdo.draft.judging import judged
from acuerdo.draft.selecting import select_sentences
from acuerdo.ports import Drafting, Embedder, Screen, Screening, Watch

MIN_SENTENCE_WORDS: Final = 3
"""Shorter sentences ("No.", "Yes please!") say nothing when they stand alone."""
UNQUOTABLE: Final[frozenset[RejectionReason]] = frozenset({"instruction", "addresses_a_person"})
"""A sentence for which the screen says this is never quoted."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """`person` is None for a sentence of the previous statement."""

    text: str
    person: PersonId | None


class ExtractiveDrafter:
    """Quotes the sentences that together cover the least covered person best.

    People are covered by the similarity of their sentences (opinion and critique) to the quoted
    ones. On offer are sentences of the opinions and, in a revision, of the previous statement;
    critiques are about a text and do not read as part of one. Sentences stay verbatim, each
    person's in one quote, people with the most widely shared points first. `words` is the range
    of lengths: several candidates are spread over it, the longest first.
    """

    def __init__(
        self, embedder: Embedder, *, words: tuple[int, int] = (40, 120), candidates: int = 1
    ) -> None:
        if not 0 < words[0] <= words[1] or candidates < 1:
            raise ValueError("words must be a rising range and candidates at least 1")
        self._embedder = embedder
        limits = np.linspace(words[1], words[0], num=candidates)
        self._limits = [round(float(limit)) for limit in limits]

    @property
    def name(self) -> str:
        return f"extractive ({self._embedder.name})"

    def draft(
        self, round_: Round, screen: Screen, rng: np.random.Generator, watch: Watch
    ) -> Drafting:
        """Return the quotes that the screen lets pass and the round does not hold already.

        Raises ModelError if the embedder cannot be used.
        """
        del rng, watch
        offered = _offered(round_, screen)
        if not offered:
            return Drafting(())
        said = _said(round_)
        people = [person for person, _ in said]
        owners = np.array([people.index(person) for person in people], dtype=np.int64)
        lengths = [len(words(sentence.text)) for sentence in offered]
        similarity = self._similarity([text for _, text in said], [s.text for s in offered])
        shared = similarity.mean(axis=0)
        held = {candidate.id for candidate in round_.candidates}
        candidates: list[Candidate] = []
        rejected: list[RejectedDraft] = []
        selections = (
            tuple(sorted(select_sentences(similarity, owners, lengths, limit)))
            for limit in self._limits
        )
        for taken in dict.fromkeys(selections):
            text, order = _composed([(offered[p], float(shared[p])) for p in taken], round_)
            if candidate_id(text) in held:
                continue
            accepted = tuple(c.text for c in (*round_.candidates, *candidates))
            provenance = Provenance("extractive", order=order)
            draft = judged(text, provenance, screen, Screening(round_, accepted))
            if isinstance(draft, Candidate):
                candidates.append(draft)
            else:
                rejected.append(draft)
        return Drafting(tuple(candidates), tuple(rejected))

    def _similarity(self, said: Sequence[str], offered: Sequence[str]) -> FloatMatrix:
        vectors = self._embedder.embed([*said, *offered]).astype(np.float64)
        return np.asarray(vectors[: len(said)] @ vectors[len(said) :].T)


def _said(round_: Round) -> list[tuple[PersonId, str]]:
    """Return every sentence of every opinion and critique with its person."""
    spoken = [(o.person, o.text) for o in round_.opinions]
    spoken += [(c.person, c.text) for c in round_.critiques]
    return [(person, s) for person, text in spoken for s in sentences(canonical(text))]


def _offered(round_: Round, screen: Screen) -> list[_Sentence]:
    """Return the sentences that may be quoted, each once; what people said counts as theirs."""
    found = [_Sentence(s, o.person) for o in round_.opinions for s in sentences(canonical(o.text))]
    found += [_Sentence(bare(s), None) for s in sentences(canonical(round_.previous))]
    used = {comparable(opening(round_.question.language))}
    offered: list[_Sentence] = []
    for sentence in found:
        rejection = screen.check(sentence.text, Screening(round_))
        quotable = rejection is None or rejection.reason not in UNQUOTABLE
        new = comparable(sentence.text) not in used
        if quotable and new and len(words(sentence.text)) >= MIN_SENTENCE_WORDS:
            used.add(comparable(sentence.text))
            offered.append(sentence)
    return offered


def _composed(
    taken: Sequence[tuple[_Sentence, float]], round_: Round
) -> tuple[str, tuple[PersonId, ...]]:
    """Set sentences as one text, and say whose they are.

    Each comes with how widely it is shared. Those of the previous statement stand first.
    """
    stated = [ended(sentence.text) for sentence, _ in taken if sentence.person is None]
    spoken: dict[PersonId, list[str]] = {}
    shared: dict[PersonId, float] = {}
    for sentence, share in taken:
        if sentence.person is not None:
            spoken.setdefault(sentence.person, []).append(sentence.text)
            shared[sentence.person] = max(share, shared.get(sentence.person, share))
    order = tuple(sorted(spoken, key=lambda person: -shared[person]))
    quotes = [quoted(spoken[person]) for person in order]
    introduction = [opening(round_.question.language)] if quotes else []
    return " ".join(text for text in (*stated, *introduction, *quotes) if text), order
