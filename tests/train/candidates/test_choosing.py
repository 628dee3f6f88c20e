"""The best is kept if it is good enough; best and worst are a pair if they are far apart."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from acuerdo.datasets import read_draft_pairs, read_examples
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.material import DraftPair
from acuerdo.train import (
    MadePair,
    Selection,
    best_drafts,
    kept_lines,
    made_lines,
    ranked_lines,
    ranked_pairs,
)
from tests.train.candidates.drawing import candidates, group

OAKS, ELMS = group("oaks"), group("elms")
GROUPS = ((OAKS, candidates(4.0, 6.0, 6.0, None)), (ELMS, candidates(3.0, 3.2, name="elms")))
BOTH = {"welfare": 1.0, "vowels": 2.0}


def test_the_first_of_the_best_is_kept_with_the_model_as_its_author() -> None:
    kept = best_drafts(GROUPS, Selection())
    assert [(one.draft.text, one.score) for one in kept] == [("Draft 1.", 6.0), ("Draft 1.", 3.2)]
    assert (kept[0].material.statement, kept[0].material.author) == ("Draft 1.", "tiny")
    assert kept[0].material.opinions == OAKS.opinions


@pytest.mark.parametrize(
    "selection", [Selection(above=3.2), Selection(quantile=0.5), Selection(above=5, quantile=0.9)]
)
def test_a_threshold_or_a_quantile_leaves_out_poor_groups(selection: Selection) -> None:
    assert [one.material.group for one in best_drafts(GROUPS, selection)] == ["oaks"]


def test_a_draft_with_an_unknown_part_is_neither_best_nor_worst() -> None:
    unknown = [(OAKS, candidates(9.0, 5.0, 1.0, v0=None))]
    assert best_drafts([(OAKS, candidates(None, None))], Selection()) == ()
    assert best_drafts(unknown, Selection(BOTH))[0].draft.text == "Draft 1."


def test_judges_weigh_beside_the_welfare() -> None:
    judged = [(OAKS, candidates(4.0, 6.0, v0=3.0, v1=1.0))]
    assert best_drafts(judged, Selection())[0].draft.text == "Draft 1."
    best = best_drafts(judged, Selection(BOTH))[0]
    assert (best.draft.text, best.score) == ("Draft 0.", 10.0)


def test_best_and_worst_are_a_pair_only_beyond_the_margin() -> None:
    pairs = ranked_pairs(GROUPS, Selection(margin=0.5))
    assert [(one.pair.material.statement, one.pair.rejected) for one in pairs] == [
        ("Draft 1.", "Draft 0.")
    ]
    assert len(ranked_pairs(GROUPS, Selection(margin=0.1))) == 2
    assert len(ranked_pairs(GROUPS, Selection(margin=2.1))) == 0


def test_the_reason_is_what_tells_them_apart_most() -> None:
    judged = [(OAKS, candidates(4.0, 4.5, v0=3.0, v1=1.0))]
    assert ranked_pairs(judged, Selection(BOTH))[0].pair.reason == "vowels"
    assert ranked_pairs(judged, Selection())[0].pair.reason == "welfare"


def test_values_out_of_range_are_refused() -> None:
    for share in (1.0, -0.1):
        with pytest.raises(SettingsError, match="share"):
            Selection(quantile=share)
    for margin in (0.0, math.inf, math.nan):
        with pytest.raises(SettingsError, match="margin"):
            Selection(margin=margin)
    for above in (math.inf, math.nan):
        with pytest.raises(SettingsError, match="above"):
            Selection(above=above)
    assert Selection(above=-math.inf).above == -math.inf
    for weight in (math.inf, -math.inf, math.nan):
        with pytest.raises(SettingsError, match="'vowels' cannot weigh"):
            Selection({"welfare": 1.0, "vowels": weight})


def test_lines_are_read_again_as_examples_and_say_what_is_predicted(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    file.write_bytes(b"".join(kept_lines(best_drafts(GROUPS, Selection()), "plain")))
    first = json.loads(file.read_text("utf-8").splitlines()[0])
    assert first["completion"] == [{"role": "assistant", "content": "Draft 1."}]
    assert first["predicted"] == {
        "score": 6.0,
        "parts": {"welfare": 6.0, "vowels": 1.0},
        "agreement": [6.0, 6.0],
        "predictor": "letters",
        "welfare": "utilitarian",
    }
    assert first["drafted"]["model"] == "tiny"
    assert first["drafted"]["seed"] == 1
    prompt = first["prompt"][-1]["content"]
    assert prompt.index(OAKS.opinions[1]) < prompt.index(OAKS.opinions[0])  # as it was drafted
    assert [one.material.author for one in read_examples(file)] == ["tiny", "tiny"]


def test_pairs_say_whether_a_prediction_or_a_rule_decided(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    ranked = ranked_lines(ranked_pairs(GROUPS, Selection()), "plain")
    none = DraftPair(ELMS, "We would plant none.", "negated")
    more = DraftPair(ELMS, "We would plant more.", "side")
    made = [MadePair(none, "rule"), MadePair(more, "reading", ("Ada", "Bo"))]
    file.write_bytes(b"".join([*ranked, *made_lines(made, "plain", 0)]))
    by_prediction, by_rule, by_reading = map(json.loads, file.read_text("utf-8").splitlines())
    assert (by_prediction["decided_by"], by_prediction["reason"]) == ("prediction", "welfare")
    assert by_prediction["predicted"]["score"] == 6.0
    assert by_prediction["rejected_predicted"]["score"] == 4.0
    assert by_prediction["rejected_drafted"]["seed"] == 0
    assert (by_rule["decided_by"], by_rule["reason"]) == ("rule", "negated")
    assert not {"predicted", "read_by"} & {*by_rule}
    assert (by_reading["decided_by"], by_reading["read_by"]) == ("reading", ["Ada", "Bo"])
    assert [(p.material.statement, p.rejected, p.reason) for p in read_draft_pairs(file)] == [
        ("Draft 1.", "Draft 0.", "welfare"),
        (ELMS.statement, "We would plant none.", "negated"),
        (ELMS.statement, "We would plant more.", "side"),
    ]


def test_pairs_of_one_group_have_ids_and_orders_of_their_own() -> None:
    pairs = [MadePair(DraftPair(OAKS, f"We would plant {n}."), "rule") for n in range(20)]
    lines = [json.loads(line) for line in made_lines(pairs, "plain", 0)]
    assert len({line["id"] for line in lines}) == 20
    assert {tuple(line["order"]) for line in lines} == {(0, 1), (1, 0)}
    assert [line["rejected"][0]["content"] for line in lines] == [p.pair.rejected for p in pairs]
