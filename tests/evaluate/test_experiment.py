"""Whole experiments: every measure of every arm, kept forecasts, tables and figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled, InputError, SettingsError
from acuerdo.domain.sheets import Sheet, Values
from acuerdo.evaluate import (
    Arm,
    Experiment,
    Part,
    Results,
    Sizes,
    as_markdown,
    as_plain,
    draw_figures,
    run_experiment,
)
from acuerdo.ports import Progress, Unwatched
from tests.evaluate.judging import (
    ToldScorer,
    invented_table,
    longer,
    make_judgement,
    make_table,
    same_side,
)

SIZES = Sizes(resamples=50, groups=8, fewest=5, response_pairs=20, seed=4)


class PromisingScorer(ToldScorer):
    """Promises nothing: every rating lies somewhere."""

    def interval(self, sheet: Sheet, level: float) -> tuple[Values, Values]:
        return np.full(sheet.size, -np.inf), np.full(sheet.size, np.inf)


def make_experiment(sizes: Sizes = SIZES) -> Experiment:
    table = invented_table()
    both = [
        Part(name, table.take(table.conversation.codes == code))
        for code, name in enumerate(("fold0", "fold1"))
    ]
    arms = [
        Arm("sides", {"fold0": ToldScorer(same_side), "fold1": ToldScorer(same_side)}),
        Arm.of(ToldScorer(longer), "longer"),
    ]
    return Experiment("try", {"votes": both}, arms, sizes)


@pytest.fixture(scope="module")
def results() -> Results:
    return run_experiment(make_experiment())


def test_the_scorer_that_knows_sides_wins_everywhere(results: Results) -> None:
    measures = results.tables[0].measures
    for key in ("auc", "pairwise", "accuracy", "exchange_auc", "approval:schulze"):
        assert measures[key]["sides"].value > measures[key]["longer"].value
    assert measures["exchange_auc"]["longer"].value == 0
    assert measures["exchange_auc"]["longer"].low == measures["exchange_auc"]["longer"].high == 0
    assert measures["response_everyone_agrees"]["sides"].n > 0
    assert measures["silent"]["sides"].value == 0


def test_sizes_of_the_table_are_counted(results: Results) -> None:
    table = results.tables[0]
    assert (table.judgements, table.people, table.questions) == (720, 60, 2)
    assert (table.conversations, table.groups) == (2, 16)
    assert table.measures["auc"]["sides"].n == 720
    assert table.measures["pairwise"]["sides"].n <= 60
    assert table.measures["approval:schulze"]["sides"].n == 16


def test_references_bound_selection(results: Results) -> None:
    measures = results.tables[0].measures
    for rule in SIZES.rules:
        shares = {arm: one.value for arm, one in measures[f"approval:{rule}"].items()}
        assert shares["oracle"] == max(shares.values())
        assert measures[f"gain:{rule}"]["chance"].value == 0
    known = measures["approval:utilitarian:known"]
    assert known["longer"].value > measures["approval:utilitarian"]["longer"].value


def test_languages_are_broken_down(results: Results) -> None:
    languages = results.tables[0].languages
    assert list(languages) == ["de", "en"]
    assert languages["de"]["auc"]["sides"].n == 360


def test_parts_measured_together_are_the_table_measured_at_once(results: Results) -> None:
    arm = Arm.of(ToldScorer(same_side), "sides")
    whole = Experiment("try", {"votes": [Part("", invented_table())]}, [arm], SIZES)
    at_once = run_experiment(whole).tables[0].measures
    for key in ("auc", "auc_pooled", "pairwise", "ece", "selective"):
        assert at_once[key]["sides"] == results.tables[0].measures[key]["sides"]


def test_graded_ratings_get_their_own_measures() -> None:
    rows = [
        make_judgement(f"p{p}", f"s{s}", 1 + (p * s) % 7, scale="agreement", question=f"q{s % 2}")
        for p in range(8)
        for s in range(6)
    ]
    arm = Arm.of(PromisingScorer(lambda q, o, s: 2.0 + int(s[1]) / 2))
    measured = run_experiment(Experiment("g", {"t": [Part("", make_table(*rows))]}, [arm], SIZES))
    measures = measured.tables[0].measures
    assert {"mae", "rmse", "spearman", "coverage", "width"} <= set(measures)
    assert measures["own_coverage"]["told"].value == 1
    assert measures["own_width"]["told"].value == 6


class StopsAfter(Unwatched):
    """Stops once a few sheets were asked about."""

    def __init__(self, scorer: ToldScorer, sheets: int) -> None:
        self._scorer, self._sheets = scorer, sheets

    def stopped(self) -> bool:
        return self._scorer.asked >= self._sheets


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, results: Results) -> None:
    def experiment(scorer: ToldScorer) -> Experiment:
        parts = {"votes": [Part("", invented_table())]}
        return Experiment("try", parts, [Arm.of(scorer, "sides")], SIZES)

    whole = ToldScorer(same_side)
    undisturbed = run_experiment(experiment(whole))
    stopped = ToldScorer(same_side)
    with pytest.raises(Cancelled):
        run_experiment(experiment(stopped), tmp_path, StopsAfter(stopped, 5))
    assert stopped.asked == 5
    rest = ToldScorer(same_side)
    resumed = run_experiment(experiment(rest), tmp_path)
    assert rest.asked == whole.asked - 5
    assert as_plain(resumed) == as_plain(undisturbed)
    none = ToldScorer(same_side)
    run_experiment(experiment(none), tmp_path)
    assert none.asked == 0


def test_progress_is_shown_by_arm() -> None:
    class Noting(Unwatched):
        def __init__(self) -> None:
            self.seen: list[Progress] = []

        def report(self, progress: Progress) -> None:
            self.seen.append(progress)

    watch = Noting()
    run_experiment(make_experiment(), watch=watch)
    assert {progress.stage for progress in watch.seen} == {"score", "resample"}
    assert "sides own" in {progress.note for progress in watch.seen}
    assert all(0 <= progress.done <= progress.total for progress in watch.seen)


def test_plain_results_are_json_without_nan(results: Results) -> None:
    plain = json.loads(json.dumps(as_plain(results), allow_nan=False))
    assert plain["tables"]["votes"]["measures"]["auc"]["sides"]["n"] == 720


def test_markdown_names_every_arm_with_intervals(results: Results) -> None:
    text = as_markdown(results)
    value = results.tables[0].measures["auc"]["sides"].value
    row = next(line for line in text.splitlines() if line.startswith("| sides | "))
    assert row.startswith(f"| sides | {value:.3f} (")
    assert "AUC in a question (n = 720)" in text
    assert "### Selection: Share who agree with the chosen statement" in text
    assert "nan" not in text


def test_figures_are_drawn(results: Results, tmp_path: Path) -> None:
    paths = draw_figures(results, tmp_path / "figures")
    assert {path.name for path in paths} >= {"votes-reliability.png", "votes-selective.png"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_bad_experiments_are_refused() -> None:
    table, arm = invented_table(), Arm.of(ToldScorer(longer), "a")
    part = Part("p", table)
    with pytest.raises(SettingsError, match="two arms"):
        Experiment("x", {"t": [part]}, [arm, arm])
    with pytest.raises(SettingsError, match="no arm"):
        Experiment("x", {"t": [part]}, [])
    with pytest.raises(InputError, match="no judgements"):
        Experiment("x", {"t": [Part("p", table.take(np.zeros(len(table), bool)))]}, [arm])
    with pytest.raises(SettingsError, match="no scorer for the part 'p'"):
        run_experiment(Experiment("x", {"t": [part]}, [Arm("a", {"q": ToldScorer(longer)})], SIZES))
    with pytest.raises(SettingsError, match="known_share"):
        Sizes(known_share=1.0)
    with pytest.raises(SettingsError, match="resamples"):
        Sizes(resamples=0)
