"""Run files of experiments with drafts, and who may judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.evaluate import Known, check_apart, check_unseen, read_draft_run_file

RUN = """
name = "small"
baseline = "base"
[material]
path = "${DATA}/groups.jsonl"
groups = 2
[measuring]
predictor = "out/cross-encoder"
candidates = 8
[sensitivity]
arms = ["tuned"]
candidates = 3
[[arms]]
name = "base"
kind = "model"
template = "direct"
[[arms]]
name = "tuned"
kind = "model"
adapter = "shipped"
template = "plain"
[[arms]]
name = "best"
kind = "best"
of = "tuned"
[[arms]]
name = "gold"
kind = "gold"
[[arms]]
name = "searched"
kind = "search"
adapter = "shipped"
template = "plain"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "run.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_run_file_is_read(tmp_path: Path) -> None:
    run = read_draft_run_file(written(tmp_path, RUN), {"DATA": "/data"})
    assert run.material.path == "/data/groups.jsonl"
    assert [arm.kind for arm in run.arms] == ["model", "model", "best", "gold", "search"]
    assert (run.arms[0].adapter, run.arms[1].adapter) == ("none", "shipped")
    sizes = run.sizes()
    assert (sizes.candidates, sizes.without, sizes.seed) == (8, 3, 0)
    assert [arm.chooses for arm in run.arms] == [False, False, True, False, True]
    assert run.arms[2].deciding_rule == "schulze"
    assert run.arms[4].deciding_rule == "leximin"


def test_without_sensitive_arms_nobody_is_left_out(tmp_path: Path) -> None:
    text = RUN.replace('arms = ["tuned"]\n', "")
    assert read_draft_run_file(written(tmp_path, text), {"DATA": ""}).sizes().without == 0


@pytest.mark.parametrize(
    ("old", "new", "message", "where"),
    [
        ('of = "tuned"', 'of = "gold"', "no arm of a model called 'gold'", "[arms 3]"),
        ('kind = "gold"', 'kind = "golden"', "golden", "[arms 4]"),
        ('kind = "gold"', 'kind = "gold"\nrule = "schulze"', "no key 'rule'", "[arms 4]"),
        ('of = "tuned"', 'of = "tuned"\nadapter = "none"', "no key 'adapter'", "[arms 3]"),
        ('kind = "search"', 'kind = "search"\nmax_tokens = 9', "no key 'max_tokens'", "[arms 5]"),
        ("groups = 2", "groups = 0", "groups", "[material]"),
        ("candidates = 8", "drafts = 8", "no key 'drafts'", "[measuring]"),
        ('baseline = "base"', "", "'baseline' is missing", "run.toml"),
        ("${DATA}", "${NOWHERE}", "NOWHERE is not set", "run.toml"),
    ],
)
def test_mistakes_name_table_and_key(
    old: str, new: str, message: str, where: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        read_draft_run_file(written(tmp_path, RUN.replace(old, new)), {"DATA": "/data"})
    assert message in caught.value.what
    assert where in caught.value.where


def card(*questions: str, weights: str = "0f") -> dict[str, object]:
    return {"sha256": {"weights.npz": weights}, "data": [{"conversations": list(questions)}]}


def test_a_predictor_cannot_judge_its_own_choice() -> None:
    chooser = Known.from_card("trained", card(weights="aa"))
    check_apart(Known.from_card("out/other", card(weights="bb")), [chooser])
    for judge in (Known("trained"), Known.from_card("out/same-weights", card(weights="aa"))):
        with pytest.raises(SettingsError, match="is the one that chooses"):
            check_apart(judge, [Known("length"), chooser])


@pytest.mark.parametrize(
    ("trained_on", "asked"),
    [
        ("We should prohibit flag burning", "Should we prohibit flag burning?"),
        ("Do you support it?", "do you support it"),
        (
            "Homeopathy brings more harm than good",
            "Does homeopathy bring more harm than good?",
        ),
    ],
)
def test_a_predictor_that_has_seen_a_question_cannot_judge_it(trained_on: str, asked: str) -> None:
    known = Known.from_card("out/it", card("We should ban zoos", trained_on))
    check_unseen(known, ["Should we keep zoos?"])
    with pytest.raises(SettingsError, match="was trained on the held-out question") as caught:
        check_unseen(known, ["Should we keep zoos?", asked])
    assert repr(asked) in caught.value.what


@pytest.mark.parametrize("odd", [{}, {"data": None, "sha256": []}, {"data": ["x", {}]}])
def test_a_card_that_says_nothing_is_no_objection(odd: dict[str, object]) -> None:
    known = Known.from_card("odd", odd)
    assert known == Known("odd")
    check_unseen(known, ["Anything?"])
