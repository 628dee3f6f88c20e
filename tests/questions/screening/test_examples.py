"""The labelled examples are as many and as varied as promised."""

from __future__ import annotations

from collections import Counter

from acuerdo.questions.screening.examples import GROUP, GROUPS, filled, labelled_examples


def test_there_are_enough_of_each() -> None:
    examples = labelled_examples()
    labels = Counter(example.label for example in examples)
    assert labels["block"] >= 240
    assert labels["allow"] >= 300
    spanish = sum(example.language == "es" for example in examples)
    assert 0.1 <= spanish / len(examples) <= 0.25
    assert len({example.id for example in examples}) == len(examples)
    assert len({example.question for example in examples}) == len(examples)


def test_labels_and_severities_agree() -> None:
    for example in labelled_examples():
        assert (example.severity > 0) == example.blocks
        assert example.question.endswith("?")


def test_groups_stand_in_both_what_is_blocked_and_what_is_allowed() -> None:
    places = Counter(e.label for e in labelled_examples() if GROUP in e.question)
    assert places["block"] > 150
    assert places["allow"] > 40


def test_an_example_is_about_each_group_by_turns() -> None:
    example = next(e for e in labelled_examples() if GROUP in e.question and e.language == "en")
    texts = {filled(example, turn) for turn in range(len(GROUPS["en"]))}
    assert len(texts) == len(GROUPS["en"])
    assert not any(GROUP in text for text in texts)
