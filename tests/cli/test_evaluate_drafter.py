"""`acuerdo evaluate drafter`: from a run file to tables, examples and kept drafts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from acuerdo.api import evaluating_drafter
from acuerdo.choose import rule_named
from acuerdo.cli.app import make_app
from acuerdo.datasets import Argument
from acuerdo.evaluate import StanceJudge, shipped_word_judge, standard_measures
from acuerdo.evaluate.drafts.measures import Measure
from acuerdo.llm import ScriptedModel
from acuerdo.mediate import Parts
from acuerdo.ports import Watch
from acuerdo.predict import LengthScorer, ScoredPredictor
from acuerdo.recipes import Recipe
from acuerdo.settings import Settings
from tests.cli.evaluations import (
    check_missing_matplotlib_is_told_first,
    check_the_run_file_is_copied,
)
from tests.evaluate.drafts.drafting import (
    BAD,
    GOOD,
    OPINIONS,
    WordsInCommon,
    by_seed,
    make_materials,
)
from tests.parts import make_parts

RUN = """
name = "small"
baseline = "base"
examples = 2
[material]
path = "nowhere"
groups = 2
[measuring]
predictor = "words"
candidates = 3
resamples = 20
[sensitivity]
arms = ["tuned"]
candidates = 2
[[arms]]
name = "base"
kind = "model"
template = "by_example"
[[arms]]
name = "tuned"
kind = "model"
adapter = "shipped"
template = "plain"
[[arms]]
name = "best"
kind = "best"
of = "tuned"
predictor = "length"
rule = "utilitarian"
[[arms]]
name = "searched"
kind = "search"
adapter = "shipped"
template = "plain"
predictor = "longer"
[[arms]]
name = "extractive"
kind = "extractive"
[[arms]]
name = "opinion"
kind = "best_opinion"
predictor = "long"
[[arms]]
name = "longest"
kind = "longest_opinion"
[[arms]]
name = "gold"
kind = "gold"
"""
API = "acuerdo.api.evaluating_drafter"


def scripted(settings: Settings, watch: Any) -> ScriptedModel:
    tuned = settings.adapter is None
    return ScriptedModel(by_seed(GOOD if tuned else BAD), "tuned-model" if tuned else "base-model")


@pytest.fixture
def run_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a run file on invented material with scripted models and invented predictors."""

    def parts_of(settings: Settings, recipe: Recipe, watch: Watch) -> Parts:
        return replace(
            make_parts(),
            predictor=ScoredPredictor(LengthScorer()),
            rule=rule_named(recipe.rule),
        )

    monkeypatch.setattr(f"{API}.read_material", lambda *_, **__: make_materials())
    monkeypatch.setattr(f"{API}.language_model", scripted)
    monkeypatch.setattr(f"{API}.chosen_adapter", lambda *_: "the shipped one")
    monkeypatch.setattr(f"{API}.build_parts", parts_of)
    monkeypatch.setattr(f"{API}.scorer_named", lambda *_: WordsInCommon())
    path = tmp_path / "run.toml"
    path.write_text(RUN, "utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(make_app(), ["evaluate", "drafter", *arguments])


def test_tables_examples_and_files_come_out(run_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(str(run_file), "--out", str(out), "--no-figures")
    assert result.exit_code == 0, result.output
    assert "| tuned | 1.000 (1.000–1.000) |" in result.stdout
    names = {path.name for path in out.iterdir()}
    assert names == {
        "drafts.jsonl",
        "examples.md",
        "drafts.csv",
        "groups.csv",
        "results.json",
        "run.toml",
        "table.csv",
        "table.md",
    }
    assert (out / "table.md").read_text("utf-8") == result.stdout
    assert (out / "run.toml").read_text("utf-8") == RUN
    assert (out / "examples.md").read_text("utf-8").startswith("# 2 held-out groups")
    kept = (out / "drafts.jsonl").read_bytes()
    again = run(str(run_file), "--out", str(out), "--no-figures", "--json")
    assert json.loads(again.stdout) == json.loads((out / "results.json").read_text("utf-8"))
    assert (out / "drafts.jsonl").read_bytes() == kept


def test_keys_of_an_arm_reach_who_chooses(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipes: list[Recipe] = []
    build = evaluating_drafter.build_parts

    def noting(settings: Settings, recipe: Recipe, watch: Watch) -> Parts:
        recipes.append(recipe)
        return build(settings, recipe, watch)

    monkeypatch.setattr(f"{API}.build_parts", noting)
    table = run(str(run_file), "--out", str(tmp_path / "out"), "--no-figures").stdout
    assert {(recipe.predictor, recipe.rule) for recipe in recipes} == {
        ("length", "utilitarian"),
        ("longer", "leximin"),
        ("trained", "schulze"),
        ("long", "schulze"),
    }
    assert "| best | the best of “tuned” by length, utilitarian |" in table
    assert "temperature 0.8, search by longer, leximin |" in table
    assert "| opinion | the best of “opinions” by long, schulze |" in table
    assert "Agreement is predicted by “words”" in table


def test_a_search_led_by_other_weights_is_done_again(run_file: Path, tmp_path: Path) -> None:
    leader = tmp_path / "leader"
    leader.mkdir()
    out = tmp_path / "out"
    run_file.write_text(RUN.replace('"longer"', f"'{leader}'"), "utf-8")
    kept = []
    for weights in ("0f", "0f", "1e"):
        (leader / "card.json").write_text(json.dumps({"sha256": {"w.npz": weights}}), "utf-8")
        result = run(str(run_file), "--out", str(out), "--no-figures")
        assert result.exit_code == 0, result.output
        lines = map(json.loads, (out / "drafts.jsonl").read_text("utf-8").splitlines())
        kept.append(sum(line["arm"] == "searched" for line in lines))
    assert kept == [4, 4, 8]


def test_published_sides_of_opinions_are_taken(
    run_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[StanceJudge] = []
    read: list[Path] = []

    def arguments(folder: Path) -> tuple[Argument, ...]:
        read.append(folder)
        made = ((OPINIONS[0], 1), (OPINIONS[1], -1), ("Whatever.", 1))
        return tuple(Argument("A topic", text, side, 0.5, "", "") for text, side in made)

    def measures(*given: Any) -> tuple[Measure, ...]:
        told.append(given[2])
        return standard_measures(*given)

    monkeypatch.setattr(f"{API}.read_arguments", arguments)
    monkeypatch.setattr(f"{API}.standard_measures", measures)
    run_file.write_text(RUN.replace("candidates = 3", 'candidates = 3\narguments = "ibm"'), "utf-8")
    result = run(str(run_file), "--out", str(tmp_path / "out"), "--no-figures")
    assert result.exit_code == 0, result.output
    assert read == [Path("ibm")]
    question = make_materials()[0].question
    found = told[0].stance(question, OPINIONS)
    read_by_words = shipped_word_judge().stance(question, OPINIONS[2:])
    assert found.tolist() == [1.0, 0.0, *read_by_words.tolist()]


def test_the_run_file_that_ran_is_copied_whatever_became_of_it(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = evaluating_drafter, "run_draft_experiment"
    check_the_run_file_is_copied(run, run_file, experiment, monkeypatch)


def test_missing_matplotlib_is_told_before_anything_is_drafted(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_missing_matplotlib_is_told_first(run, run_file, monkeypatch)


def test_fewer_groups_can_be_asked_for(run_file: Path, tmp_path: Path) -> None:
    arguments = (str(run_file), "--out", str(tmp_path / "out"), "--no-figures", "--json")
    assert json.loads(run(*arguments, "--groups", "1").stdout)["groups"] == 2
    assert json.loads(run(*arguments).stdout)["groups"] == 4


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('predictor = "words"', 'predictor = "length"', "is the one that chooses"),
        ("groups = 2", 'groups = 2\nsplit = "dev"', "no group is left"),
        ('baseline = "base"', 'baseline = "basis"', "no arm called 'basis'"),
        ('kind = "gold"', 'kind = "golden"', "golden"),
    ],
)
def test_mistakes_leave_with_code_2(run_file: Path, old: str, new: str, message: str) -> None:
    run_file.write_text(RUN.replace(old, new), "utf-8")
    result = run(str(run_file), "--no-figures")
    assert result.exit_code == 2
    assert message in result.output


def test_a_judge_that_has_seen_the_questions_is_refused(run_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "judge"
    folder.mkdir()
    card = {"data": [{"conversations": ["Our bridge should be closed to cars"]}]}
    (folder / "card.json").write_text(json.dumps(card), "utf-8")
    run_file.write_text(RUN.replace('"words"', f"'{folder}'"), "utf-8")
    result = run(str(run_file), "--no-figures")
    assert result.exit_code == 2
    assert "was trained on the held-out question" in result.output
    assert "measuring" in result.output
    chooser = RUN.replace('"longer"', f"'{folder}'")
    run_file.write_text(chooser, "utf-8")
    result = run(str(run_file), "--no-figures")
    assert result.exit_code == 2
    assert "arm 'searched'" in result.output


def test_an_adapter_that_does_not_come_with_the_package_is_named(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{API}.chosen_adapter", lambda *_: None)
    result = run(str(run_file), "--no-figures")
    assert result.exit_code == 2
    assert "no adapter comes with the package" in result.output
    assert "arm 'tuned'" in result.output
