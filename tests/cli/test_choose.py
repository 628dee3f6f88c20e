"""`acuerdo choose` as a person and as a program use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acuerdo.choose import RULES
from acuerdo.cli.app import make_app

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(
        make_app(), ["choose", *map(str, arguments)], input=stdin
    )


def test_json_is_one_object_with_every_rule_by_name() -> None:
    done = run(EXAMPLES / "ballots.soc", "--json", "--slate", 2)
    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert done.stdout.count("\n") == 1
    assert (found["voters"], found["format"], found["seed"]) == (100, "soc", 0)
    assert list(found["rules"]) == list(RULES)
    assert found["rules"]["schulze"]["winners"] == ["Nashville"]
    assert found["rules"]["instant_runoff"]["winner"] == "Knoxville"
    assert found["rules"]["plurality"]["ranking"][0] == ["Memphis"]
    assert found["rules"]["plurality"]["scores"]["Memphis"] == 42
    assert found["rules"]["schulze"]["margin"] == {
        "ballots": 8,
        "kind": "exact",
        "at_least": 8,
        "fragile": False,
    }
    assert found["rules"]["utilitarian"]["winner"] is None
    assert "ratings" in found["rules"]["utilitarian"]["note"]
    assert len(found["slate"]) == 2


def test_the_table_names_winners_margins_and_what_was_assumed() -> None:
    done = run(EXAMPLES / "ballots.csv", "--slate", 2)
    assert done.exit_code == 0
    assert "7 ballots, 4 candidates" in done.stdout
    assert "Try it once a month" in done.stdout
    assert "fragile" in done.stdout
    assert "majority judgement" in done.stdout
    assert "read as ratings" in done.stderr
    assert "read as ratings" not in done.stdout


def test_standard_input_is_read_and_rules_can_be_picked() -> None:
    ballots = b"3:A>B>C\n2:B>C>A\n2:C>A>B\n"
    done = run("-", "--json", "--rule", "Ranked-Pairs", "--rule", "borda", stdin=ballots)
    found = json.loads(done.stdout)
    assert list(found["rules"]) == ["ranked_pairs", "borda"]
    assert found["assumed"] == ["read as abif, from what the text looks like (--format to say so)"]


def test_a_seed_decides_ties_and_is_reported() -> None:
    winners = set()
    for seed in range(12):
        done = run("-", "--json", "--rule", "plurality", "--seed", seed, stdin=b"1:A\n1:B\n")
        again = run("-", "--json", "--rule", "plurality", "--seed", seed, stdin=b"1:A\n1:B\n")
        found = json.loads(done.stdout)
        assert done.stdout == again.stdout
        assert found["rules"]["plurality"]["winners"] == ["A", "B"]
        assert found["rules"]["plurality"]["tie_break"]
        winners.add(found["rules"]["plurality"]["winner"])
    assert winners == {"A", "B"}


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["-"], b"", "empty"),
        (["no/such/file.csv"], None, "no such file"),
        (["-", "--format", "csv"], b"A,B\n1,x\n", "line 2, column 'B'"),
        (["-", "--format", "xlsx"], b"A,B\n1,2\n", "Use one of: csv"),
        (["-", "--scale", "stars"], b"A,B\n1,2\n", "Use one of: ranks, ratings"),
        (["-", "--rule", "dictator"], b"A,B\n1,2\n", "no rule 'dictator'"),
        (["-", "--slate", "3"], b"A,B\n1,2\n", "Ask for a slate of 1 to 2"),
        (["-"], b"PK\x03\x04\x00\x00", "not text"),
    ],
)
def test_bad_input_leaves_with_2_and_says_what_to_do(
    arguments: list[str], stdin: bytes | None, words: str
) -> None:
    done = run(*arguments, stdin=stdin)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_markup_in_names_is_shown_as_text() -> None:
    done = run("-", "--format", "csv", stdin=b"[red]A[/],B\x1b[31m\n1,2\n")
    assert done.exit_code == 0
    assert "[red]A[/]" in done.stdout
    assert "\x1b" not in done.stdout
