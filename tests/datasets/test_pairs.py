"""Tables of people and statements: grouped by question, whatever the order, delimiter, encoding."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acuerdo.datasets import READERS, ColumnMap, PairsFile, read_pairs
from acuerdo.domain.errors import Cancelled, InputError
from acuerdo.domain.sheets import Sheet
from acuerdo.domain.text import canonical
from acuerdo.ports import Progress, Unwatched

TABLE = """question,person,opinion,statement,rating,note
Trees?,Ana,"Plant more, please.",We plant ten trees.,6,"a, b"
Buses?,Ana,Free at night.,Buses are free.,,x
Trees?,Ben,,We plant ten trees.,,
Trees?,Ana,,We plant none.,,
Trees?,Ben,No more trees!,We plant none.,7,
"""


def pairs_of(text: str, **options: object) -> PairsFile:
    return read_pairs(text.encode(), name="t.csv", **options)


def sheets_of(text: str, **options: object) -> list[tuple[list[int], Sheet]]:
    with pairs_of(text, **options) as pairs:
        return [(rows.tolist(), sheet) for rows, sheet in pairs.sheets()]


def test_rows_are_grouped_by_question_in_order_of_appearance() -> None:
    (of_trees, trees), (of_buses, buses) = sheets_of(TABLE)
    assert (of_trees, of_buses) == ([0, 2, 3, 4], [1])
    assert (trees.question, buses.question) == ("Trees?", "Buses?")
    assert trees.opinions == ("Plant more, please.", "No more trees!")
    assert trees.statements == ("We plant ten trees.", "We plant none.")
    assert trees.person.tolist() == [0, 1, 0, 1]
    assert trees.statement.tolist() == [0, 0, 1, 1]
    np.testing.assert_array_equal(trees.ratings, [6, np.nan, np.nan, 7])
    assert buses.opinions == ("Free at night.",)


def test_the_cells_come_back_as_written_as_often_as_wanted() -> None:
    with pairs_of(TABLE) as pairs:
        for _ in range(2):
            cells = list(pairs.cells())
            assert cells[0][1:3] == ["Ana", "Plant more, please."]
            assert [row[5] for row in cells] == ["a, b", "x", "", "", ""]
        assert pairs.header[-1] == "note"
        assert len(pairs) == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_delimiters_and_encodings_are_recognised_or_named(delimiter: str, encoding: str) -> None:
    text = 'Note ü;question;person;opinion;statement\n;Bäume?;Zoë;"Ja; immer";Mehr Bäume!\n'
    content = text.replace(";", delimiter).encode(encoding)
    named = encoding if encoding == "latin-1" else ""
    with read_pairs(content, encoding=named) as pairs:
        ((_, sheet),) = pairs.sheets()
        assert (sheet.question, sheet.statements) == ("Bäume?", ("Mehr Bäume!",))
        assert sheet.opinions == (canonical(f"Ja{delimiter} immer"),)
        assert pairs.header[0] == "Note ü"


@pytest.mark.parametrize("delimiter", [";", "semicolon"])
def test_a_delimiter_can_be_named(delimiter: str) -> None:
    text = "a,question;b,statement;opinion\nTrees?;Yes.;No.\n"
    columns = ColumnMap(question="a,question", statement="b,statement")
    ((_, sheet),) = sheets_of(text, delimiter=delimiter, columns=columns)
    assert (sheet.question, sheet.statements, sheet.opinions) == ("Trees?", ("Yes.",), ("No.",))


def test_standard_input_is_copied_and_read_twice() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with read_pairs(Pipe(TABLE.encode())) as pairs:
        assert len(list(pairs.cells())) == len(pairs) == 5


def test_another_context_is_another_sheet() -> None:
    text = "question,background,person,opinion,statement\nQ,A,Ana,Yes,S\nQ,B,Ana,No,S\nQ,A,Ben,,S\n"
    first, second = (sheet for _, sheet in sheets_of(text))
    assert (first.context, second.context) == ("A", "B")
    assert first.opinions == ("Yes", "")
    assert second.opinions == ("No",)


def test_without_names_each_distinct_opinion_is_a_person() -> None:
    text = "question,opinion,statement\nQ,Yes,S\nQ,No,S\nQ,Yes,T\nQ,,S\nQ,,T\n"
    with pairs_of(text) as pairs:
        ((_, sheet),) = pairs.sheets()
        assert any("each distinct opinion is one" in note for note in pairs.notes)
    assert sheet.opinions == ("Yes", "No", "", "")
    assert sheet.person.tolist() == [0, 1, 0, 2, 3]


def test_a_blank_name_is_said_and_never_mixed_with_a_named_person() -> None:
    text = "question,person,opinion,statement\nQ,Ana,Yes,S\nQ, ,Yes,S\n"
    with pairs_of(text) as pairs:
        ((_, sheet),) = pairs.sheets()
        assert pairs.notes == ("1 row names no person: each distinct opinion among them is one",)
    assert sheet.person.tolist() == [0, 1]


def test_spellings_that_read_the_same_are_one_text() -> None:
    text = "question,person,opinion,statement\nQ,Ana,Yes  sir,S\n Q ,Ana,Yes sir ,S\u200b\n"
    ((rows, sheet),) = sheets_of(text)
    assert rows == [0, 1]
    assert (sheet.opinions, sheet.statements) == (("Yes sir",), ("S",))


@pytest.mark.parametrize(
    ("rows", "where", "what"),
    [
        ("Q,Ana,Yes,S,8", "row 2, column 'rating'", "not a rating from 1 to 7"),
        ("Q,Ana,Yes,S,nan", "row 2, column 'rating'", "not a rating"),
        ("Q,Ana,Yes,S,much", "row 2, column 'rating'", "'much'"),
        ("Q,Ana,Yes,S,0.9", "row 2, column 'rating'", "not a rating"),
        ("Q,Ana,Yes,S,\n,Ana,Yes,S,", "row 3, column 'question'", "no question"),
        ("Q,Ana,Yes,\u200b,", "row 2, column 'statement'", "no statement"),
        ("Q,Ana,Yes,S,,more", "row 2", "5 columns in row 1, but 6"),
        ("Q,Ana,Yes,S", "row 2", "but 4 in this one"),
        ('Q,Ana,"Yes,S,\n', "row 2 (line 2)", "cannot be read"),
        ("Q,Ana,Yes,S,\n\nQ,Ben,No,S,\nQ,Ana,No,T,", "row 5, column 'opinion'", "in row 2"),
        ("Q,Ana,,S,\nQ,Ana,Yes,S,\nQ,Ana,No,T,", "row 4, column 'opinion'", "in row 3"),
        (f"Q,Ana,{'x' * 10_001},S,", "row 2, column 'opinion'", "10,001 characters"),
        ("Q,Ana,Y\0es,S,", "line 2", "zero bytes"),
        ("", "t.csv", "no rows"),
    ],
)
def test_errors_name_the_row_and_the_column(rows: str, where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        pairs_of(f"question,person,opinion,statement,rating\n{rows}\n")
    assert caught.value.where.startswith("t.csv")
    assert caught.value.where.endswith(where)
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04xl/workbook", "Excel workbook"),
        (b"question,person,opinion\nQ,A,Y\n", "as the statement"),
        (b"a,b\n1,2\n", "as the question or the opinion or the statement"),
        (b"question,opinion,statement,Statement\nQ,O,S,S\n", "more than one column"),
    ],
)
def test_tables_that_cannot_be_used(content: bytes, what: str) -> None:
    with pytest.raises(InputError, match=what):
        read_pairs(content)


def test_what_does_not_decode_is_named_by_byte_and_line_wherever_it_stands() -> None:
    rows = b"Q,A,Yes,S\n" * 120_000
    content = b"question,person,opinion,statement\n" + rows + b"Q,A,Yes,caf\xe9\n"
    with pytest.raises(InputError) as caught:
        read_pairs(content, name="t.csv")
    assert caught.value.where == "t.csv, line 120002"
    assert caught.value.what == f"byte {content.index(0xE9) + 1} (E9) is not UTF-8 text"
    assert "café" in caught.value.fix


def test_a_file_that_is_not_there_and_an_encoding_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_pairs(tmp_path / "nowhere.csv")
    with pytest.raises(InputError, match="not a text encoding"):
        read_pairs(TABLE.encode(), encoding="klingon")
    with pytest.raises(InputError, match="does not separate cells"):
        read_pairs(TABLE.encode(), delimiter="#")


def test_a_file_that_changes_between_the_passes_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TABLE)
    with read_pairs(file) as pairs:
        file.write_text(TABLE + "Trees?,Cem,,We plant none.,,\n")
        with pytest.raises(InputError, match="changed"):
            list(pairs.cells())


def test_rated_rows_become_judgements(tmp_path: Path) -> None:
    file = tmp_path / "town.csv"
    file.write_text(TABLE + "Trees?,,Some.,We plant none.,strongly agree,\nTrees?,Eva,,Ten.,3,\n")
    table = READERS["csv"](file)
    assert [(row.person, row.opinion, row.statement, row.value) for row in table.rows()] == [
        ("Ana", "Plant more, please.", "We plant ten trees.", 6.0),
        ("Ben", "No more trees!", "We plant none.", 7.0),
        ("row 7", "Some.", "We plant none.", 7.0),
    ]
    assert (table.source.texts, table.scale.texts) == (("town",), ("agreement",))
    assert table.conversation.texts == ("Trees?",)


def test_a_table_without_ratings_cannot_be_learned_from() -> None:
    text = "question,opinion,statement\nQ,Yes,S\n"
    with pairs_of(text) as pairs, pytest.raises(InputError, match="no row has both"):
        pairs.judgements("t")


class Watching(Unwatched):
    def __init__(self, stop: bool = False) -> None:
        self.stop, self.seen = stop, list[Progress]()

    def report(self, progress: Progress) -> None:
        self.seen.append(progress)

    def stopped(self) -> bool:
        return self.stop


def test_reading_is_watched_and_can_be_stopped() -> None:
    watch = Watching()
    pairs_of(TABLE, watch=watch).table.close()
    assert (watch.seen[-1].stage, watch.seen[-1].done) == ("read", len(TABLE.encode()))
    with pytest.raises(Cancelled):
        pairs_of(TABLE, watch=Watching(stop=True))


PIECES = (
    *(b",", b";", b"\t", b'"', b"\n", b"\r", b"\r\n", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"8"),
    *(b"7", b"question", b"opinion", b"statement", b"rating", b"\xe9", b" ", "ñ".encode()),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    content = draw(st.sampled_from((TABLE.encode(), TABLE.encode("utf-16"), TABLE[:60].encode())))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 12)))
        content = content[:start] + draw(st.sampled_from((b"", *PIECES))) + content[end:]
    return content


@given(
    st.one_of(st.binary(max_size=100), mutated()),
    st.sampled_from(("", "utf-8", "utf-16", "utf-7", "cp1252", "gb18030", "shift_jis")),
)
@settings(max_examples=150, deadline=None)
def test_whatever_bytes_come_in_every_row_is_on_one_sheet_or_it_is_an_input_error(
    content: bytes, encoding: str
) -> None:
    try:
        pairs = read_pairs(content, name="any", encoding=encoding)
    except InputError as error:
        assert error.what and error.where.startswith("any")
        return
    with pairs:
        rows = [row for found, _ in pairs.sheets() for row in found.tolist()]
        assert sorted(rows) == list(range(len(pairs)))
        assert len(list(pairs.cells())) == len(pairs)
