"""Dialogues: own answer, context, votes and choices between two answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import read_polarized_issues, read_polarized_preferences
from acuerdo.domain.errors import InputError
from tests.datasets.judging.exports import write

WHY = "Please explain why you chose this answer."
FILES = {
    "opinions.csv": f"""\
question_id,question,participant_id,thought_id,text
q1,{WHY},a,t1,Because people need parks.
q1,{WHY},b,t2,Cars are how I get to work.
q1,{WHY},c,t3,Parks are dear.
q2,What else?,a,t4,Buses.
q2,What else?,b,t5,Parking.
""",
    "votes.csv": """\
question_id,participant_id,thought_id,vote
q1,a,t2,-1
q1,a,t1,1
q1,b,t1,1
q1,b,t1,-1
q2,a,t5,-1
q2,c,t5,1
q1,a,gone,1
""",
    "preferences.csv": """\
question_id,participant_id,thought_a,thought_b,vote
q1,a,t2,t3,Thought A
q1,b,t1,t3,Thought B
q1,c,t1,t2,I disagree with both
q1,a,t3,t2,I'm not sure
q1,a,t1,t2,Thought A
q1,a,gone,t2,Thought A
""",
    "participants.csv": f"""\
\ufeff"Name","Town"
"Title","The future of our town"

"","","Participant Id","Age?","Should we have more parks?","{WHY}","Sentiment","What else?"
"","","a","40","Yes","Because people need parks.","Neutral","Buses."
""",
}


def test_votes_become_judgements_with_context(tmp_path: Path) -> None:
    write(tmp_path / "town", FILES)
    table = read_polarized_issues(tmp_path)
    assert [(row.person, row.opinion, row.statement, row.value) for row in table.rows()] == [
        ("a", "Because people need parks.", "Cars are how I get to work.", -1.0),
        ("b", "Cars are how I get to work.", "Because people need parks.", -1.0),
        ("a", "Buses.", "Parking.", -1.0),
    ]
    assert {(row.question, row.context) for row in table.rows()} == {
        (WHY, "The future of our town. Should we have more parks?"),
        ("What else?", "The future of our town"),
    }
    assert table.conversation.texts == ("town",)
    assert table.scale.texts == ("binary",)


def test_without_a_table_of_participants_there_is_no_context(tmp_path: Path) -> None:
    write(tmp_path / "town", {k: v for k, v in FILES.items() if k != "participants.csv"})
    assert read_polarized_issues(tmp_path).context.texts == ("",)


def test_choices_become_comparisons(tmp_path: Path) -> None:
    write(tmp_path / "town", FILES)
    found = read_polarized_preferences(tmp_path)
    assert [(c.person, c.first, c.second, c.value) for c in found] == [
        ("a", "Cars are how I get to work.", "Parks are dear.", 1.0),
        ("b", "Because people need parks.", "Parks are dear.", -1.0),
        ("c", "Because people need parks.", "Cars are how I get to work.", 0.0),
    ]


@pytest.mark.parametrize(
    ("file", "row", "where", "what"),
    [
        ("votes.csv", "q1,a,t2,0", "votes.csv, row 9, column 'vote'", "'0' is not a vote"),
        (
            "preferences.csv",
            "q1,a,t2,t3,C",
            "preferences.csv, row 8, column 'vote'",
            "not a choice",
        ),
    ],
)
def test_errors_name_the_cell(file: str, row: str, where: str, what: str, tmp_path: Path) -> None:
    write(tmp_path / "town", {**FILES, file: f"{FILES[file]}{row}\n"})
    read = read_polarized_issues if file == "votes.csv" else read_polarized_preferences
    with pytest.raises(InputError, match=what) as caught:
        read(tmp_path)
    assert caught.value.where.endswith(where)


def test_votes_of_another_dialogue_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "town", {**FILES, "votes.csv": "participant_id,thought_id,vote\na,x,1\n"})
    with pytest.raises(InputError, match="no row is of a person and on an answer"):
        read_polarized_issues(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dialogue"):
        read_polarized_issues(tmp_path)
