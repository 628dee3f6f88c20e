"""Tables, spreadsheets, figures and the page of examples."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from acuerdo.evaluate import (
    DraftResults,
    drafts_as_markdown,
    drafts_as_plain,
    drafts_csv,
    draw_draft_figures,
    examples_as_markdown,
    groups_csv,
    run_draft_experiment,
    summary_csv,
)
from acuerdo.evaluate.drafts.examples import drawn_examples, escaped
from tests.evaluate.drafts.drafting import make_arm, make_experiment, make_material, make_model

HOSTILE = "We want <b>this</b>.\n\n# Big\n> quote\n![x](http://a.b) | `c` 1. one\n- [link](y)"


@pytest.fixture(scope="module")
def results() -> DraftResults:
    return run_draft_experiment(make_experiment())


def test_the_table_says_what_it_rests_on(results: DraftResults) -> None:
    lines = drafts_as_markdown(results).splitlines()
    assert lines[0] == (
        "Seed 5, 50 resamples; 4 groups of 2 held-out questions, 3 drafts of a model for each. "
        "Value (95 % interval over questions). Agreement is predicted by “words in common”, which "
        "chose no draft; nobody was asked."
    )
    assert "| tuned | tuned-model, “plain”, temperature 0.8 | 12 |" in lines
    assert (
        "| reference | the statement of the material, drafted by a large language model, not by "
        "people | 4 |"
    ) in lines


def test_the_table_shows_every_arm_with_intervals_over_questions(results: DraftResults) -> None:
    text = drafts_as_markdown(results)
    start = text.index("### What a draft says")
    rows = text[start:].splitlines()[2:]
    assert rows[0].startswith("| Arm | Valid (n = 4) |")
    # Both groups of a question have one polarity: over groups the interval would be (0.833–0.833).
    assert results.comparison.means["polarity"]["tuned"].people.low == pytest.approx(5 / 6)
    assert rows[3].startswith("| tuned | 1.000 (1.000–1.000) | 0.833 (0.667–1.000) |")
    assert [row.split("|")[1].strip() for row in rows[2:9]] == [arm.name for arm in results.arms]
    for title in ("Beyond “base”", "Beyond “tuned”", "is preferred", "fell", "could not stand"):
        assert f"{title}" in text
    preferred = text[text.index("is preferred\n") :].splitlines()
    base = next(line for line in preferred if line.startswith("| base | – |"))
    assert base.count("(") == 6


def test_the_judge_goes_by_the_name_of_the_run_file() -> None:
    named = run_draft_experiment(make_experiment(judge="out/judge"))
    assert "Agreement is predicted by “out/judge”" in drafts_as_markdown(named)
    assert "“out/judge”" in examples_as_markdown(named, 1)
    assert drafts_as_plain(named)["scorer"] == "out/judge"


def test_results_are_plain_json(results: DraftResults) -> None:
    plain = json.loads(json.dumps(drafts_as_plain(results), allow_nan=False))
    assert plain["format"] == "acuerdo-drafts/1"
    assert plain["measures"]["valid"]["tuned"]["over_questions"] == [1.0, 1.0]
    assert plain["measures"]["distinct words"]["best"]["value"] is None
    pair = next(p for p in plain["preferred"] if (p["arm"], p["other"]) == ("tuned", "base"))
    assert pair["preferred"] + pair["tied"] + pair["other_preferred"] == 4
    assert set(plain["sensitivity"]["tuned"]) >= {"left_out", "others", "difference", "chance"}


def test_spreadsheets_hold_every_value(results: DraftResults) -> None:
    rows = list(csv.DictReader(io.StringIO(summary_csv(results))))
    assert len(rows) == 7 * len(results.directions)
    valid = next(r for r in rows if (r["arm"], r["measure"]) == ("tuned", "valid"))
    assert (valid["value"], valid["low"], valid["high"], valid["groups"]) == ("1", "1", "1", "4")
    assert float(valid["beyond_baseline"]) > 0
    groups = list(csv.DictReader(io.StringIO(groups_csv(results))))
    assert len(groups) == 4 * 7 * len(results.directions)
    assert {row["group"] for row in groups} == {"g0", "g1", "g2", "g3"}


def test_every_draft_stands_in_a_spreadsheet_and_computes_nothing() -> None:
    results = run_draft_experiment(
        make_experiment(arms=[make_arm(make_model(["=1+1 is what we want."]))], baseline="tuned")
    )
    rows = list(csv.DictReader(io.StringIO(drafts_csv(results))))
    assert [(row["group"], row["draft"]) for row in rows[:4]] == [
        ("g0", "1"),
        ("g0", "2"),
        ("g0", "3"),
        ("g1", "1"),
    ]
    assert len(rows) == 12
    assert {row["text"] for row in rows} == {"'=1+1 is what we want."}
    assert {row["words"] for row in rows} == {"6"}
    assert set(results.directions) < set(rows[0])


def test_examples_are_drawn_and_show_every_arm(results: DraftResults) -> None:
    page = examples_as_markdown(results, 3)
    assert page.startswith("# 3 held-out groups, drawn and not picked\n")
    assert "Drawn with seed 5 out of 4 groups of 2 held-out questions." in page
    assert page.count("\n## ") == 3
    for name in ("base", "tuned", "best", "extractive", "opinion", "longest", "reference"):
        assert page.count(f"**{name}**") == 3
    assert page.count("(first of 3)") == 6
    assert page.count("(chosen)") == 6
    assert page.count("Opinions: invented; licence: CC0.") == 3
    assert "predicted agreement" in page
    assert "drafted by a large language model, not by people" in page
    assert drawn_examples(results, 3) == drawn_examples(results, 3)
    assert drawn_examples(results, 99) == (0, 1, 2, 3)


def test_no_draft_can_change_the_page() -> None:
    model = make_model([HOSTILE])
    materials = [
        make_material(
            "a", opinions=(HOSTILE, "1. We do.", "- We do not."), source="ibm_argq_rank_30k"
        )
    ]
    hostile = make_experiment(make_arm(model), materials=materials)
    page = examples_as_markdown(run_draft_experiment(hostile), 1)
    told = page.splitlines()
    assert sum(line.startswith("#") for line in told) == 2
    assert sum(line.startswith(">") for line in told) == 7
    assert not any(line.startswith("- ") for line in told)
    assert "<b>" not in page
    assert "![" not in page
    assert "](" not in page
    assert "`c`" not in page.replace("\\`", "")
    assert "2. 1\\. We do." in told
    assert "3. \\- We do not." in told
    assert "Each person is a composite." in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It's 5 % of $10, isn't it?", "It's 5 % of \\$10, isn't it?"),
        ("See www.example.org or a@b.c", "See www\\.example.org or a\\@b.c"),
        ("2) second", "2\\) second"),
        ("+ plus = equals", "\\+ plus = equals"),
        ("&lt; <!-- x -->", "&amp;lt; &lt;!-- x --&gt;"),
        ("snake_case ~no~ *x* \\", "snake\\_case \\~no\\~ \\*x\\* \\\\"),
    ],
)
def test_signs_lose_their_meaning(text: str, told: str) -> None:
    assert escaped(text) == told


def test_figures_are_drawn_as_png_and_svg(results: DraftResults, tmp_path: Path) -> None:
    paths = draw_draft_figures(results, tmp_path)
    names = [path.name for path in paths]
    assert names == [
        f"{name}.{ending}"
        for name in ("measures", "preferred", "sensitivity")
        for ending in ("png", "svg")
    ]
    assert all(path.stat().st_size > 1000 for path in paths)
