"""Candidates are drafted group by group, scored, and kept; a killed run goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from acuerdo.domain.errors import BudgetExceeded, Cancelled, InputError, ModelError, SettingsError
from acuerdo.domain.rounds import Problem
from acuerdo.ports import Unwatched
from acuerdo.train import (
    CandidateParts,
    CandidateStore,
    Drawn,
    draw_candidates,
    for_training,
    rounds_of,
)
from tests.train.candidates.drawing import CountingDrafter, Seen, Troubled, group, parts

GROUPS = tuple(group(name) for name in ("oaks", "elms", "figs"))


def draw(path: Path, made: CandidateParts, watch: Seen | Unwatched | None = None) -> Drawn:
    store = CandidateStore(path / "drafts.jsonl")
    return draw_candidates(GROUPS, made, store, seed=5, watch=watch or Unwatched())


def test_every_draft_carries_what_was_predicted_and_how_it_was_made(tmp_path: Path) -> None:
    _, oaks = draw(tmp_path, parts()).groups[0]
    many, few = oaks.drafts
    # "Plant many." has 11 letters: 2.75 and 4.25; "Plant a few." has 12: 3 and 4.
    assert many.agreement == (2.75, 4.25)
    assert many.parts == pytest.approx({"welfare": 2.75, "vowels": 2.0})
    assert few.parts == pytest.approx({"welfare": 3.0, "vowels": 2.0})
    assert (many.seed, many.order, many.template, many.prompt_hash) == (7, (1, 0), "plain", "ab")
    assert (oaks.model, oaks.predictor, oaks.welfare) == ("tiny", "letters", "rawlsian")
    assert oaks.rejected == {"empty": 2}


def test_what_cannot_be_said_is_null_and_keeps_nobody_else_from_a_score(tmp_path: Path) -> None:
    drafter = CountingDrafter(("Why not?", "Fully green."))
    _, oaks = draw(tmp_path, parts(drafter)).groups[0]
    assert oaks.drafts[0].parts == {"welfare": None, "vowels": None}
    assert oaks.drafts[0].agreement == (None, None)
    assert oaks.drafts[1].parts["welfare"] == pytest.approx(3.0)
    assert oaks.drafts[1].parts["vowels"] is None


def test_a_run_goes_on_where_it_was_stopped_and_draws_the_same(tmp_path: Path) -> None:
    whole = CountingDrafter()
    expected = draw(tmp_path / "whole", parts(whole))
    stopped, after = CountingDrafter(), CountingDrafter()
    with pytest.raises(Cancelled):
        draw(tmp_path / "cut", parts(stopped), Seen(stop_after=2))
    assert 0 < len(stopped.asked) < 3
    assert draw(tmp_path / "cut", parts(after)) == expected
    assert stopped.asked + after.asked == whole.asked
    assert stopped.drawn + after.drawn == whole.drawn


def test_half_a_line_of_a_killed_run_costs_one_group(tmp_path: Path) -> None:
    expected = draw(tmp_path, parts())
    file = tmp_path / "drafts.jsonl"
    file.write_bytes(file.read_bytes()[:-30])
    again = CountingDrafter()
    assert draw(tmp_path, parts(again)) == expected
    assert again.asked == [GROUPS[2].question]
    untouched = CountingDrafter()
    assert draw(tmp_path, parts(untouched)) == expected
    assert not untouched.asked


def test_another_recipe_is_another_draft(tmp_path: Path) -> None:
    draw(tmp_path, parts())
    again = CountingDrafter()
    made = parts(again)
    other = CandidateParts(
        made.model, again, made.screen, made.predictor, made.rule, {"model": "other"}
    )
    draw(tmp_path, other)
    assert len(again.asked) == 3


def test_a_spent_budget_keeps_what_is_done_and_says_so(tmp_path: Path) -> None:
    spent = Problem("draft", "over_budget", "The 9 tokens are used up.")
    drawn = draw(tmp_path, parts(CountingDrafter(problems={"elms": [spent]})))
    assert [material.group for material, _ in drawn.groups] == ["oaks"]
    assert drawn.unfinished == "The 9 tokens are used up."
    after = CountingDrafter()
    assert len(draw(tmp_path, parts(after)).groups) == 3
    assert after.asked == [GROUPS[1].question, GROUPS[2].question]


def test_a_model_that_is_gone_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    gone = Problem("draft", "connection", "Nobody answers.")
    with pytest.raises(ModelError, match=r"group elms: .*Nobody answers"):
        draw(tmp_path, parts(CountingDrafter(problems={"elms": [gone]})))
    assert (tmp_path / "drafts.jsonl").read_text("utf-8").count("\n") == 1


def test_a_group_that_lost_drafts_to_a_fault_is_not_kept_as_finished(tmp_path: Path) -> None:
    met = (Problem("draft", "timeout", "No answer."), Problem("draft", "too_few_drafts", "1 of 2"))
    with pytest.raises(ModelError, match=r"group elms: not all drafts.*timeout: No answer"):
        draw(tmp_path, parts(CountingDrafter(problems={"elms": met}, left=1)))
    after = CountingDrafter()
    assert [len(found.drafts) for _, found in draw(tmp_path, parts(after)).groups] == [2, 2, 2]
    assert after.asked == [GROUPS[1].question, GROUPS[2].question]


def test_a_group_that_got_all_its_drafts_in_spite_of_a_fault_is_kept(tmp_path: Path) -> None:
    cured = CountingDrafter(problems={"elms": [Problem("draft", "timeout", "No answer.")]}, left=2)
    assert [len(found.drafts) for _, found in draw(tmp_path, parts(cured)).groups] == [2, 2, 2]


@pytest.mark.parametrize(
    "spent",
    [Problem("predict", "over_budget", "9 tokens are used up."), BudgetExceeded("9 tokens.")],
)
def test_a_budget_spent_on_the_prediction_leaves_the_group_unfinished(
    spent: Problem | BudgetExceeded, tmp_path: Path
) -> None:
    drawn = draw(tmp_path, parts(predictor=Troubled("elms", spent)))
    assert [material.group for material, _ in drawn.groups] == ["oaks"]
    assert "9 tokens" in drawn.unfinished
    assert draw(tmp_path, parts()).groups[1][1].drafts[0].agreement == (2.75, 4.25)


def test_a_predictor_that_is_gone_ends_the_run_and_nothing_is_kept_of_the_group(
    tmp_path: Path,
) -> None:
    gone = Problem("predict", "timeout", "Nobody answers.")
    with pytest.raises(ModelError, match=r"group elms: .*agreement.*timeout: Nobody answers"):
        draw(tmp_path, parts(predictor=Troubled("elms", gone)))
    assert (tmp_path / "drafts.jsonl").read_text("utf-8").count("\n") == 1


@pytest.mark.parametrize(
    "lasting",
    [
        Problem("predict", "too_long", "The prompt is too long."),
        Problem("predict", "unreadable", "Too short.", resumable=False),
    ],
)
def test_what_no_other_run_would_predict_is_kept_as_unknown(
    lasting: Problem, tmp_path: Path
) -> None:
    drawn = draw(tmp_path, parts(predictor=Troubled("elms", lasting)))
    assert [found.drafts[0].parts["welfare"] is None for _, found in drawn.groups] == [
        False,
        True,
        False,
    ]


def test_tokens_of_drafting_and_of_predicting_are_counted(tmp_path: Path) -> None:
    drawn = draw(tmp_path, parts(predictor=Troubled("nothing")))
    assert [found.tokens for _, found in drawn.groups] == [15 + 107] * 3


def test_a_group_with_several_statements_is_drafted_and_given_once(tmp_path: Path) -> None:
    oaks, elms, _ = GROUPS
    drafter, watch = CountingDrafter(), Seen()
    materials = [oaks, replace(oaks, statement="We would plant none."), elms]
    store = CandidateStore(tmp_path / "drafts.jsonl")
    drawn = draw_candidates(materials, parts(drafter), store, seed=5, watch=watch)
    assert [material for material, _ in drawn.groups] == [oaks, elms]
    assert drafter.asked == [oaks.question, elms.question]
    assert {p.total for p in watch.notes if p.stage == "groups"} == {2}
    assert rounds_of(materials) == (oaks, elms)
    # A revision of the same group is another round.
    assert len(rounds_of([oaks, replace(oaks, previous="We would plant one.")])) == 2


def test_a_group_too_long_for_the_model_is_left_without_drafts(tmp_path: Path) -> None:
    long = Problem("draft", "too_long", "The prompt is too long.")
    drawn = draw(tmp_path, parts(CountingDrafter(problems={"elms": [long]})))
    assert [len(found.drafts) for _, found in drawn.groups] == [2, 0, 2]


def test_progress_tells_the_time_left(tmp_path: Path) -> None:
    watch = Seen()
    ticks = iter(range(0, 1000, 90))
    draw_candidates(
        GROUPS,
        parts(),
        CandidateStore(tmp_path / "x.jsonl"),
        seed=1,
        watch=watch,
        clock=lambda: float(next(ticks)),
    )
    notes = [(p.done, p.total, p.note) for p in watch.notes if p.stage == "groups"]
    # 90 seconds pass at every look, at the start and before each group: 180 after the first group
    # leave 360 for two, 270 after two leave 135 for one.
    assert notes == [(0, 3, ""), (1, 3, "6 min left"), (2, 3, "2 min left"), (3, 3, "")]


@pytest.mark.parametrize("split", ["test", "Held-Out"])
def test_held_out_questions_are_refused(split: str) -> None:
    with pytest.raises(SettingsError, match="held out"):
        for_training([*GROUPS, group("pines", split=split)], ["train", split])


def test_only_the_splits_asked_for_are_drafted() -> None:
    materials = [group("a", split="validation"), *GROUPS, group("b", split="test")]
    assert for_training(materials, ["train"]) == GROUPS
    assert len(for_training(materials, ["train", "validation"])) == 4
    with pytest.raises(InputError, match="test, train, validation"):
        for_training(materials, ["spare"])
