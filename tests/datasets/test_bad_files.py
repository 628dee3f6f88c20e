"""Every bad file ends in an error that names the file, the place in it, and what to do."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from acuerdo.datasets import MAX_BYTES, ColumnMap, read_opinions
from acuerdo.domain.errors import InputError
from acuerdo.domain.rounds import MAX_OPINION_CHARACTERS

HEADER = "person,opinion\n"
GOOD = HEADER + "Ana,Yes.\nBen,No.\n"


@dataclass(frozen=True)
class Bad:
    """A file's name and content, where the error has to point, and words it has to say."""

    name: str
    content: str | bytes
    where: str
    what: str
    fix: str = ""


def rows(number: int) -> str:
    return HEADER + "".join(f"Person {n},Opinion {n}.\n" for n in range(1, number + 1))


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return stream.getvalue()


LONG = "x" * 50_000
CASES = {
    # Numbers of opinions
    "empty": Bad("a.csv", "", "a.csv", "empty"),
    "blank": Bad("a.csv", " \n\n", "a.csv", "empty"),
    "only a byte-order mark": Bad("a.csv", b"\xef\xbb\xbf", "a.csv", "empty"),
    "only header": Bad("a.csv", HEADER, "a.csv", "no opinions"),
    "empty list": Bad("a.json", "[]", "a.json", "no opinions"),
    "one opinion": Bad("a.csv", HEADER + "Ana,Yes.\n", "a.csv, row 2", "1 opinion found"),
    "one line": Bad("a.txt", "Only me.\n", "a.txt, line 1", "1 opinion found"),
    "only absences": Bad("a.csv", HEADER + "Ana,\nBen,\n", "a.csv, row 2", "0 opinions found"),
    "31 opinions": Bad("a.csv", rows(31), "a.csv, row 32 and after", "31 opinions", "several"),
    "31 lines": Bad("a.txt", "\n".join(["Yes."] * 31), "a.txt, line 31 and after", "31 opinions"),
    # People and texts
    "duplicate people": Bad(
        "a.csv", GOOD + "\nAna,Again.\n", "a.csv, row 5, column 'person'", "Ana stands in row 2"
    ),
    "duplicates but for invisible characters": Bad(
        "a.csv", GOOD + "A\u200bna ,Again.\n", "a.csv, row 4, column 'person'", "Ana stands in"
    ),
    "repeated name before a colon": Bad(
        "a.txt", "Ana: Yes.\nAna: No.\n", "a.txt, line 2, field 'person'", "Ana stands in line 1"
    ),
    "repeated key": Bad("a.json", '{"Ana": "Yes.", "Ana": "No."}', "a.json", "'Ana' stands twice"),
    "long opinion": Bad(
        "a.csv",
        GOOD + f"Cleo,{LONG}\n",
        "a.csv, row 4, column 'opinion'",
        f"50,000 characters; at most {MAX_OPINION_CHARACTERS:,}",
        "Shorten",
    ),
    "long name": Bad(
        "a.csv", GOOD + f"{LONG},Yes.\n", "a.csv, row 4, column 'person'", "at most 200"
    ),
    "lone surrogate": Bad(
        "a.json",
        '["Yes.", "half \\ud800 character"]',
        "a.json, entry 2, field 'opinion'",
        "lone surrogate",
    ),
    "lone surrogate in a name": Bad(
        "a.json",
        '{"Ana": "Yes.", "\\udfff": "No."}',
        "entry '\\udfff', field 'person'",
        "surrogate",
    ),
    "two questions": Bad(
        "a.csv",
        "question,person,opinion\nTrees?,Ana,Yes.\nCars?,Ben,No.\n",
        "a.csv, row 3, column 'question'",
        "differs from the one in row 2",
    ),
    # Columns
    "missing column": Bad(
        "a.csv", "a,b\nx,y\n", "a.csv", "the columns are 'a', 'b'", "--opinion-column 'b'"
    ),
    "no header": Bad("a.csv", "Ana,Yes.\nBen,No.\n", "a.csv", "'Ana', 'Yes.'", "column names"),
    "ambiguous opinion": Bad(
        "a.csv", "answer,comment\nYes.,x\nNo.,y\n", "a.csv", "'answer', 'comment'", "--opinion"
    ),
    "ambiguous person": Bad(
        "a.csv", "name,author,opinion\nA,x,Yes.\nB,y,No.\n", "a.csv", "the person: 'name', 'author'"
    ),
    "the same column twice": Bad(
        "a.csv", "opinion,opinion\nYes.,x\nNo.,y\n", "a.csv", "more than one", "name of its own"
    ),
    # CSV
    "short row": Bad("a.csv", GOOD + "and so on\n", "a.csv, row 4", "2 columns in row 1, but 1 in"),
    "long row": Bad(
        "a.csv", GOOD + "Cleo,Yes, but.\n", "a.csv, row 4", "but 3 in this one", "quotation"
    ),
    "short row after a text of several lines": Bad(
        "a.csv", HEADER + 'Ana,"Yes.\n\nOr no."\nBen\n', "a.csv, row 3", "but 1 in this one"
    ),
    "open quote": Bad("a.csv", GOOD + 'Cleo,"Yes.\nDan,No.\n', "a.csv, row 4 (line 4)", "read"),
    "text after a quote": Bad("a.csv", GOOD + 'Cleo,"Yes" but.\n', "row 4 (line 4)", "read"),
    "huge cell": Bad("a.csv", GOOD + f"Cleo,{LONG * 3}\n", "a.csv, row 4 (line 4)", "field limit"),
    # JSON
    "syntax error": Bad("a.json", '["Yes.",\n "No."', "a.json, line 2, column 7", "not JSON"),
    "JSONL syntax error": Bad(
        "a.jsonl", '"Yes."\n\n{"a": }\n', "a.jsonl, line 3, column 7", "JSON"
    ),
    "JSONL repeated key": Bad("a.jsonl", '"Yes."\n{"a":1,"a":2}', "a.jsonl, line 2", "'a' stands"),
    "deep nesting": Bad("a.json", "[" * 100_000, "a.json", "nested too deeply"),
    "deep objects": Bad("a.json", '{"a":' * 100_000, "a.json", "nested too deeply"),
    "endless number": Bad("a.json", f"[{'9' * 5000}]", "a.json", "too many digits"),
    "number as opinion": Bad(
        "a.json",
        '[{"person": "Ana", "opinion": "Yes."}, {"person": "Ben", "opinion": 5}]',
        "a.json, entry 2, field 'opinion'",
        "a number, not text",
    ),
    "list as opinion": Bad("a.json", '{"Ana": ["Yes."]}', "entry 'Ana', field 'opinion'", "a list"),
    "truth as a name": Bad(
        "a.json", '[{"person": true, "opinion": "x"}]', "entry 1, field 'person'", "true or false"
    ),
    "list of numbers": Bad("a.json", "[1, 2]", "a.json, entry 1", "a number", "object such as"),
    "list of lists": Bad("a.json", '[["Ana", "Yes."]]', "a.json, entry 1", "a list"),
    "a single text": Bad("a.json", '"Yes."', "a.json", "are a text", "list"),
    "null": Bad("a.json", "null", "a.json", "nothing (null)"),
    "question without opinions": Bad("a.json", '{"question": "?"}', "a.json", "no opinions", "key"),
    "number as question": Bad(
        "a.json", '{"question": 5, "opinions": ["x", "y"]}', "a.json, field 'question'", "a number"
    ),
    "opinions are a number": Bad("a.json", '{"opinions": 5}', "a.json", "opinions are a number"),
    "bad opinion in a section": Bad(
        "a.json", '{"opinions": ["x", 5]}', "a.json, opinions, entry 2", "a number"
    ),
    "bad rating in a section": Bad(
        "a.json",
        '{"opinions": ["x", "y"], "ratings": [{"person": "P1", "candidate": 0, "value": 9}]}',
        "a.json, ratings, entry 1, field 'value'",
        "from 1 to 7",
    ),
    # Not text
    "Latin-1": Bad(
        "a.csv",
        (GOOD + "José,Café.\n").encode("latin-1"),
        "a.csv, line 4",
        "byte 36 (E9) is not UTF-8",
        "“José,Café.”",
    ),
    "cut off character": Bad("a.txt", "Sí.\nNo sé".encode()[:-1], "a.txt, line 2", "(C3)"),
    "odd UTF-16": Bad(
        "a.csv", GOOD.encode("utf-16")[:-1], "line 3", "not UTF-16", "again as UTF-8"
    ),
    "UTF-16 without mark": Bad("a.csv", GOOD.encode("utf-16-le"), "a.csv, line 1", "zero bytes"),
    "zero byte": Bad("a.csv", GOOD + "Cleo,\0\n", "a.csv, line 4", "zero bytes"),
    "Excel": Bad("a.xlsx", zipped("xl/workbook.xml"), "a.xlsx", "an Excel workbook", "CSV UTF-8"),
    "old Excel": Bad("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1", "a.csv", "old Excel"),
    "Word": Bad("a.docx", zipped("word/document.xml"), "a.docx", "a Word document"),
    "ZIP": Bad("a.zip", zipped("a.csv"), "a.zip", "a ZIP archive", "Unpack"),
    "PNG": Bad("a.csv", b"\x89PNG\r\n\x1a\n", "a.csv", "a PNG picture"),
    "PDF": Bad("a.pdf", b"%PDF-1.7\n", "a.pdf", "a PDF document"),
    "gzip": Bad("a.csv.gz", b"\x1f\x8b\x08\0", "a.csv.gz", "compressed"),
    "web page": Bad("a.csv", "\n<!DOCTYPE html><html>", "a.csv", "a web page"),
    "too many rows": Bad(
        "a.csv", HEADER + "x,y\n" * 100_001, "row 100002 and after", "100,000 rows"
    ),
    "too many lines": Bad("a.txt", "x\n" * 100_001, "line 100001 and after", "100,000 rows"),
    "too large": Bad("a.csv", b"x" * (MAX_BYTES + 1), "a.csv", "more than 20 MB"),
}


def refused(bad: Bad, **options: str) -> InputError:
    content = bad.content.encode() if isinstance(bad.content, str) else bad.content
    with pytest.raises(InputError) as caught:
        read_opinions(content, name=bad.name, **options)
    return caught.value


@pytest.mark.parametrize("case", CASES)
def test_bad_files_are_refused_with_place_reason_and_advice(case: str) -> None:
    bad = CASES[case]
    error = refused(bad)
    assert error.where.startswith(bad.name)
    assert error.where == bad.where or error.where.endswith(bad.where), str(error)
    assert bad.what in error.what, str(error)
    assert bad.fix in error.fix, str(error)
    assert len(str(error)) < 1000


def test_standard_input_is_called_so() -> None:
    with pytest.raises(InputError) as caught:
        read_opinions(io.BytesIO(b""))
    assert caught.value.where == "standard input"


def test_an_endless_stream_is_not_read_to_its_end() -> None:
    class Endless(io.BytesIO):
        served = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0, "an unbounded read never ends"
            self.served += min(size, 1_000_000)
            return b"x" * min(size, 1_000_000)

    stream = Endless()
    with pytest.raises(InputError, match="20 MB"):
        read_opinions(stream)
    assert stream.served == MAX_BYTES + 1


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file") as caught:
        read_opinions(tmp_path / "none.csv")
    assert caught.value.where == str(tmp_path / "none.csv")
    with pytest.raises(InputError, match="folder"):
        read_opinions(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read_opinions(tmp_path / ("x" * 1000))
    with pytest.raises(InputError, match="cannot be read"):
        read_opinions(Path("a\0b"))


def test_a_forbidden_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text(GOOD)
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may read everything

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="may not be read") as caught:
        read_opinions(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", "a\0b", "undefined"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match="not a text encoding"):
        read_opinions(GOOD.encode(), encoding=encoding)


def test_an_unknown_format_lists_the_formats() -> None:
    error = refused(Bad("a.csv", GOOD, "", ""), format="xml")
    assert "csv, json, jsonl, text" in error.fix


def test_a_column_that_does_not_exist_lists_those_that_do() -> None:
    with pytest.raises(InputError, match=r"no column 'view' .* 'person', 'opinion'"):
        read_opinions(GOOD.encode(), columns=ColumnMap(opinion="view"), name="a.csv")


def test_reading_is_bounded_by_what_a_round_needs_not_by_the_number_of_columns() -> None:
    wide = json.dumps([{f"field {n}": "x" for n in range(5_000)}] * 2)
    error = refused(Bad("a.json", wide, "", ""))
    assert "and 4988 more" in error.what
