"""Every variant of a Polis export is read as the same judgements."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from acuerdo.datasets import read_polis, read_polis_open_data
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgements
from tests.datasets.judging.exports import (
    BUSES,
    COMMENTS,
    EXPECTED,
    EXPORT,
    SQUARE,
    SUMMARY,
    TREES,
    VOTES,
    pack,
    write,
)

MATRIX = """\
participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2,3
a,x1,0,2,3,2,1,1,-1,,1
b,,0,1,3,2,1,1,,1,-1
c,x3,1,1,2,0,2,-1,-1,,
d,,,0,2,1,0,1,,,0
"""


def flipped(votes: str) -> str:
    """Return the votes with the opposite sign."""
    swapped = {"1": "-1", "-1": "1", "0": "0"}
    header, *rows = votes.splitlines()
    cells = [row.rsplit(",", 1) for row in rows]
    return "\n".join([header, *(f"{start},{swapped[vote]}" for start, vote in cells)])


def values(table: Judgements) -> dict[tuple[str, str], float]:
    return {(row.person.rsplit("/", 1)[1], row.statement): row.value for row in table.rows()}


def with_files(**changed: str) -> dict[str, str]:
    return {**EXPORT, **{name.replace("_csv", ".csv"): text for name, text in changed.items()}}


VARIANTS: Mapping[str, Mapping[str, str]] = {
    "polis-export/1": {
        **EXPORT,
        "summary.csv": f"{SUMMARY}vote-convention,agree=+1;disagree=-1;pass=0;format=x\n",
        "format.json": '{"vote-convention": "agree=+1;disagree=-1;pass=0"}',
    },
    "milliseconds": with_files(votes_csv=VOTES.replace("17000000", "17000000" + "000")),
    "no timestamps": with_files(
        votes_csv="\n".join(row.split(",", 2)[2] for row in VOTES.splitlines())
    ),
    "sign unflipped": with_files(votes_csv=flipped(VOTES)),
    "declared database sign": {
        **with_files(votes_csv=flipped(VOTES)),
        "format.json": '{"vote-convention": "agree=-1;disagree=1;pass=0"}',
    },
    "important": with_files(
        votes_csv="\n".join(
            row + (",important" if row.startswith("t") else ",") for row in VOTES.splitlines()
        )
    ),
    "underscores": with_files(
        comments_csv=COMMENTS.replace("comment-body", "text").replace("-id", "_id"),
        votes_csv=VOTES.replace("voter-id", "participant_id").replace("comment-id", "comment_id"),
    ),
    "matrix": {"comments.csv": COMMENTS, "participant-votes.csv": MATRIX, "summary.csv": SUMMARY},
    "matrix, other spelling": {
        "comments.csv": COMMENTS,
        "participants-votes.csv": MATRIX,
        "summary.csv": SUMMARY,
    },
    "report prefix": {
        "r4x-comments.csv": COMMENTS,
        "r4x-participant-votes.csv": MATRIX.replace("c,x3,1,1,2,0,2,-1,-1", "c,x3,1,1,2,0,2,0,0"),
        "r4x-votes.csv": VOTES,
        "r4x-summary.csv": SUMMARY,
    },
    "byte-order mark and blank rows": with_files(
        comments_csv="\ufeff" + COMMENTS, votes_csv=VOTES.replace("\n", "\n\n", 3)
    ),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_every_variant_says_the_same(variant: str, packed: bool, tmp_path: Path) -> None:
    files = VARIANTS[variant]
    path = pack(tmp_path / "town.zip", files) if packed else write(tmp_path / "town", files)
    table = read_polis(path)
    assert values(table) == EXPECTED
    assert table.conversation.texts == ("town",)
    assert table.language.texts == ("en",)
    assert table.question.texts == ("Main street: What should become of it?",)


def test_further_columns_of_comments_do_not_matter(tmp_path: Path) -> None:
    wide = [
        f"{row},is-meta,is-seed,group-informed-consensus,importance"
        if row.startswith("timestamp")
        else row
        for row in COMMENTS.replace("\nWith", " With").splitlines()
    ]
    wide = [wide[0], *(f"{row},false,false,0.5,0.1" for row in wide[1:])]
    table = read_polis(write(tmp_path / "town", with_files(comments_csv="\n".join(wide))))
    assert len(table) == len(EXPECTED)


def test_own_words_include_rejected_ones_and_nobody_judges_those(tmp_path: Path) -> None:
    table = read_polis(write(tmp_path / "town", EXPORT))
    opinions = {row.person: row.opinion for row in table.rows()}
    assert opinions == {"town/a": f"{TREES}\nBuy my lemonade!", "town/b": BUSES, "town/c": SQUARE}
    assert "Buy my lemonade!" not in table.statement.texts


def test_people_without_own_words_are_kept_on_demand(tmp_path: Path) -> None:
    table = read_polis(write(tmp_path / "town", EXPORT), voters="all")
    silent = {row.statement: row.value for row in table.rows() if not row.opinion}
    assert silent == {TREES: 1.0, SQUARE: 0.0}
    assert {row.person for row in table.rows() if not row.opinion} == {"town/d"}


def test_nobody_stands_behind_a_seed(tmp_path: Path) -> None:
    comments = "comment-id,author-id,moderated,is-seed,comment-body\n0,a,1,true,X\n1,b,1,,Y\n"
    votes = "comment-id,voter-id,vote\n0,b,1\n1,a,1\n0,a,1\n"
    files = {"comments.csv": comments, "votes.csv": votes}
    table = read_polis(write(tmp_path / "town", files), question="?")
    assert values(table) == {("b", "X"): 1.0}


@pytest.mark.parametrize("scale", [1, 1000])
def test_the_last_vote_counts_whatever_the_order_of_rows(scale: int, tmp_path: Path) -> None:
    votes = f"timestamp,comment-id,voter-id,vote\n{1700000009 * scale},0,b,-1\n1700000001,0,b,1\n"
    table = read_polis(write(tmp_path / "town", with_files(votes_csv=votes)), agree=1)
    assert values(table) == {("b", TREES): -1.0}


def test_a_statement_with_the_text_of_an_own_one_is_an_own_one(tmp_path: Path) -> None:
    comments = COMMENTS + f"1700000009,x,9,c,1,0,1,{TREES}\n"
    votes = VOTES + "1700000030,x,9,a,1\n1700000031,x,9,b,-1\n"
    table = read_polis(
        write(tmp_path / "town", with_files(comments_csv=comments, votes_csv=votes)), agree=1
    )
    # a and c both wrote it; b judged the same text twice, and the later vote counts.
    assert {key: value for key, value in values(table).items() if key[1] == TREES} == {
        ("b", TREES): -1.0
    }


def test_votes_on_comments_that_are_gone_are_left_out(tmp_path: Path) -> None:
    votes = VOTES + "1700000030,x,77,a,1\n"
    assert values(read_polis(write(tmp_path / "t", with_files(votes_csv=votes)))) == EXPECTED


def test_open_data_is_read_by_conversation(tmp_path: Path) -> None:
    catalogue = "conv,title,description,lang\na,Trees,Why?,\nb,Buses,,de\n"
    (tmp_path / "conversations.csv").write_text(catalogue, encoding="utf-8")
    for name in "ab":
        write(tmp_path / name, {"comments.csv": COMMENTS, "votes.csv": VOTES})
    table = read_polis_open_data(tmp_path)
    assert len(table) == 2 * len(EXPECTED)
    assert {(row.conversation, row.question) for row in table.rows()} == {
        ("a", "Trees: Why?"),
        ("b", "Buses"),
    }
    assert set(table.source.texts) == {"polis_open_data"}
    assert set(table.licence.texts) == {"CC BY 4.0"}
    assert set(table.person.texts) == {f"{name}/{person}" for name in "ab" for person in "abc"}


RAW = {
    "comments.csv": "tid,zid,pid,txt,mod,anon,is_seed\n0,8,0,A,1,f,t\n0,9,0,B,1,f,t\n"
    "1,9,0,C,-1,f,t\n",
    "votes.csv": "zid,pid,tid,vote,created\n8,5,0,-1,1700000000000\n9,5,0,1,1700000000000\n"
    "9,6,0,0,1700000000000\n9,6,1,-1,1700000000000\n",
}


def test_raw_database_columns_have_several_conversations(tmp_path: Path) -> None:
    table = read_polis(write(tmp_path / "j", RAW), question="?", agree=-1, voters="all")
    assert {(row.conversation, row.statement, row.value) for row in table.rows()} == {
        ("j/8", "A", 1.0),
        ("j/9", "B", -1.0),
        ("j/9", "B", 0.0),
    }


def test_raw_database_columns_need_a_declared_sign(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="agree=-1 or agree=1"):
        read_polis(write(tmp_path / "j", RAW), question="?", voters="all")


def test_counts_that_contradict_the_declaration_are_an_error(tmp_path: Path) -> None:
    files = {
        **with_files(votes_csv=flipped(VOTES)),
        "format.json": '{"vote-convention":"agree=+1"}',
    }
    path = write(tmp_path / "town", files)
    with pytest.raises(InputError, match="declares agree=\\+1"):
        read_polis(path)
    assert values(read_polis(path, agree=-1)) == EXPECTED


@pytest.mark.parametrize(
    ("files", "where", "what"),
    [
        (with_files(votes_csv=VOTES + "1,x,0,b,2\n"), "votes.csv, row 12, column 'vote'", "'2'"),
        (with_files(votes_csv=VOTES + "1,x,0,b,\n"), "votes.csv, row 12, column 'vote'", "vote"),
        (with_files(votes_csv=VOTES + "soon,x,0,b,1\n"), "row 12, column 'timestamp'", "'soon'"),
        (with_files(votes_csv=VOTES + "nan,x,0,b,1\n"), "row 12, column 'timestamp'", "'nan'"),
        (with_files(votes_csv=VOTES + "1,x,0\n"), "votes.csv, row 12", "5 columns, but 3"),
        (with_files(votes_csv=VOTES + '1,x,0,"b,1\n'), "votes.csv, row 12", "cannot be read"),
        (with_files(votes_csv=VOTES.replace("voter-id", "who")), "votes.csv", "'voter-id'"),
        (with_files(votes_csv=""), "votes.csv", "empty"),
        (
            with_files(votes_csv="comment-id,voter-id,vote\n77,a,1\n"),
            "town",
            "no vote is on a comment",
        ),
        (
            with_files(comments_csv=COMMENTS + "1,x,1,b,0,2,0,Again\n"),
            "comments.csv, row 6, column 'comment-id'",
            "'1' is there twice",
        ),
        (
            with_files(comments_csv=COMMENTS.replace(",a,2,1,1,", ",a,many,1,1,")),
            "comments.csv, row 2, column 'agrees'",
            "'many'",
        ),
        (
            {
                "comments.csv": COMMENTS,
                "summary.csv": SUMMARY,
                "participant-votes.csv": MATRIX.replace("d,,,0,2,1,0,1", "d,,,0,2,1,0,yes"),
            },
            "participant-votes.csv, row 5, column '0'",
            "'yes'",
        ),
        ({"comments.csv": COMMENTS, "votes.csv": VOTES}, "town", "what the conversation was about"),
        ({"votes.csv": VOTES, "summary.csv": SUMMARY}, "town", "no comments.csv"),
        ({"comments.csv": COMMENTS, "summary.csv": SUMMARY}, "town", "no votes.csv"),
        ({**EXPORT, "format.json": "{"}, "format.json", "not JSON"),
        ({**EXPORT, "format.json": '{"vote-convention": "?"}'}, "town", "vote convention '\\?'"),
    ],
)
def test_errors_name_file_row_and_column(
    files: Mapping[str, str], where: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=what) as caught:
        read_polis(write(tmp_path / "town", files))
    assert caught.value.where.endswith(where)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"text"])
def test_archives_that_are_none_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "town.zip"
    path.write_bytes(content)
    with pytest.raises(InputError, match="ZIP") as caught:
        read_polis(path)
    assert caught.value.where == str(path)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "town.zip", EXPORT)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(bytes(content))
    with pytest.raises(InputError):
        read_polis(path)


def test_nothing_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        read_polis(tmp_path / "missing")
    with pytest.raises(InputError, match="no conversation in this folder"):
        read_polis_open_data(tmp_path)


def test_text_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path / "town", EXPORT)
    (path / "comments.csv").write_bytes(COMMENTS.encode().replace(b"fair", b"f\xe4r"))
    with pytest.raises(InputError, match="E4") as caught:
        read_polis(path)
    assert caught.value.where.endswith("comments.csv, line 3")
