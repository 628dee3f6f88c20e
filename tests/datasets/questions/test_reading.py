"""Corpora of questions come in from any format; what is broken is named or left out."""

from __future__ import annotations

import gzip
import io
import json
from itertools import islice
from pathlib import Path

import pytest

from acuerdo.datasets import QuestionColumns, columns_named, iter_questions, read_questions
from acuerdo.domain.errors import Cancelled, InputError
from acuerdo.domain.questions import UNSETTLED, Origin
from acuerdo.ports import Progress
from tests.datasets.questions.corpora import PUBLISHED, published_json

CSV = "id,question,topic\nq1,Should cars go?,3\nq2,Should bikes go?,\n"


def texts(source: bytes, **options: object) -> list[str]:
    return [question.text for question in read_questions(source, **options).questions]


def problem(source: bytes, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read_questions(source, name="corpus", **options)
    return caught.value


def test_the_published_form_is_read_with_its_splits_under_our_names() -> None:
    found = read_questions(published_json(), name="corpus.json")
    assert [question.split for question in found.questions] == [
        "train",
        "known_topics",
        "new_topics",
    ]
    first = found.questions[0]
    assert first.affirming == PUBLISHED[0]["affirming_statement"]
    assert first.negating == PUBLISHED[0]["negating_statement"]
    assert (first.topic, first.language) == (0, "en")
    assert first.origin == Origin(by="import", source="corpus.json")
    assert (found.notes, found.rejected) == ((), ())


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_tables_are_recognised_by_their_columns(separator: str) -> None:
    table = CSV.replace(",", separator).encode("utf-8-sig")
    found = read_questions(table).questions
    assert [(q.id, q.text, q.topic) for q in found] == [
        ("q1", "Should cars go?", 3),
        ("q2", "Should bikes go?", UNSETTLED),
    ]


def test_columns_can_be_named_and_left_out() -> None:
    table = b"nr,Frage,Thema,topic\n1,Sollen Autos weg?,Verkehr,nothing\n"
    found = read_questions(
        table, columns=columns_named(["question=frage", "area=Thema", "topic=-"]), language="de"
    )
    (question,) = found.questions
    assert (question.text, question.area, question.topic) == ("Sollen Autos weg?", "Verkehr", -1)
    assert (question.id, question.language) == ("1", "de")
    assert found.notes == (
        "column 'nr' read as the id",
        "column 'Frage' read as the question",
        "column 'Thema' read as the field of life",
    )


def test_a_language_can_be_told_from_each_text() -> None:
    table = "question,language\n¿Sí o no?,\nYes?,\nJa?,de\n".encode()
    found = read_questions(table, language=lambda text: "es" if "¿" in text else "")
    assert [question.language for question in found.questions] == ["es", "en", "de"]


def test_source_and_licence_columns_become_the_origin() -> None:
    table = b"question,source,license\nShould cars go?,a town,CC0\nShould bikes go?,,\n"
    origin = Origin(by="import", source="by default", licence="CC BY 4.0")
    first, second = read_questions(table, origin=origin).questions
    assert first.origin == Origin(by="import", source="a town", licence="CC0")
    assert second.origin == origin


def test_compressed_files_streams_and_utf_16_are_read(tmp_path: Path) -> None:
    path = tmp_path / "corpus.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    assert len(read_questions(path).questions) == 2
    assert len(read_questions(io.BytesIO(CSV.encode())).questions) == 2
    assert len(read_questions(CSV.encode("utf-16")).questions) == 2
    path.write_bytes(gzip.compress(CSV.encode())[:-12])
    with pytest.raises(InputError, match="compressed file is damaged"):
        read_questions(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"[]", "no question"),
        (b"id,question\n", "no question"),
        (b'{"id": "q1"}\n', "no column is recognised as the question"),
        (b"a,b\n1,2\n", "no column is recognised as the question"),
        (b"question,question_text\na,b\n", "more than one column could be the question"),
        (b"question\n\xe9t\xe9?\n", "not UTF-8"),
        (b"question\nWhat\0?\n", "zero bytes"),
        (b"PK\x03\x04xl/", "Excel"),
        (b"PAR1 and then nothing", "not an intact Parquet file"),
        (b'[{"question": "a?"}', "never ends"),
        (b'[{"question": "a?"},]', "not JSON"),
        (b'[{"question": "a?"}] []', "more after the end"),
        (b'"a?"', "no column is recognised"),
    ],
)
def test_files_that_hold_no_corpus_are_refused(content: bytes, said: str) -> None:
    assert said in str(problem(content))


def test_one_question_is_a_corpus() -> None:
    assert texts(b'["Should cars go?"]') == ["Should cars go?"]
    assert texts(b"question\nShould cars go?") == ["Should cars go?"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("q3,,,", "row 4, column 'question': this is missing or empty"),
        ("q3,Why?,one,", "row 4, column 'topic': 'one' is not a whole number"),
        ("q3,Why?,-7,", "row 4, column 'topic': -7 is below -1"),
        ("q3,Why?,1,test", "row 4, column 'split': 'test' is none of those"),
        ("q2,Why?,,", "row 4: the id 'q2' stands there already"),
        (f"q3,{'x' * 5000}?,,", "row 4, column 'question': this has 5,001 characters"),
        ('q3,"Why" not?,,', "row 4 (line 4): this row cannot be read"),
        ("q3,Why?", "row 4 (line 4): there are 4 columns in row 1, but 2 in this one"),
        ("q3,\u200b\u200b,,", "row 4, column 'question': this is missing or empty"),
    ],
)
def test_bad_rows_are_named_or_left_out(row: str, said: str) -> None:
    table = (
        f"id,question,topic,split\nq1,Should cars go?,0,train\nq2,Or bikes?,,\n{row}\nq9,Or?,,\n"
    )
    assert said in str(problem(table.encode()))
    found = read_questions(table.encode(), name="corpus", skip_bad=True)
    assert [question.id for question in found.questions] == ["q1", "q2", "q9"]
    assert [(one.place, str(one.problem)) for one in found.rejected] == [
        ("row 4", str(problem(table.encode())))
    ]


def test_an_open_quotation_mark_loses_its_own_row_only() -> None:
    rows = [f'q{k},"Should we do {k}?"' for k in range(200)]
    rows[17] = 'q17,"Should we do 17?'
    table = "\n".join(["id,question", *rows]).encode()
    found = read_questions(table, skip_bad=True)
    assert [question.id for question in found.questions] == [f"q{k}" for k in range(200) if k != 17]
    assert len(found.rejected) == 1


def test_one_line_in_another_encoding_loses_its_own_row_only() -> None:
    table = b"id,question\nq1,Was?\nq2,Wieso \xfcberhaupt?\nq3,Wann?\n"
    found = read_questions(table, skip_bad=True)
    assert [question.id for question in found.questions] == ["q1", "q3"]
    assert "byte 30 (FC) is not UTF-8" in found.rejected[0].problem.what
    assert len(read_questions(table, encoding="windows-1252").questions) == 3


def test_a_broken_line_of_json_loses_itself_only() -> None:
    lines = [json.dumps({"id": f"q{k}", "question": f"Why {k}?"}) for k in range(50)]
    lines[7] = lines[7][:-5]
    content = "\n".join(lines).encode()
    assert "line 8" in problem(content).where
    found = read_questions(content, skip_bad=True)
    assert len(found.questions) == 49
    assert [one.place for one in found.rejected] == ["line 8"]


@pytest.mark.parametrize("broken", ['"topic": 0,', '"id": '])
def test_a_broken_entry_of_a_list_loses_itself_only(broken: str) -> None:
    content = published_json(1000).replace(broken.encode(), b'"topic" 0,', 1)
    assert content != published_json(1000)
    found = read_questions(content, skip_bad=True)
    assert len(found.questions) == 999
    assert [one.place for one in found.rejected] == ["entry 1 (line 2)"]
    assert "line 2" in problem(content).where


def test_a_list_on_one_line_that_breaks_is_refused_rather_than_cut_short() -> None:
    content = json.dumps(PUBLISHED).replace("}, {", "} {", 1).encode()
    with pytest.raises(InputError, match="no comma"):
        read_questions(content, skip_bad=True)


def test_control_characters_and_line_breaks_leave_no_trace() -> None:
    row = json.dumps({"id": "q\x071", "question": "Should\x00 we\n\u202ego \u200bhome?"})
    (question,) = read_questions(row.encode()).questions
    assert (question.id, question.text) == ("q1", "Should we go home?")


def test_without_ids_the_same_text_has_the_same_id_anywhere() -> None:
    one = read_questions(b"question\nWhy?\nHow?\n").questions
    other = read_questions(b'["How?", "Why?"]').questions
    assert {q.text: q.id for q in one} == {q.text: q.id for q in other}
    assert "stands there already" in problem(b"question\nWhy?\nWhy?\n").what


def test_a_million_rows_would_stream() -> None:
    def endless() -> io.RawIOBase:
        class Endless(io.RawIOBase):
            number = 0

            def readable(self) -> bool:
                return True

            def readinto(self, buffer: memoryview) -> int:
                self.number += 1
                row = f'{{"id": "{self.number}", "question": "Why {self.number}?"}}\n'.encode()
                buffer[: len(row)] = row
                return len(row)

        return Endless()

    found = list(islice(iter_questions(endless(), format="jsonl"), 3000))
    assert found[-1].text == "Why 3000?"


def test_reading_can_be_stopped() -> None:
    class Stopped:
        def report(self, progress: Progress) -> None: ...

        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        read_questions(CSV.encode(), watch=Stopped())


def test_columns_are_named_as_pairs() -> None:
    assert columns_named(["id=Nr", "question=Frage"]) == QuestionColumns(id="Nr", text="Frage")
    with pytest.raises(InputError, match="does not name a column"):
        columns_named(["nonsense=Nr"])
    assert "there is no column 'Nr'" in problem(CSV.encode(), columns=QuestionColumns(id="Nr")).what
