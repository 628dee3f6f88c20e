"""Examples hold the prompt that drafting sends, in random orders, and come back from TRL files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acuerdo.datasets import (
    MATERIAL_READERS,
    build_examples,
    example_lines,
    pair_lines,
    read_draft_pairs,
    read_examples,
)
from acuerdo.datasets.material import ReaderOptions
from acuerdo.domain.errors import InputError, SettingsError
from acuerdo.domain.material import DraftPair
from acuerdo.domain.records import PersonId
from acuerdo.prompts import render_draft
from tests.datasets.material.groups import CRITIQUES, OPINIONS, REVISED, STATEMENT, revision
from tests.datasets.material.groups import material as first_draft

FAST = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@FAST
@given(st.integers(2, 6), st.integers(1, 8), st.integers(0, 99))
def test_orders_are_different_permutations_that_hold_every_opinion(
    people: int, orders: int, seed: int
) -> None:
    opinions = tuple(f"I am number {place}." for place in range(people))
    found = build_examples([first_draft(opinions=opinions)], orders=orders, seed=seed)
    assert len(found) == min(orders, {2: 2, 3: 6}.get(people, orders))
    assert len({example.order for example in found}) == len(found)
    for example in found:
        assert sorted(example.order) == list(range(people))
        places = [example.messages[-1].content.index(opinions[k]) for k in example.order]
        assert places == sorted(places)


def test_an_example_is_what_drafting_sends() -> None:
    (example,) = build_examples([revision()], orders=1)
    people = [PersonId(str(place + 1)) for place in example.order]
    assert example.messages == render_draft(revision().round(), people, "plain")
    assert example.reply == REVISED
    assert REVISED not in "".join(message.content for message in example.messages)


def test_orders_depend_on_the_seed_and_the_group_alone() -> None:
    many = [first_draft(group=str(place)) for place in range(20)]
    orders = {example.id: example.order for example in build_examples(many, orders=2)}
    alone = build_examples(many[7:8], orders=2)
    assert [orders[example.id] for example in alone] == [example.order for example in alone]
    other = {example.id: example.order for example in build_examples(many, orders=2, seed=1)}
    assert other.keys() == orders.keys()
    assert other != orders
    assert len(set(orders.values())) == 6


def test_ids_tell_statements_of_one_group_apart() -> None:
    both = [first_draft(), first_draft(statement="We wait."), revision()]
    found = build_examples(both, orders=2, revision_orders=1)
    assert [example.id for example in found] == [
        "g1:first:1:1",
        "g1:first:1:2",
        "g1:first:2:1",
        "g1:first:2:2",
        "g1:revision:1:1",
    ]


def test_orders_and_templates_are_checked() -> None:
    with pytest.raises(SettingsError, match="0 orders"):
        build_examples([first_draft()], orders=0)
    with pytest.raises(SettingsError, match="no prompt template"):
        build_examples([], template="ornate")


def test_a_line_for_trl_in_full() -> None:
    (example,) = build_examples([revision()], orders=1, seed=3)
    (line,) = example_lines([example])
    listed = "\n".join(f"- {OPINIONS[place]}" for place in example.order)
    fields = json.loads(line)
    prompt, completion = fields.pop("prompt"), fields.pop("completion")
    assert [message["role"] for message in prompt] == ["system", "user"]
    assert listed in prompt[1]["content"]
    assert STATEMENT in prompt[1]["content"]
    assert all(text in prompt[1]["content"] for text in CRITIQUES)
    assert prompt[1]["content"].endswith("The revised statement of the group of 3, in English:")
    assert completion == [{"role": "assistant", "content": REVISED}]
    assert fields == {
        "id": "g1:revision:1:1",
        "group": "g1",
        "question": "Should we plant trees in Mill Street?",
        "context": "",
        "opinions": list(OPINIONS),
        "previous": STATEMENT,
        "critiques": list(CRITIQUES),
        "order": list(example.order),
        "split": "train",
        "source": "invented",
        "licence": "CC BY 4.0",
        "author": "a large language model",
        "language": "en",
        "template": "plain",
        "revision": True,
    }


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    materials = (first_draft(context="A street.", language="es"), revision())
    examples = build_examples(materials, orders=3)
    path = tmp_path / "train.jsonl"
    path.write_bytes(b"".join(example_lines(examples)))
    assert read_examples(path) == examples
    assert MATERIAL_READERS["trl"](path, ReaderOptions()).materials == materials


def test_notes_stand_before_the_statement_in_the_order_of_the_prompt(tmp_path: Path) -> None:
    noted = first_draft(notes=("yes: trees", "no: bays", "no: shops"))
    (example,) = build_examples([noted], template="noted", orders=1, seed=1)
    assert example.order != (0, 1, 2)
    listed = [f"- {noted.notes[place]}" for place in example.order]
    assert example.reply.splitlines() == [*listed, "2 no, 1 yes", f"Statement: {STATEMENT}"]
    pair = DraftPair(noted, "We fell every tree.", "side")
    for lines, name in ((example_lines([example]), "one"), (pair_lines([(example, pair)]), "two")):
        path = tmp_path / name
        path.write_bytes(b"".join(lines))
        assert read_examples(path) == (example,)
    assert read_draft_pairs(tmp_path / "two") == (pair,)


def test_a_prompt_that_asks_for_notes_needs_them() -> None:
    (example,) = build_examples([first_draft()], template="noted", orders=1)
    with pytest.raises(InputError, match="no notes"):
        _ = example.reply


def test_pairs_are_read_again(tmp_path: Path) -> None:
    pair = DraftPair(first_draft(), "We fell every tree.", "stance")
    (example,) = build_examples([pair.material], orders=1)
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(b"".join(pair_lines([(example, pair)])))
    fields = json.loads(path.read_text("utf-8"))
    assert fields["chosen"] == [{"role": "assistant", "content": STATEMENT}]
    assert fields["rejected"] == [{"role": "assistant", "content": "We fell every tree."}]
    assert fields["reason"] == "stance"
    assert read_draft_pairs(path) == (pair,)
    assert MATERIAL_READERS["trl"](path, ReaderOptions()).materials == (pair.material,)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"order": [0, 0, 1]}, "field 'order'.*no order of 3 opinions"),
        ({"order": [0, 1]}, "field 'order'"),
        ({"prompt": []}, "field 'prompt'.*not the prompt that drafting"),
        ({"completion": []}, "field 'completion'.*one message by the assistant"),
        ({"completion": [{"role": "user", "content": "We."}]}, "field 'completion'"),
        ({"opinions": ["One."]}, "at least two opinions"),
    ],
)
def test_lines_that_were_tampered_with_are_refused(
    changed: dict[str, Any], said: str, tmp_path: Path
) -> None:
    (line,) = example_lines(build_examples([first_draft()], orders=1))
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(json.loads(line) | changed) + "\n", "utf-8")
    with pytest.raises(InputError, match=f"line 1.*{said}"):
        read_examples(path)
