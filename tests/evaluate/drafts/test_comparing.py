"""Statistics over arms: the same groups, paired, questions drawn whole; the leave-one-out test."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from acuerdo.choose import rule_named
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.sheets import Forecast, Sheet
from acuerdo.evaluate import (
    DraftResults,
    DraftSizes,
    Interval,
    ModelArm,
    SearchWriter,
    reference,
    run_draft_experiment,
)
from acuerdo.evaluate.drafts.comparing import compare
from acuerdo.evaluate.drafts.measures import DraftByDraft
from acuerdo.evaluate.drafts.measuring import ArmDrafts
from acuerdo.evaluate.drafts.records import Draft, Task
from acuerdo.evaluate.drafts.sensitivity import changes, person_left_out, summed_up, tasks_without
from acuerdo.ports import Unwatched, Watch
from acuerdo.predict import LengthScorer, ScoredPredictor
from tests.evaluate.drafts.drafting import (
    SIZES,
    make_arm,
    make_experiment,
    make_material,
    make_materials,
    make_model,
)


@pytest.fixture(scope="module")
def results() -> DraftResults:
    return run_draft_experiment(make_experiment())


def test_a_model_counts_by_the_mean_over_its_drafts(results: DraftResults) -> None:
    words = results.comparison.means["words"]
    lengths = [[len(draft.text.split()) for draft in some] for some in results.drafted[1].drafts]
    assert words["tuned"].value == pytest.approx(np.mean(lengths))
    assert words["best"].value == pytest.approx(np.mean([max(some) for some in lengths]))
    assert results.comparison.means["valid"]["tuned"].value == 1
    assert 0 < results.comparison.means["valid"]["base"].value < 1


def test_differences_are_paired_on_the_same_groups(results: DraftResults) -> None:
    compared = results.comparison
    assert list(compared.differences) == ["base", "tuned"]
    assert list(compared.differences["tuned"]["words"]) == ["best"]
    means, beyond = compared.means["words"], compared.differences["base"]["words"]
    assert "base" not in beyond
    assert beyond["tuned"].value == pytest.approx(means["tuned"].value - means["base"].value)
    assert beyond["tuned"].n == 4


def test_every_pair_of_arms_is_compared_both_ways(results: DraftResults) -> None:
    preferences = results.comparison.preferences
    assert len(preferences) == 7 * 6
    for (one, other), found in preferences.items():
        back = preferences[other, one]
        assert (found.preferred, found.tied) == (back.other, back.tied)
        assert found.share == pytest.approx(results.comparison.shares[one, other].value)
    assert preferences["tuned", "base"].share > 0.5


def arm_with(name: str, valid: Sequence[float]) -> ArmDrafts:
    """Return an arm with one draft for each group, of which only "valid" was measured."""
    drafts = tuple((Draft("We do.", "reference"),) for _ in valid)
    values = tuple(np.array([value]) for value in valid)
    return ArmDrafts(reference(name), drafts, {"valid": values}, {})


def test_whole_questions_are_drawn_and_not_their_groups() -> None:
    # Were twelve groups drawn one by one, a mean of 0 or 1 would hardly ever come up.
    one, other = arm_with("one", [1] * 6 + [0] * 6), arm_with("other", [0.5] * 12)
    told = compare(
        [one, other],
        np.repeat([0, 1], 6),
        [("one", "other")],
        resamples=200,
        seed=0,
        watch=Unwatched(),
    )
    mean = told.means["valid"]["one"]
    assert mean.conversations == Interval(0, 1)
    # Groups drawn within their question are all alike here.
    assert mean.people == Interval(0.5, 0.5)
    assert told.differences["other"]["valid"]["one"].conversations == Interval(-0.5, 0.5)
    assert told.shares["one", "other"].conversations == Interval(0, 1)


def test_a_group_without_a_value_is_left_out_on_both_sides() -> None:
    def of(material: object, draft: str) -> float:
        return math.nan if "quiet" in draft else float(len(draft))

    experiment = make_experiment(measures=[DraftByDraft("letters", True, of)], sensitive=())
    found = run_draft_experiment(experiment)
    letters = found.drafted[2].by_group("letters")
    assert np.isnan(letters).any()
    there = int((~np.isnan(letters)).sum())
    assert found.comparison.means["letters"]["best"].n == there
    assert found.comparison.differences["base"]["letters"]["best"].n == there
    assert found.sensitivity == {}


def test_the_change_of_a_person_left_out_is_held_against_that_of_the_others() -> None:
    class Told:
        """Agreement by person (rows) and draft."""

        name = "told"

        def score(self, sheet: Sheet, watch: Watch) -> Forecast:
            assert sheet.statements == ("with 1.", "with 2.", "without.")
            table = np.array([[5.0, 5.0, 6.0], [6.0, 4.0, 2.0], [3.0, np.nan, 3.5]])
            expected = table[sheet.person, sheet.statement]
            return Forecast(expected, np.where(np.isnan(expected), np.nan, 1.0))

    task = Task(make_material(), 2, 0, without=1)
    present = (Draft("with 1.", "model"), Draft("", "model"), Draft("with 2.", "model"))
    found = changes(task, present, (Draft("without.", "model"),), Told(), Unwatched())
    # The person left out: 2 - 5; the others: the mean of 6 - 5 and 3.5 - 3.
    assert found.tolist() == [-3.0, 0.75, -3.75]
    nothing = changes(task, present, (Draft("", "model"),), Told(), Unwatched())
    assert np.isnan(nothing).all()


def test_the_leave_one_out_test_is_summed_up() -> None:
    # Two groups of the first question fell: they are one question that fell.
    found = np.array([[-1.0, 0.0, -1.0], [-2.0, 1.0, -3.0], [0.5, 0.0, 0.5], [np.nan] * 3])
    told = summed_up(found, np.array([0, 0, 1, 1]), resamples=50, seed=1, watch=Unwatched())
    assert told.difference.value == pytest.approx(-3.5 / 3)
    assert (told.fell, told.rose, told.chance) == (1, 1, 1.0)
    assert told.left_out.n == 3
    assert told.difference.conversations.low == pytest.approx(-2.0)
    assert told.difference.conversations.high == pytest.approx(0.5)


def test_only_questions_that_changed_at_all_have_a_sign() -> None:
    differences = [-1.0, -1.0, 3.0, 1e-12, np.nan, 0.5, -0.5]
    found = np.array([[value] * 3 for value in differences])
    question = np.array([0, 0, 0, 1, 2, 3, 3])
    told = summed_up(found, question, resamples=5, seed=1, watch=Unwatched())
    # The mean of the first is 1/3; the second hardly moved, the third says nothing, the last is 0.
    assert (told.fell, told.rose, told.chance) == (0, 1, 1.0)


def test_a_drafter_that_quotes_everybody_loses_the_one_left_out() -> None:
    def script(request: object) -> str:
        messages = getattr(request, "messages", ())
        lines = messages[-1].content.splitlines()
        said = [line.lstrip("-0123456789. ") for line in lines if line.count(" ") > 7]
        return "We say: " + " ".join(said)

    model = make_model()
    quoting = type(model)(script, "tuned-model")
    found = run_draft_experiment(make_experiment(make_arm(quoting))).sensitivity["tuned"]
    assert (found.fell, found.rose) == (2, 0)
    assert found.chance == 2 / 2**2
    assert found.left_out.value < found.others.value
    assert found.difference.conversations.high < 0


def test_the_person_left_out_is_drawn_once_and_groups_of_two_are_passed_over() -> None:
    materials = [*make_materials(), make_material("two", opinions=("We do.", "We do not."))]
    tasks = tasks_without(materials, 2, seed=5)
    assert tasks[-1] is None
    assert [task.without for task in tasks[:-1] if task] == [
        person_left_out(one, 5) for one in materials[:-1]
    ]
    drawn = {person_left_out(make_material(str(number)), 5) for number in range(30)}
    assert drawn == {0, 1, 2}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"baseline": "basis"}, "no arm called 'basis'"),
        ({"sensitive": ("extractive",)}, "no arm of plain drafts of a model called 'extractive'"),
        ({"arms": ()}, "no arm called 'base'"),
        ({"arms": [make_arm(), make_arm()]}, "two arms are called 'tuned'"),
    ],
)
def test_an_experiment_that_cannot_be_is_refused(
    overrides: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        make_experiment(**overrides)


def test_measures_of_one_name_and_no_groups_are_refused() -> None:
    one = DraftByDraft("letters", True, lambda material, draft: 1.0)
    with pytest.raises(SettingsError, match="two measures"):
        run_draft_experiment(make_experiment(measures=[one, one]))
    with pytest.raises(InputError, match="no group"):
        make_experiment(materials=())


@pytest.mark.parametrize("name", ["candidates", "resamples"])
def test_sizes_below_one_are_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        DraftSizes(**{name: 0})


def test_a_search_cannot_be_held_against_one_with_fewer_beginnings() -> None:
    writer = SearchWriter(
        make_model(),
        ScoredPredictor(LengthScorer()),
        rule_named("leximin"),
        "plain",
        ("length",),
    )
    arms = [make_arm(), ModelArm("searched", writer)]
    with pytest.raises(SettingsError, match="plain drafts of a model called 'searched'") as caught:
        make_experiment(arms=arms, baseline="tuned", sensitive=("searched",))
    assert caught.value.fix == "Name one of 'tuned'."


@pytest.mark.parametrize("signs", ["***", "____"])
def test_drafts_without_a_letter_are_invalid_and_have_no_other_value(signs: str) -> None:
    base = make_arm(make_model([signs], "base-model"), "base", "direct")
    found = run_draft_experiment(make_experiment(base=base))
    values = {name: arms["base"].value for name, arms in found.comparison.means.items()}
    assert values.pop("valid") == 0
    assert all(map(math.isnan, values.values()))


def test_the_drafts_of_a_broken_model_are_all_invalid() -> None:
    base = make_arm(make_model(["", " "], "base-model"), "base", "direct")
    found = run_draft_experiment(make_experiment(base=base, sizes=SIZES))
    assert found.comparison.means["valid"]["base"].value == 0
    assert math.isnan(found.comparison.means["agreement mean"]["base"].value)
    assert found.comparison.preferences["tuned", "base"].share == 1
