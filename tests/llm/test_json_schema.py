"""JSON objects are found among words, and their shape is checked at every depth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.llm.json_schema import conforms, object_in

SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["claims"],
        "additionalProperties": False,
        "properties": {
            "claims": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["text"],
                    "properties": {
                        "text": {"type": "string"},
                        "stance": {"enum": ["for", "against"]},
                        "weight": {"type": ["number", "null"]},
                        "count": {"type": "integer"},
                    },
                },
            }
        },
    }
)


@pytest.mark.parametrize(
    ("reply", "found"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('Sure!\n```json\n{"a": {"b": "}"}}\n```\nAnything else?', '{"a": {"b": "}"}}'),
        ('{not this} but {"a": 2} and {"a": 3}', '{"a": 2}'),
        ('{"a": 1', None),
        ("[1, 2]", None),
        ("", None),
        ('{"a":' * 100_000, None),
    ],
)
def test_the_first_whole_object_is_found(reply: str, found: str | None) -> None:
    assert object_in(reply) == found


@given(
    st.dictionaries(st.text(), st.integers() | st.text() | st.none()),
    st.text().filter(lambda text: "{" not in text),
)
def test_any_object_is_found_between_any_words(value, words: str) -> None:
    assert json.loads(object_in(f"{words}{json.dumps(value)}{words}") or "") == value


@pytest.mark.parametrize(
    ("claim", "fits"),
    [
        ({"text": "a"}, True),
        ({"text": "a", "stance": "for", "weight": None, "count": 2, "more": []}, True),
        ({"text": "a", "weight": 0.5}, True),
        ({}, False),
        ({"text": 3}, False),
        ({"text": "a", "stance": "maybe"}, False),
        ({"text": "a", "weight": "0.5"}, False),
        ({"text": "a", "weight": True}, False),
        ({"text": "a", "count": 2.5}, False),
        ("a", False),
    ],
)
def test_shape_is_checked_inside(claim: object, fits: bool) -> None:
    assert conforms(json.dumps({"claims": [claim]}), SCHEMA) is fits


@pytest.mark.parametrize("text", ["{}", '{"claims": [], "other": 1}', "[]", "{", "null"])
def test_shape_is_checked_outside(text: str) -> None:
    assert not conforms(text, SCHEMA)
