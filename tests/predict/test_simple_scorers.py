"""The scorers that are there to be beaten."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.sheets import Sheet
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Unwatched
from acuerdo.predict import CentroidScorer, CosineScorer, RandomScorer

NOBODY = Unwatched()


def make_sheet(opinions: tuple[str, ...], statements: tuple[str, ...]) -> Sheet:
    people, texts = len(opinions), len(statements)
    return Sheet(
        question="Cars?",
        opinions=opinions,
        statements=statements,
        person=np.repeat(np.arange(people), texts),
        statement=np.tile(np.arange(texts), people),
        ratings=np.full(people * texts, np.nan),
    )


def test_random_is_even_repeatable_and_by_seed() -> None:
    sheet = make_sheet(tuple(f"o{k}" for k in range(40)), tuple(f"s{k}" for k in range(50)))
    drawn = RandomScorer().score(sheet, NOBODY).expected
    np.testing.assert_array_equal(drawn, RandomScorer().score(sheet, NOBODY).expected)
    assert not np.array_equal(drawn, RandomScorer(1).score(sheet, NOBODY).expected)
    counts, _ = np.histogram(drawn, bins=6, range=(1, 7))
    assert counts == pytest.approx(np.full(6, 2000 / 6), abs=75)


def test_random_looks_at_the_pair_only() -> None:
    sheet = make_sheet(("a", "b"), ("s", "t"))
    alone = make_sheet(("b",), ("t",))
    whole = RandomScorer().score(sheet, NOBODY).expected
    assert RandomScorer().score(alone, NOBODY).expected[0] == whole[3]
    assert len(set(whole.tolist())) == 4


def test_cosine_is_the_line_of_the_cosine() -> None:
    embedder = HashedEmbedder()
    sheet = make_sheet(("cars are loud", "trees"), ("cars are loud", "loud cars at night"))
    said = CosineScorer(embedder).score(sheet, NOBODY)
    vectors = embedder.embed([*sheet.opinions, *sheet.statements])
    cosines = (vectors[:2] @ vectors[2:].T).ravel()
    np.testing.assert_allclose(said.expected, 3.5 + 2 * cosines, atol=2e-5)
    assert said.expected[0] == pytest.approx(5.5, abs=2e-5)
    assert (said.spread == 1.8).all()


def test_centroid_expects_the_same_of_everybody() -> None:
    embedder = HashedEmbedder()
    sheet = make_sheet(("cars are loud", "trees give shade"), ("cars", "trees give shade"))
    expected = CentroidScorer(embedder).score(sheet, NOBODY).expected.reshape(2, 2)
    np.testing.assert_array_equal(expected[0], expected[1])
    vectors = embedder.embed([*sheet.opinions, *sheet.statements]).astype(float)
    middle = vectors[:2].sum(axis=0)
    middle /= np.linalg.norm(middle)
    np.testing.assert_allclose(expected[0], 3.5 + 2 * vectors[2:] @ middle, atol=2e-5)


def test_centroid_does_not_depend_on_who_said_what() -> None:
    opinions = tuple(f"word{k} and word{k * 7 % 5} matter" for k in range(9))
    sheet = make_sheet(opinions, ("word1 matters", "word3 and word4"))
    turned = replace(sheet, opinions=opinions[4:] + opinions[:4])
    scorer = CentroidScorer(HashedEmbedder())
    np.testing.assert_array_equal(
        scorer.score(sheet, NOBODY).expected, scorer.score(turned, NOBODY).expected
    )


@pytest.mark.parametrize(
    "scorer", [RandomScorer(), CosineScorer(HashedEmbedder()), CentroidScorer(HashedEmbedder())]
)
def test_silent_about_people_without_an_opinion(scorer) -> None:
    said = scorer.score(make_sheet(("cars", " \n"), ("s", "")), NOBODY).expected
    assert np.isnan(said).tolist() == [False, False, True, True]
