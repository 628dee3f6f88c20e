"""Whatever bytes come in, readers return or raise InputError; what is written is read back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.datasets import FORMATS, read_critiques, read_opinions, read_ratings
from acuerdo.domain.errors import InputError
from acuerdo.domain.text import canonical

READERS: Final[dict[str, Callable[..., object]]] = {
    "opinions": read_opinions,
    "critiques": read_critiques,
    "ratings": read_ratings,
}
PIECES: Final = (
    *(b",", b";", b"\t", b"|", b'"', b"'", b"\n", b"\r\n", b"\r", b"\0", b":", b"[", b"]"),
    *(b"{", b"}", b"null", b"NaN", b"1e999", b"7", b"true", b"\\ud800", b'"opinion"', b"person"),
    *(
        b"opinion",
        b"critique",
        b"rating",
        b"candidate",
        b'"opinions"',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
    ),
    *(
        "ñ".encode(),
        "意见".encode(),
        b"\xe9",
        b" ",
        b"a",
        b"sep=;\n",
        b'{"person":"A","opinion":"b"}',
    ),
)
VALID: Final = (
    b'person,opinion\nAna,"Yes, I do."\nBen,No.\n',
    b'[{"person": "Ana", "opinion": "Yes."}, {"person": "Ben", "opinion": "No."}]',
    b'{"question": "?", "opinions": {"Ana": "Yes.", "Ben": "No."}, "critiques": [{"person": "A"}]}',
    b'{"person": "Ana", "opinion": "Yes."}\n{"person": "Ben", "opinion": "No."}\n',
    b"Ana: Yes.\nBen: No.\n",
    b"person,candidate,rating\nAna,0,7\nBen,1,2\n",
    "person;opinion\nAna;Sí.\nBen;No.\n".encode("utf-16"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a valid file with a few pieces cut out, put in or doubled."""
    content = draw(st.sampled_from(VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 12)))
        content = content[:start] + draw(st.sampled_from((b"", *PIECES))) + content[end:]
    return content


ANY_BYTES = st.one_of(
    st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join), mutated()
)


def check_only_input_errors(reader: str, content: bytes, format_: str) -> None:
    try:
        READERS[reader](content, name="any", format=format_)
    except InputError as error:
        assert error.what
        assert error.where.startswith("any")


@pytest.mark.parametrize("reader", READERS)
@given(content=ANY_BYTES, format_=st.sampled_from(["", *FORMATS]))
@settings(max_examples=150, deadline=None)
def test_nothing_but_input_errors(reader: str, content: bytes, format_: str) -> None:
    check_only_input_errors(reader, content, format_)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@given(content=ANY_BYTES, format_=st.sampled_from(["", *FORMATS]))
@settings(max_examples=10_000, deadline=None)
def test_nothing_but_input_errors_at_length(reader: str, content: bytes, format_: str) -> None:
    check_only_input_errors(reader, content, format_)


def is_plain(text: str) -> bool:
    return bool(text.strip()) and canonical(text) == text


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
    | st.sampled_from(",;|\t\n\"'{}[]:"),
    min_size=1,
    max_size=60,
)
NAMES = TEXTS.map(lambda text: " ".join(canonical(text).split())).filter(bool)
GROUPS = st.dictionaries(NAMES, TEXTS.map(canonical).filter(is_plain), min_size=2, max_size=8)


def as_csv(people: dict[str, str], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(["person", "opinion"])
    writer.writerows(people.items())
    return stream.getvalue()


def as_json(people: dict[str, str]) -> str:
    return json.dumps([{"person": p, "opinion": t} for p, t in people.items()])


def as_jsonl(people: dict[str, str]) -> str:
    return "\n".join(json.dumps({"person": p, "opinion": t}) for p, t in people.items())


WRITERS: Final[dict[str, Callable[[dict[str, str]], str]]] = {
    "comma.csv": as_csv,
    "semicolon.csv": lambda people: as_csv(people, ";"),
    "tab.csv": lambda people: as_csv(people, "\t"),
    "list.json": as_json,
    "mapping.json": lambda people: json.dumps({"opinions": people}, ensure_ascii=False),
    "lines.jsonl": as_jsonl,
}


@pytest.mark.parametrize("file", WRITERS)
@given(people=GROUPS)
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_back(file: str, people: dict[str, str]) -> None:
    read = read_opinions(WRITERS[file](people).encode(), name=file)
    assert {opinion.person: opinion.text for opinion in read.opinions} == people


@pytest.mark.parametrize("file", ["comma.csv", "semicolon.csv", "list.json", "lines.jsonl"])
@given(people=GROUPS)
@settings(max_examples=30, deadline=None)
def test_the_format_is_recognised_without_a_name(file: str, people: dict[str, str]) -> None:
    read = read_opinions(WRITERS[file](people).encode())
    assert {opinion.person: opinion.text for opinion in read.opinions} == people
