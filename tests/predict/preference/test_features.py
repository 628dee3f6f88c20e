"""What the model knows of people and statements, by hand on vectors of two dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Vectors
from acuerdo.predict import FEATURES, SURFACE, PreferenceModel, sheet_features
from acuerdo.predict.preference.features import popularity
from tests.predict.preference.made import GivenEmbedder, make_model, make_sheet

HALF = 0.5**0.5
TUNED = GivenEmbedder(
    {
        "Cars?": (1, 0),
        "The council votes.\nCars?": (0, 1),
        "Ban them": (1, 0),
        "Keep them": (0, 1),
        "Buses first": (0.6, 0.8),
        "Cars are fine": (-1, 0),
    }
)
PLAIN = GivenEmbedder({"Buses first": (0.8, 0.6), "Cars are fine": (0, 1)})
OPINIONS = ("Ban them", "Keep them\n \n Ban them", "")
STATEMENTS = ("Buses first", "Cars are fine")


def worked_model() -> PreferenceModel:
    """A stance is the text plus the text times the question, scaled to length 1; popularity is the
    first dimension."""
    weights = np.zeros(2 + len(SURFACE))
    weights[0] = 1 / 5
    return make_model(
        2,
        stance_weights=np.vstack([np.eye(2), np.eye(2)]).astype(np.float32),
        stance_bias=np.zeros(2, np.float32),
        popularity_weights=weights,
    )


def test_two_people_and_two_statements_by_hand() -> None:
    sheet = make_sheet(OPINIONS, STATEMENTS)
    read = sheet_features(sheet, worked_model(), PLAIN, TUNED)
    # Text plus text times (1, 0): the first dimension counts double.
    first = np.array([1.2, 0.8]) / np.hypot(1.2, 0.8)
    ana, ben = np.array([1, 0]), np.array([HALF, HALF])
    np.testing.assert_allclose(read.stance, [first, [-1, 0]], atol=1e-6)
    np.testing.assert_allclose(read.own_stance, [ana, ben, [0, 0]], atol=1e-6)
    np.testing.assert_allclose(read.own_likeness, [ana, ben, [0, 0]], atol=1e-6)
    assert read.said.tolist() == [True, True, False]

    found = read.of(sheet.person, sheet.statement)
    wanted = [
        # popularity, stance, likeness
        [0.8, ana @ first, 0.6],
        [0.0, -1, -1],
        [0.8, ben @ first, 1.4 * HALF],
        [0.0, -HALF, -HALF],
        [0.8, 0, 0],
        [0.0, 0, 0],
    ]
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_on_topic_is_the_likeness_to_everything_else() -> None:
    read = sheet_features(make_sheet(OPINIONS, STATEMENTS), worked_model(), PLAIN, TUNED)
    rest = np.array([1 + 0.6 - 1, 0.8])  # question and statements
    ana = rest + np.array([HALF, HALF])
    ben = rest + np.array([1, 0])
    wanted = [ana[0] / np.hypot(*ana), ben.sum() * HALF / np.hypot(*ben), 0]
    np.testing.assert_allclose(read.on_topic, wanted, atol=1e-6)


def test_the_context_is_read_with_the_question() -> None:
    sheet = make_sheet(OPINIONS, STATEMENTS, context="The council votes.")
    read = sheet_features(sheet, worked_model(), PLAIN, TUNED)
    first = np.array([0.6, 1.6]) / np.hypot(0.6, 1.6)  # now the second dimension counts double
    np.testing.assert_allclose(read.stance[0], first, atol=1e-6)


@pytest.mark.parametrize("people", [1, 2, 5])
def test_nobody_s_features_depend_on_what_others_wrote(people: int) -> None:
    embedder = HashedEmbedder(32)
    opinions = [f"opinion number {k} likes {'cars' if k % 2 else 'trees'}" for k in range(people)]
    sheet = make_sheet(opinions, ["trees are good", "cars are good"])

    def features_of(*others: str) -> np.ndarray:
        changed = replace(sheet, opinions=(opinions[0], *others))
        read = sheet_features(changed, make_model(), embedder, embedder)
        return read.of(sheet.person, sheet.statement)

    same, other = features_of(*opinions[1:]), features_of(*["something else"] * (people - 1))
    np.testing.assert_allclose(same[:2], other[:2], atol=1e-6)
    assert people == 1 or np.abs(same[2:] - other[2:]).max() > 1e-3


def test_silent_people_add_nothing() -> None:
    embedder = HashedEmbedder(32)
    opinions, statements = ["trees grow", "cars drive"], ["trees are good"]
    model = make_model()
    few, many = make_sheet(opinions, statements), make_sheet([*opinions, "", " \n "], statements)
    alone = sheet_features(few, model, embedder, embedder)
    joined = sheet_features(many, model, embedder, embedder)
    np.testing.assert_allclose(
        joined.of(few.person, few.statement), alone.of(few.person, few.statement), atol=1e-6
    )
    np.testing.assert_allclose(joined.on_topic[:2], alone.on_topic, atol=1e-6)


def test_a_pair_costs_the_same_whatever_is_asked_beside_it() -> None:
    embedder = HashedEmbedder(32)
    sheet = make_sheet(["trees grow", "cars drive", "no"], ["trees are good", "cars"])
    read = sheet_features(sheet, make_model(), embedder, embedder)
    every = read.of(sheet.person, sheet.statement)
    for pair in range(sheet.size):
        one = read.of(sheet.person[[pair]], sheet.statement[[pair]])
        np.testing.assert_allclose(one[0], every[pair], atol=1e-6)


def test_every_text_is_read_once() -> None:
    class Counting(HashedEmbedder):
        def __init__(self) -> None:
            super().__init__(32)
            self.sizes: list[int] = []

        def embed(self, texts: Sequence[str]) -> Vectors:
            self.sizes.append(len(texts))
            return super().embed(texts)

    plain, tuned = Counting(), Counting()
    sheet = make_sheet(["trees\ngrow", "cars drive", ""], ["trees are good", "cars"])
    sheet_features(sheet, make_model(), plain, tuned)
    assert plain.sizes == [2], "statements"
    assert tuned.sizes == [1 + 3 + 2], "question, paragraphs, statements"


def test_empty_sheets_have_features_of_no_pairs() -> None:
    embedder = HashedEmbedder(32)
    none = np.empty(0, dtype=np.int64)
    for opinions, statements in (((), ()), (("trees",), ()), ((), ("trees",))):
        sheet = make_sheet(opinions, statements)
        read = sheet_features(sheet, make_model(), embedder, embedder)
        assert read.of(none, none).shape == (0, len(FEATURES))
        assert read.popularity.shape == (len(statements),)


def test_popularity_reads_meaning_and_surface() -> None:
    embedder = HashedEmbedder(32)
    model = make_model()
    plain, tidy = popularity(model, ["ban cars", "Ban cars."], embedder)
    assert plain != pytest.approx(tidy), "the surface differs, the words do not"
    assert popularity(model, [], embedder).shape == (0,)
