"""Which questions nearly repeat one that is there, by their words and by an encoder."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.llm import HashedEmbedder, SentenceEncoder
from acuerdo.questions import distinct
from acuerdo.questions.distinct import Distinct
from acuerdo.questions.neighbours import ApproximateNeighbours
from tests.questions.placed_texts import TableEmbedder

# cos(20°) = 0.94, cos(30°) = 0.87, cos(40°) = 0.77
PLACES = {"Zoos?": 0.0, "Menageries?": 20.0, "Parks?": 40.0, "Trams?": 100.0, "Trains?": 170.0}


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_each_admitted_text_counts_for_those_that_follow() -> None:
    found = Distinct(TableEmbedder(PLACES)).add(list(PLACES))
    assert [one and one.text for one in found] == [None, "Zoos?", None, None, None]
    assert found[1] is not None
    assert (found[1].index, found[1].kind, found[1].why) == (0, "meaning", "meaning")
    assert found[1].similarity == pytest.approx(np.cos(np.radians(20)), abs=1e-4)


def test_one_call_or_many_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    texts = [" ".join(random.choice(list("abcdefghijkl"), 6)) for _ in range(300)]
    together = Distinct(HashedEmbedder(64)).add(texts)
    alone = Distinct(HashedEmbedder(64))
    one_by_one = [alone.add([text])[0] for text in texts]
    assert [x and x.kind for x in together] == [x and x.kind for x in one_by_one]
    monkeypatch.setattr(distinct, "_CHUNK", 7)
    small = Distinct(HashedEmbedder(64)).add(texts)
    assert [x and x.kind for x in small] == [x and x.kind for x in together]
    for one, other in zip(small, together, strict=True):
        assert (one and one.similarity) == pytest.approx(other and other.similarity, abs=1e-5)
    kinds = {x.kind for x in together if x}
    assert kinds == {"wording", "meaning"} and None in together


def test_words_are_looked_at_before_meaning() -> None:
    texts = ["Should we ban zoos?", "Should zoos be banned?", "Should we allow zoos?"]
    far_apart = TableEmbedder(dict(zip(texts, (0, 90, 180), strict=True)))
    _, same, opposite = Distinct(far_apart).add(texts)
    assert same is not None and (same.kind, same.similarity) == ("wording", 1)
    assert opposite is not None and opposite.kind == "meaning"


def test_looking_remembers_nothing() -> None:
    held = Distinct(TableEmbedder(PLACES))
    assert held.look(["Zoos?", "Zoos?"]) == [None, None]
    held.add(["Zoos?"])
    found = held.look(["Menageries?", "Trams?", "Zoos?"])
    assert [one and one.kind for one in found] == ["meaning", None, "wording"]
    assert len(held) == 1


def test_a_corpus_is_remembered_whatever_it_repeats() -> None:
    held = Distinct(TableEmbedder(PLACES))
    held.remember(["Zoos?", "Menageries?", "Zoos?"])
    assert len(held) == 3
    (found,) = held.add(["Parks?"])
    assert found is not None and found.text == "Menageries?"


def test_known_vectors_are_not_made_again() -> None:
    embedder = TableEmbedder(PLACES)
    vectors = embedder.embed(list(PLACES))
    embedder.asked.clear()
    found = Distinct(embedder).add(list(PLACES), vectors)
    assert [one is None for one in found] == [True, False, True, True, True]
    assert not embedder.asked


def test_between_languages_less_is_enough() -> None:
    held = Distinct(TableEmbedder(PLACES))
    assert held.add(["Zoos?"], languages=["en"]) == [None]
    # 0.77: enough between languages, not within one, in one call and in two.
    (spanish,) = held.look(["Parks?"], languages=["es"])
    assert spanish is not None and spanish.text == "Zoos?"
    assert held.look(["Parks?"], languages=["en"]) == [None]
    found = Distinct(TableEmbedder(PLACES)).add(["Zoos?", "Parks?"], languages=["en", "es"])
    assert found[1] is not None and found[1].index == 0


def test_many_are_searched_approximately() -> None:
    held = Distinct(HashedEmbedder(64), expected=10**6)
    held.add(["red blue green", "one two three four five"])
    assert isinstance(next(iter(held._indexes.values())), ApproximateNeighbours)
    (found,) = held.add(["two one four five seven six"])
    assert found is None
    (found,) = held.add(["two one three four one five"])
    assert found is not None


def test_hard_texts_are_survived() -> None:
    held = Distinct(HashedEmbedder())
    assert held.add([]) == []
    hard = ["", "\x00\x07", "?" * 5000, "word " * 1000, "\ud800 half", "公園を増やすべきですか"]
    first = held.add(hard)
    assert first[0] is None
    assert all(one is not None for one in held.add(hard))


def test_what_does_not_fit_is_refused() -> None:
    held = Distinct(HashedEmbedder(8))
    with pytest.raises(InputError, match="2 texts, but 1 languages"):
        held.add(["a", "b"], languages=["en"])
    with pytest.raises(InputError, match="2 texts, but 3 vectors"):
        held.add(["a", "b"], np.eye(3, 8, dtype=np.float32))
    with pytest.raises(InputError, match="between 0 and 1"):
        Distinct(HashedEmbedder(8), meaning=85)
    held.add(["a"])
    with pytest.raises(InputError, match="shape"):
        held.add(["b"], np.eye(1, 9, dtype=np.float32))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Should we legalise cannabis?", "Should we make marijuana legal?"),
        ("Should it be illegal to sell e-cigarettes?", "Should it be legal to sell e-cigarettes?"),
        ("¿Deberían ser gratuitos los autobuses?", "¿Deberíamos tener autobuses gratis?"),
    ],
)
def test_the_same_debate_is_told_in_other_words(
    encoder: SentenceEncoder, one: str, other: str
) -> None:
    found = Distinct(encoder).add([one, other])
    assert found[0] is None
    assert found[1] is not None and found[1].kind == "meaning"


def test_seeds_are_distinct_and_translations_are_not(encoder: SentenceEncoder) -> None:
    lines = files("acuerdo.questions").joinpath("data/seeds.jsonl").read_text("utf-8").splitlines()
    seeds = [json.loads(line) for line in lines]
    held = Distinct(encoder)
    english = held.add([seed["en"] for seed in seeds], languages=["en"] * len(seeds))
    assert english == [None] * len(seeds)
    spanish = held.look([seed["es"] for seed in seeds], languages=["es"] * len(seeds))
    told = [one.index == number for number, one in enumerate(spanish) if one]
    assert len(told) >= 0.75 * len(seeds)
    assert all(told)
