"""Sentences that carry a judgement: how firm a choice is, why rules differ, what numbers mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acuerdo.domain.ballots import Margin
from acuerdo.report import sentences
from acuerdo.report.comparison import compared, rule_rows
from acuerdo.report.reading import titles
from acuerdo.report.words import CAVEATS, counted, duration, figure, level, rule_title, step
from tests.factories import make_candidate, make_choice, make_no_statement, make_result
from tests.report import cases


@pytest.mark.parametrize(
    ("margin", "told"),
    [
        (
            Margin(1, "exact", 1, True),
            "One changed ballot could have changed the result: treat it as fragile.",
        ),
        (
            Margin(2, "exact", 2, False),
            "2 of 3 ballots would have had to change to change the result.",
        ),
        (
            Margin(2, "at_most", 1, True),
            "At most 2 changed ballots of 3 could have changed the result: treat it as fragile.",
        ),
        (
            Margin(None, "none", 0, False),
            "No change of ballots could have changed the result.",
        ),
    ],
)
def test_the_margin_is_told_in_ballots(margin: Margin, told: str) -> None:
    assert sentences.margin(make_result(margin=margin)) == told


def test_nothing_is_said_about_the_margin_of_no_decision() -> None:
    assert sentences.margin(cases.undecided()) == ""


def test_a_tie_for_the_first_place_is_named() -> None:
    result = make_result([[5, 5, 2], [6, 6, 3], [5, 5, 1]])
    told = sentences.tie(result)
    assert told.startswith("Statements 1 and 2 came first together. Tie-break:")
    assert sentences.tie(make_result()) == ""


def test_when_everybody_rated_it_nothing_is_called_predicted() -> None:
    known = [(row, column) for row in range(3) for column in range(3)]
    result = make_result([[6, 3, 5], [2, 6, 5], [6, 4, 6]], known=known)
    assert sentences.votes_so_far(result) == "All 3 people rated it themselves."
    assert sentences.reason(result).startswith("3 of 3 people rated it above neutral;")
    assert "people's own ratings by the rule" in sentences.decided(result, "")


def test_ratings_of_other_statements_are_no_votes_on_this_one() -> None:
    told = sentences.votes_so_far(make_result(known=[(0, 0)]))
    assert told.startswith("Agreement with it is predicted; nobody has rated this text yet.")
    assert "hardly sides" in told


@pytest.mark.parametrize("predictor", ["trained", "trained-with-ratings", "similarity"])
def test_predictions_come_with_a_word_on_how_far_to_trust_them(predictor: str) -> None:
    models = {"predicting": predictor}
    told = sentences.votes_so_far(make_result(models=models, known=[(0, 0)]))
    everybody = [(row, column) for row in range(3) for column in range(3)]

    assert CAVEATS[predictor] in told
    assert ("move what is expected of the others" in told) == predictor.endswith("ratings")
    assert "program" not in sentences.votes_so_far(make_result(models=models, known=everybody))


def test_neutral_values_of_no_statement_are_not_counted_as_anybody_s_word() -> None:
    columns = (make_candidate("A good text."), make_no_statement())
    result = make_result([[6, 4], [5, 4], [7, 4]], candidates=columns, known=[(0, 0)])
    assert "(1 of 3 values are own ratings" in sentences.decided(result, "")


def test_rules_that_differ_are_told_apart_by_what_their_choice_is_best_at() -> None:
    told = compared(make_result())
    assert told.startswith(
        "2 of 3 rules choose statement 3 (the one proposed), which has the highest"
    )
    assert "1 chooses statement 1, which wins against every other one by one" in told


def test_rules_that_agree_need_no_reason() -> None:
    result = make_result([[6, 2, 3], [6, 3, 2], [5, 2, 2]])
    assert compared(result).startswith("All 3 rules choose statement 1: here it makes no")


def test_several_statements_are_named_together() -> None:
    columns = (*(make_candidate(f"Text {number}.") for number in range(3)), make_no_statement())
    result = make_result([[5, 4, 3, 4]] * 3, candidates=columns)
    assert titles(result, [0]) == "statement 1"
    assert titles(result, [0, 1, 2]) == "statements 1, 2 and 3"
    assert titles(result, [2, 3]) == "statement 3 and “no statement”"


def test_a_strength_two_statements_share_is_nobody_s() -> None:
    result = make_result([[6, 6, 1], [3, 3, 1], [5, 5, 1]])
    assert "which" not in compared(result)


def test_the_rule_that_decides_comes_first_and_ties_are_noted() -> None:
    result = make_result()
    tied = make_choice("borda", (3, 1, 3))
    rows = rule_rows(replace(result, rules={"borda": tied, **result.rules}), {"borda": "Points."})
    assert [row.title for row in rows] == ["Mean", "Borda", "Plurality", "Minimum"]
    assert [row.decides for row in rows] == [True, False, False, False]
    borda = next(row for row in rows if row.title == "Borda")
    assert borda.note == "tied with statement 3: the first of them was taken"
    assert borda.explanation == "Points."


def test_a_label_never_contradicts_the_number_beside_it() -> None:
    assert (figure(5.47), level(5.47)) == ("5.5", "agree")
    assert (figure(5.44), level(5.44)) == ("5.4", "somewhat agree")
    assert [step(value) for value in (1.0, 1.49, 3.5, 7.0)] == [1, 2, 4, 7]


def test_figures_read_as_a_person_would_say_them() -> None:
    assert (figure(float("nan")), level(float("nan"))) == ("?", "cannot say")
    assert (figure(6, known=True), figure(6.5, known=True), figure(6)) == ("6", "6.5", "6.0")
    assert (counted(1, "person", "people"), counted(2, "draft")) == ("1 person", "2 drafts")
    assert (duration(0.01), duration(12.34), duration(185)) == (
        "under 0.1 s",
        "12.3 s",
        "3 min 5 s",
    )
    assert rule_title("bernoulli_nash") == "Bernoulli Nash"
    assert rule_title("instant_runoff") == "Instant runoff"
