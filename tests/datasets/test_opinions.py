"""What a person writes down in any common format arrives as they wrote it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from acuerdo.datasets import EXAMPLES, ColumnMap, OpinionsFile, example, read_opinions
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import Critique, PersonId, Question, Rating
from acuerdo.domain.rounds import Round

TWO = {"Ana": "More trees, please.", "Ben": "Keep the parking."}
EXAMPLES_FOLDER = Path(__file__).parents[2] / "examples"


def said(read: OpinionsFile) -> dict[str, str]:
    return {opinion.person: opinion.text for opinion in read.opinions}


def read_text(text: str, **options: str) -> OpinionsFile:
    return read_opinions(text.encode(), **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_is_read_whatever_separates_cells_and_rows(delimiter: str, line_end: str) -> None:
    rows = [("person", "opinion"), *TWO.items()]
    text = line_end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    read = read_text(text, name="a.csv")
    assert said(read) == TWO
    assert any("separated" in note for note in read.notes) == (delimiter != ",")


def test_the_delimiter_is_the_one_that_yields_the_opinion_column_not_the_commonest() -> None:
    read = read_text("person;opinion\nAna;a, b, c, d\nBen;e, f\n", name="a.csv")
    assert said(read) == {"Ana": "a, b, c, d", "Ben": "e, f"}
    read = read_text("opinion;age, job, street\nYes.;5\nNo.;6\n", name="a.csv")
    assert said(read) == {"P1": "Yes.", "P2": "No."}


def test_csv_keeps_quoted_line_breaks_delimiters_and_doubled_quotes() -> None:
    text = 'person,opinion\nAna,"First,\nthen ""later""."\nBen, "Spaces before quotes, too."\n'
    assert said(read_text(text, name="a.csv")) == {
        "Ana": 'First,\nthen "later".',
        "Ben": "Spaces before quotes, too.",
    }


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(codec: str) -> None:
    content = "nombre;opinión\nJosé;Más árboles.\nÍñigo;No.\n".encode(codec)
    assert said(read_opinions(content)) == {"José": "Más árboles.", "Íñigo": "No."}


def test_another_encoding_is_read_when_named() -> None:
    content = "nombre;opinión\nJosé;Más árboles.\nIñigo;No.\n".encode("cp1252")
    read = read_opinions(content, encoding="windows-1252")
    assert said(read)["José"] == "Más árboles."
    assert "decoded as windows-1252" in read.notes


JSON_SHAPES: Mapping[str, object] = {
    "list of objects": [{"person": p, "opinion": t} for p, t in TWO.items()],
    "other names and more fields": [
        {"participant_id": p, "survey_text": t, "age": 40, "tags": ["x"]} for p, t in TWO.items()
    ],
    "person to text": TWO,
    "sections": {"opinions": [{"name": p, "comment": t} for p, t in TWO.items()]},
    "sections with a mapping": {"question": "?", "opinions": TWO},
}


@pytest.mark.parametrize("shape", JSON_SHAPES)
def test_json_shapes_say_the_same(shape: str) -> None:
    content = json.dumps(JSON_SHAPES[shape])
    assert said(read_text(content, name="a.json")) == TWO
    assert said(read_text(content)) == TWO, "recognised without a name, too"


def test_jsonl_is_read_by_line_even_when_called_json() -> None:
    lines = "\n".join(json.dumps({"person": p, "opinion": t}) for p, t in TWO.items())
    for name in ("a.jsonl", "a.json", ""):
        assert said(read_text(lines + "\n\n", name=name)) == TWO


@pytest.mark.parametrize(
    "content", ['["One.", "Two."]', '"One."\n"Two."\n', "One.\nTwo.\n", "opinion\nOne.\nTwo.\n"]
)
def test_people_without_a_name_are_called_by_row(content: str) -> None:
    format_ = "jsonl" if content.startswith('"') else ""
    read = read_text(content, format=format_)
    assert said(read) == {"P1": "One.", "P2": "Two."}
    assert "people without a name are called P1, P2, … by row" in read.notes


def test_a_neutral_name_never_collides_with_a_given_one() -> None:
    read = read_text("person,opinion\nP2,One.\n,Two.\n", name="a.csv")
    assert said(read) == {"P2": "One.", "P2'": "Two."}


def test_blank_lines_make_paragraphs() -> None:
    read = read_text("\nOne\nlonger.\n\nTwo.\n", name="a.txt")
    assert said(read) == {"P1": "One\nlonger.", "P2": "Two."}
    assert "read as plain text, one opinion a paragraph" in read.notes


def test_names_before_colons_count_only_if_every_entry_has_one() -> None:
    assert said(read_text("Ana López: Yes.\nBen: No: never.\n")) == {
        "Ana López": "Yes.",
        "Ben": "No: never.",
    }
    assert list(said(read_text("Ana: Yes.\nI say no.\n"))) == ["P1", "P2"]
    sentence = "What I would like to see: trees.\nBen: No.\n"
    assert list(said(read_text(sentence))) == ["P1", "P2"]


def test_empty_opinions_are_absences_and_empty_rows_are_skipped() -> None:
    read = read_text("person,opinion\nAna,Yes.\nCleo,\u200b \n,\n\nBen,No.\n", name="a.csv")
    assert said(read) == {"Ana": "Yes.", "Ben": "No."}
    assert read.roster == (PersonId("Cleo"),)
    assert read.notes == ("row 3: Cleo gave no opinion and counts as absent",)


def test_null_and_missing_fields_are_absences() -> None:
    entries = [
        {"id": 1, "text": "Yes."},
        {"id": 2, "text": None},
        {"id": 3},
        {"id": 4, "text": "No"},
    ]
    read = read_text(json.dumps(entries))
    assert list(said(read)) == ["1", "4"]
    assert read.roster == ("2", "3")


def test_well_known_columns_of_other_programs_are_recognised() -> None:
    polis = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n"
    rows = "1,x,0,7,3,1,1,More trees.\n2,x,1,8,2,2,1,No cars.\n"
    assert said(read_text(polis + rows)) == {"7": "More trees.", "8": "No cars."}
    city = "id,comment\n1,Yes.\n2,No.\n"
    assert said(read_text(city)) == {"1": "Yes.", "2": "No."}
    habermas = "worker_id,own_opinion.text\na,Yes.\nb,No.\n"
    read = read_text(habermas)
    assert said(read) == {"a": "Yes.", "b": "No."}
    assert read.columns.opinion == "own_opinion.text"
    assert "column 'own_opinion.text' read as the opinion" in read.notes


def test_a_specific_name_wins_over_a_general_one() -> None:
    read = read_text("id,name,data,opinion\n1,Ana,x,Yes.\n2,Ben,y,No.\n")
    assert said(read) == {"Ana": "Yes.", "Ben": "No."}


def test_columns_can_be_named() -> None:
    text = "who;what;comment\nAna;Yes.;x\nBen;No.;y\n"
    read = read_opinions(text.encode(), columns=ColumnMap(person="Who", opinion="what"))
    assert said(read) == {"Ana": "Yes.", "Ben": "No."}


def test_a_named_column_is_not_recognised_for_another_role() -> None:
    text = "id,name\nAna,few cars\nBen,more cars\n"
    read = read_opinions(text.encode(), columns=ColumnMap(opinion="name"))
    assert said(read) == {"Ana": "few cars", "Ben": "more cars"}


def test_a_general_column_beside_the_opinions_is_not_a_critique() -> None:
    read = read_text("person,opinion,feedback\nAna,Yes.,nice survey\nBen,No.,too long\n")
    assert said(read) == {"Ana": "Yes.", "Ben": "No."}
    assert read.critiques == ()


def test_a_file_can_carry_the_whole_round() -> None:
    content = {
        "question": "More trees?",
        "previous": "We plant ten trees.",
        "opinions": TWO,
        "critiques": {"Ana": "Too few.", "Ben": ""},
        "ratings": [{"person": "Ana", "candidate": "We plant ten trees.", "rating": 5}],
    }
    read = read_text(json.dumps(content))
    assert read.question == "More trees?"
    assert read.previous == "We plant ten trees."
    assert read.critiques == (Critique(PersonId("Ana"), "Too few."),)
    assert read.ratings == (Rating(PersonId("Ana"), "We plant ten trees.", 5.0),)


def test_a_table_can_carry_question_previous_statement_and_critiques() -> None:
    text = (
        "question,previous_statement,person,opinion,critique\n"
        "Trees?,Ten trees.,Ana,Yes.,Too few.\n"
        ",,Ben,No.,\n"
        "Trees?,Ten trees.,Cleo,,Where?\n"
    )
    read = read_text(text, name="a.csv")
    assert (read.question, read.previous) == ("Trees?", "Ten trees.")
    assert [critique.person for critique in read.critiques] == ["Ana", "Cleo"]
    assert read.roster == ("Cleo",), "a late joiner criticises without having given an opinion"


def test_a_late_joiner_without_a_name_is_absent_not_lost() -> None:
    read = read_text("opinion,critique\nYes.,\nNo.,\n,Where?\n", name="a.csv")
    assert read.critiques == (Critique(PersonId("P3"), "Where?"),)
    assert read.roster == ("P3",)


def test_streams_and_paths_are_read_alike(tmp_path: Path) -> None:
    content = "person,opinion\nAna,Yes.\nBen,No.\n"
    path = tmp_path / "a.csv"
    path.write_text(content)
    assert read_opinions(path) == read_opinions(io.BytesIO(content.encode()), name="a.csv")


class _Dripping(io.BytesIO):
    """A pipe that hands out a few bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size if size is not None and size >= 0 else 3))


def test_a_dripping_pipe_is_read_to_its_end() -> None:
    assert said(read_opinions(_Dripping(b"person,opinion\nAna,Yes.\nBen,No.\n"))) == {
        "Ana": "Yes.",
        "Ben": "No.",
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_bundled_examples_make_a_round(name: str) -> None:
    read = example(name)
    round_ = Round(Question(read.question), read.opinions)
    assert len(round_.people) == 5


def test_an_unknown_example_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match="bike_lane"):
        example("../bike_lane")


def test_the_example_files_say_what_the_bundled_example_says() -> None:
    for file in ("bike_lane.csv", "bike_lane.json"):
        assert read_opinions(EXAMPLES_FOLDER / file).opinions == example("bike_lane").opinions
    assert len(read_opinions(EXAMPLES_FOLDER / "comedor.jsonl").opinions) == 5
    assert len(read_opinions(EXAMPLES_FOLDER / "library.txt").opinions) == 4
