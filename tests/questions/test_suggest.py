"""Suggestions differ from one another, lean to no side, and are repeated by their seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import DebateQuestion
from acuerdo.llm import HashedEmbedder
from acuerdo.questions.search import QuestionIndex, Wanted
from acuerdo.questions.seeds import seeds
from acuerdo.questions.suggest import SAME, suggest_from

SEEDS = seeds("en")


def index_of(questions: tuple[DebateQuestion, ...]) -> QuestionIndex:
    return QuestionIndex(questions, HashedEmbedder().embed([q.text for q in questions]))


INDEX = index_of(SEEDS)


def drawn(k: int, seed: int = 0, index: QuestionIndex = INDEX, **options: object):
    return suggest_from(index, k, np.random.default_rng(seed), **options)


def test_the_seed_decides() -> None:
    assert drawn(6, 1) == drawn(6, 1)
    assert len({drawn(6, seed) for seed in range(5)}) == 5
    assert len(set(drawn(12))) == 12


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_directions_take_turns(k: int) -> None:
    for seed in range(5):
        leans = Counter(question.leans for question in drawn(k, seed))
        assert abs(leans["change"] - leans["keep"]) <= 1


def test_one_direction_can_be_asked_for_and_one_alone_is_no_reason_to_stop() -> None:
    assert {q.leans for q in drawn(8, wanted=Wanted(leans="keep"))} == {"keep"}
    only = index_of(tuple(q for q in SEEDS if q.leans == "change"))
    assert len(drawn(8, index=only)) == 8
    unknown = index_of(tuple(replace(q, leans="") for q in SEEDS))
    assert len(drawn(8, index=unknown)) == 8


def test_a_direction_that_is_rare_is_not_lost_in_a_large_corpus() -> None:
    many = tuple(DebateQuestion(f"c{k}", f"Try {k} now?", leans="change") for k in range(3000))
    rare = tuple(DebateQuestion(f"k{k}", f"Leave {k} be?", leans="keep") for k in range(4))
    leans = Counter(question.leans for question in drawn(8, index=index_of(many + rare)))
    assert leans == {"change": 4, "keep": 4}


def test_suggestions_are_more_different_than_a_plain_draw() -> None:
    def closeness(questions: tuple[DebateQuestion, ...]) -> float:
        vectors = HashedEmbedder().embed([q.text for q in questions])
        return float((vectors @ vectors.T)[np.triu_indices(len(questions), 1)].mean())

    ours = [closeness(drawn(8, seed)) for seed in range(10)]
    rng = np.random.default_rng(0)
    plain = [
        closeness(tuple(SEEDS[row] for row in rng.choice(len(SEEDS), 8, replace=False)))
        for _ in range(10)
    ]
    assert np.mean(ours) < np.mean(plain) - 0.03


def test_the_same_question_in_other_words_is_not_suggested_twice() -> None:
    twins = tuple(
        DebateQuestion(f"{q.id}{ending}", q.text + ending, leans=q.leans)
        for q in SEEDS[:6]
        for ending in ("", "?")
    )
    found = drawn(12, index=index_of(twins))
    assert len(found) == 6
    assert len({question.text.rstrip("?") for question in found}) == 6


def test_what_was_asked_before_is_avoided_with_all_that_means_the_same() -> None:
    twin = replace(SEEDS[0], id="twin")
    index = index_of((*SEEDS, twin))
    first = {question.id for question in drawn(5, index=index)}
    again = {question.id for question in drawn(5, index=index, avoid=first)}
    assert not first & again
    found = drawn(200, index=index, avoid=[SEEDS[0].id, "nobody knows this one"])
    assert not {"twin", SEEDS[0].id} & {question.id for question in found}
    vectors = HashedEmbedder().embed([SEEDS[0].text, *(q.text for q in found)])
    assert (vectors[1:] @ vectors[0]).max() < SAME


def test_suggestions_near_a_text_are_about_it() -> None:
    near = HashedEmbedder().embed([SEEDS[40].text])[0]
    assert drawn(3, near=near)[0] == SEEDS[40]
    area = "everyday morals"
    assert {q.area for q in drawn(3, near=near, wanted=Wanted(area=area))} == {area}


def test_outliers_come_only_where_there_is_nothing_else() -> None:
    marked = tuple(replace(q, outlier=k % 2 == 0) for k, q in enumerate(SEEDS))
    assert not any(question.outlier for question in drawn(20, index=index_of(marked)))
    assert len(drawn(100, index=index_of(marked))) == 100


def test_small_and_empty_corpora_give_what_they_have() -> None:
    assert drawn(3, index=QuestionIndex((), np.zeros((0, 0), np.float32))) == ()
    assert drawn(9, index=index_of(SEEDS[:1])) == SEEDS[:1]
    assert drawn(3, wanted=Wanted(area="nowhere")) == ()
    with pytest.raises(InputError, match="0 questions"):
        drawn(0)
