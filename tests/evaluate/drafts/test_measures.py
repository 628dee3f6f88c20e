"""Measures of drafts: golden values with what lies between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled
from acuerdo.domain.material import Material
from acuerdo.domain.sheets import Forecast, Sheet, Values
from acuerdo.evaluate.drafts.measures import (
    Coverage,
    Faithfulness,
    MeaningDistinctness,
    Measure,
    WordDistinctness,
    agreement_measures,
    copied_share,
    copying,
    new_facts,
    reading_grade,
    standard_measures,
    syllables_of,
)
from acuerdo.llm import HashedEmbedder
from acuerdo.ports import Progress, Unwatched, Watch

GROUP = Material(
    group="zoos",
    question="Should we ban fireworks?",
    opinions=(
        "Fireworks frighten dogs and other animals for days.",
        "They are a lovely tradition in Valencia and should stay.",
    ),
    statement="Some of us would ban fireworks, others would not.",
)


class Lengths:
    """A scorer that expects 1 + the number of words in common with the opinion, at most 7."""

    name = "lengths"

    def score(self, sheet: Sheet, watch: Watch) -> Forecast:
        del watch
        said = [set(text.lower().split()) for text in sheet.opinions]
        drafted = [set(text.lower().split()) for text in sheet.statements]
        common = [
            len(said[person] & drafted[statement])
            for person, statement in zip(sheet.person, sheet.statement, strict=True)
        ]
        expected = np.minimum(1.0 + np.array(common, float), 7.0)
        return Forecast(expected, np.ones_like(expected))


def of(measure: Measure, *drafts: str) -> Values:
    return measure.measure(GROUP, drafts, Unwatched())


def test_a_draft_repeated_is_not_distinct() -> None:
    twice = ("We would ban fireworks near animals.",) * 2
    assert of(WordDistinctness(), *twice).tolist() == [0, 0]
    assert of(MeaningDistinctness(HashedEmbedder()), *twice) == pytest.approx([0, 0], abs=1e-6)


def test_distinctness_by_hand() -> None:
    # Word pairs: {ab, bc}, {ab, bd}, {xy, yz}: Dice 2*1/4 = 0.5 for the first two, else 0.
    found = of(WordDistinctness(), "a b c", "a b d", "x y z")
    assert found == pytest.approx([0.75, 0.75, 1.0])
    assert np.isnan(of(WordDistinctness(), "alone here")).all()


def test_agreement_is_the_mean_and_the_least() -> None:
    mean, least = agreement_measures(Lengths())
    draft = "fireworks frighten dogs"
    # The first person shares three words (4), the second none (1).
    assert of(mean, draft).tolist() == [2.5]
    assert of(least, draft).tolist() == [1.0]


def test_both_numbers_of_agreement_are_scored_once() -> None:
    asked: list[tuple[str, ...]] = []

    class Counting(Lengths):
        def score(self, sheet: Sheet, watch: Watch) -> Forecast:
            asked.append(sheet.statements)
            return super().score(sheet, watch)

    mean, least = agreement_measures(Counting())
    for draft in ("fireworks frighten dogs", "a lovely tradition in valencia"):
        of(mean, draft)
        of(least, draft)
    assert asked == [("fireworks frighten dogs",), ("a lovely tradition in valencia",)]
    # Nothing in common, and five words.
    assert of(mean, "a lovely tradition in valencia").tolist() == [3.5]
    other = replace(GROUP, opinions=("Fireworks are loud.", "Nobody needs them."))
    strangers = mean.measure(other, ["a lovely tradition in valencia"], Unwatched())
    assert strangers.tolist() == [1.0]


def test_copying_is_the_share_of_runs_of_the_most_copied_opinion() -> None:
    # Six words make three runs of four; the first two are in the first opinion.
    assert copied_share(GROUP, "Fireworks frighten dogs and other people") == pytest.approx(2 / 3)
    assert copied_share(GROUP, "Dogs and other birds sing") == 0
    assert np.isnan(copied_share(GROUP, "Too short"))


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("banned", 1), ("wanted", 2), ("statement", 2), ("people", 2), ("idea", 3),
        ("science", 2), ("various", 3), ("society", 4), ("government", 3), ("opinions", 3),
        ("rules", 1), ("equality", 4), ("being", 2), ("tradition", 3), ("multi-party", 4),
    ],
)  # fmt: skip
def test_syllables(word: str, count: int) -> None:
    assert syllables_of(word) == count


def test_reading_grade_by_hand() -> None:
    # 6 words, 6 syllables, 1 sentence: 0.39 * 6 + 11.8 * 1 - 15.59 = -1.45.
    assert reading_grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert np.isnan(reading_grade("..."))
    assert np.isnan(reading_grade("____"))


def test_faithfulness_sees_what_nobody_said() -> None:
    measure = Faithfulness(HashedEmbedder())
    faithful = "Fireworks frighten dogs and other animals. They are a lovely tradition in Valencia."
    half = "Fireworks frighten dogs and other animals. Taxes on sugar finance public hospitals."
    assert of(measure, faithful, half).tolist() == [1.0, 0.5]


def test_new_numbers_and_names() -> None:
    assert new_facts(GROUP, "In Valencia we would ban fireworks.") == ()
    assert new_facts(GROUP, "Most of us in Madrid counted 40 dogs.") == ("40", "Madrid")


def test_coverage_falls_for_the_one_left_out() -> None:
    both = "Fireworks frighten dogs and animals, yet they are a lovely tradition in Valencia."
    one = "Fireworks frighten dogs and other animals for days."
    embedder = HashedEmbedder()
    assert of(Coverage(embedder), both, one).tolist() == [1.0, 0.5]
    least = of(Coverage(embedder, "least"), both, one)
    assert least[0] > least[1]


def test_every_standard_measure_gives_one_number_per_draft() -> None:
    drafts: Sequence[str] = ("We would ban fireworks near animals.", "Nobody knows.", "")
    measures = standard_measures(HashedEmbedder(), Lengths())
    assert len({measure.name for measure in measures}) == len(measures)
    for measure in measures:
        assert measure.measure(GROUP, drafts, Unwatched()).shape == (3,), measure.name


def test_measures_stop_when_asked() -> None:
    class Stopped:
        def report(self, progress: Progress) -> None:
            del progress

        def stopped(self) -> bool:
            return True

    for measure in (copying(), Coverage(HashedEmbedder()), WordDistinctness()):
        with pytest.raises(Cancelled):
            measure.measure(GROUP, ("A draft.",), Stopped())
