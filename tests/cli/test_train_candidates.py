"""`acuerdo train candidates`: exit codes, what is written, and what is never drafted for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from acuerdo.api import CandidateOptions, MaterialSource, collect_candidates
from acuerdo.api import candidate_parts as program
from acuerdo.cli.train import train_app
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.rounds import Problem
from acuerdo.mediate import Parts
from acuerdo.ports import Watch
from acuerdo.predict import LengthScorer
from acuerdo.recipes import Recipe
from acuerdo.settings import Settings
from tests.parts import make_parts
from tests.train.candidates.drawing import CountingDrafter, LengthOf

GROUPS = (
    ("oaks", "Should we plant oaks?", "We should plant oaks, most of us think.", "train"),
    ("elms", "Should we plant elms?", "We should not plant elms.", "train"),
    ("figs", "Should we plant figs?", "We should plant figs.", "test"),
)
PLANTED = ("We plant many trees.", "We plant a few.")


def written(file: Path, groups: Iterable[tuple[str, str, str, str]]) -> Path:
    lines = [
        {
            "id": name,
            "source": "invented",
            "question": question,
            "opinions": ["Trees are pretty.", "Trees cost money."],
            "statement": statement,
            "split": split,
        }
        for name, question, statement, split in groups
    ]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return file


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    return written(tmp_path / "groups.jsonl", GROUPS)


def run(groups: Path, *words: str, code: int = 0) -> str:
    out = str(groups.parent / "out")
    done = CliRunner().invoke(
        train_app, ["candidates", str(groups), "--out", out, "--quiet", *words]
    )
    assert done.exit_code == code, done.output
    return done.output


def lines(groups: Path, name: str) -> list[dict[str, Any]]:
    text = (groups.parent / "out" / name).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def card_of(groups: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((groups.parent / "out" / "card.json").read_text("utf-8"))
    return card


def with_parts(monkeypatch: pytest.MonkeyPatch, drafter: CountingDrafter) -> list[Recipe]:
    asked: list[Recipe] = []

    def parts(settings: Settings, recipe: Recipe, watch: Watch) -> Parts:
        del settings, watch
        asked.append(recipe)
        return make_parts(drafters=[drafter], predictor=LengthOf(), rule=recipe.rule)

    monkeypatch.setattr(program, "build_parts", parts)
    monkeypatch.setattr(program, "scorer_named", lambda *_: LengthScorer())
    return asked


def test_the_best_is_written_and_best_and_worst_are_a_pair(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafter = CountingDrafter(PLANTED)
    asked = with_parts(monkeypatch, drafter)
    said = run(groups, "--welfare", "minimum", "-n", "2", "--margin", "0.2", "--template", "plain")
    assert asked[0] == replace(
        Recipe(),
        candidates=2,
        template="plain",
        temperature=0.3,
        drafters=("model",),
        rule="minimum",
    )
    assert drafter.asked == [question for _, question, _, split in GROUPS if split == "train"]
    kept = lines(groups, "kept.jsonl")
    # Letters / 4 for one person, 7 less that for the other: 20 letters leave 2, 15 leave 3.25.
    assert [row["completion"][0]["content"] for row in kept] == [PLANTED[1]] * 2
    assert {row["split"] for row in kept} == {"train"}
    pairs = lines(groups, "pairs.jsonl")
    assert [(row["group"], row["reason"], row["decided_by"]) for row in pairs] == [
        ("oaks", "welfare", "prediction"),
        ("elms", "welfare", "prediction"),
        ("oaks", "negated", "rule"),
        ("oaks", "voices", "rule"),
        ("elms", "negated", "rule"),
    ]
    card = card_of(groups)
    assert "predictions" in card["what"]
    assert (card["drafts"], card["kept"], card["pairs_by_rule"]["negated"]) == (4, 2, 2)
    assert card["contrasts"] == ["other_side", "negated", "voices"]
    assert (card["arguments"], card["readers"], card["beside"]) == (False, {}, [])
    assert str(groups.parent) not in json.dumps(card)
    assert "chosen by prediction" in said


def test_drafts_that_were_read_become_pairs(groups: Path, tmp_path: Path) -> None:
    verdicts = tmp_path / "verdicts.jsonl"
    told = [
        {"group": "oaks", "draft": "We are fine.", "grade": "fine", "reader": "Ada"},
        {"group": "oaks", "draft": "We are wrong.", "grade": "wrong", "why": "side"},
    ]
    verdicts.write_text("\n".join(map(json.dumps, told)), "utf-8")
    said = run(groups, "-n", "0", "--contrast", "none", "--verdicts", str(verdicts))
    pairs = lines(groups, "pairs.jsonl")
    assert [(row["chosen"][0]["content"], row["rejected"][0]["content"]) for row in pairs] == [
        ("We should plant oaks, most of us think.", "We are wrong."),
        ("We are fine.", "We are wrong."),
    ]
    assert {(row["reason"], row["decided_by"]) for row in pairs} == {("side", "reading")}
    assert "pairs by reading: 2 (side)" in said
    assert [row["read_by"] for row in pairs] == [["unnamed"], ["Ada", "unnamed"]]
    assert len({row["id"] for row in pairs}) == 2
    assert card_of(groups)["readers"] == {"unnamed": 2, "Ada": 1}
    assert card_of(groups)["contrasts"] == []


def test_what_material_beside_holds_out_is_left_out(groups: Path, tmp_path: Path) -> None:
    beside = written(
        tmp_path / "published.jsonl",
        [
            ("t1", "Should we be planting oaks?", "Oaks are to be planted.", "test"),
            ("t2", "Should we plant pines?", "We should plant pines.", "train"),
        ],
    )
    said = run(groups, "-n", "0", "--contrast", "negated", "--beside", str(beside))
    assert {row["group"] for row in lines(groups, "pairs.jsonl")} == {"elms"}
    assert "left out: 1 (question is held out elsewhere)" in said
    card = card_of(groups)
    assert card["left_out"] == {"question is held out elsewhere": 1}
    assert (card["rounds"], card["beside"]) == (1, [card["material"]])
    assert str(groups.parent) not in json.dumps(card)


def test_a_changed_prompt_or_predictor_is_drafted_anew(
    groups: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafter = CountingDrafter(PLANTED)
    with_parts(monkeypatch, drafter)
    folder = tmp_path / "trained"
    folder.mkdir()
    for changed in (lambda: None, lambda: (folder / "card.json").write_text("{}", "utf-8")):
        changed()
        run(groups, "--predictor", str(folder))
        run(groups, "--predictor", str(folder))
        assert len(drafter.asked) == 2
        drafter.asked.clear()
    assert str(folder) not in json.dumps(card_of(groups))
    monkeypatch.setattr(program, "template_hash", lambda name: f"another {name}")
    run(groups, "--predictor", str(folder))
    assert len(drafter.asked) == 2


def test_without_candidates_no_model_is_asked(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = with_parts(monkeypatch, CountingDrafter())
    run(groups, "-n", "0", "--contrast", "negated")
    assert not asked
    assert [row["rejected"][0]["content"] for row in lines(groups, "pairs.jsonl")] == [
        "We should not plant oaks, most of us think.",
        "We should plant elms.",
    ]
    assert not lines(groups, "kept.jsonl")


def test_held_out_questions_are_refused_before_anything_is_asked(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = with_parts(monkeypatch, CountingDrafter())
    assert "held out" in run(groups, "--split", "test", code=2)
    assert "train" in run(groups, "--split", "spare", code=2)
    assert not asked
    assert not (groups.parent / "out").exists()


def test_a_spent_budget_leaves_what_is_done_with_a_code_of_its_own(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = Problem("draft", "over_budget", "The 9 tokens are used up.")
    with_parts(monkeypatch, CountingDrafter(PLANTED, {"elms": [spent]}))
    assert "higher ceiling" in run(groups, code=3)
    assert [row["group"] for row in lines(groups, "kept.jsonl")] == ["oaks"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--contrast", "rude"), "other_side"),
        (("--judge", "polarity"), "NAME=WEIGHT"),
        (("--judge", "beauty=1"), "beauty"),
        (("--judge", "copied=1"), "below 0"),
        (("--judge", "polarity=inf"), "cannot weigh inf"),
        (("--welfare", "schulze"), "ratings"),
        (("--welfare", "approval"), "rule approval gives no welfare"),
        (("--welfare", "approval:6"), "approval:6 gives no welfare"),
        (("--template", "ornate"), "ornate"),
        (("--quantile", "1"), "share"),
        (("--margin", "inf"), "margin"),
        (("--above", "nan"), "above"),
    ],
)
def test_a_wrong_option_is_named_before_anything_is_read_or_loaded(
    groups: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    asked = with_parts(monkeypatch, CountingDrafter())
    groups.unlink()
    assert told in run(groups, *words, code=2)
    assert not asked


def test_the_template_of_what_is_written_is_checked_first(tmp_path: Path) -> None:
    options = CandidateOptions(train_template="ornate")
    nowhere = MaterialSource(reader="statements", path="nowhere.jsonl")
    with pytest.raises(SettingsError, match="ornate"):
        collect_candidates(nowhere, tmp_path, options)


def test_missing_notes_are_told_before_anything_is_drafted(
    groups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = with_parts(monkeypatch, CountingDrafter())
    source = MaterialSource(reader="statements", path=str(groups))
    with pytest.raises(InputError, match="no notes"):
        collect_candidates(
            source,
            groups.parent / "out",
            CandidateOptions(train_template="noted", splits=["train"]),
        )
    assert not asked
