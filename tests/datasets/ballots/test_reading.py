"""Ballot files are read as written, everything assumed is said, and every fault is located."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acuerdo.datasets.ballots import FORMATS, Format, Scale, read_ballots
from acuerdo.domain.errors import InputError

EXAMPLES = Path(__file__).parents[3] / "examples"
SOC = """# FILE NAME: x.soc
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 5
# NUMBER UNIQUE ORDERS: 2
# ALTERNATIVE NAME 1: Tea
# ALTERNATIVE NAME 2: Milk: cold
# ALTERNATIVE NAME 3: Water
3: 3,1,2
2: 1,2,3
"""
OLD_TOI = "3\n1,Tea\n2,Milk\n3,Water\n5,5,2\n3,{1,2},3\n2,3\n"
CAT_OF_TWO = """# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 3
# NUMBER UNIQUE PREFERENCES: 2
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
# ALTERNATIVE NAME 1: Tea
# ALTERNATIVE NAME 2: Milk
# ALTERNATIVE NAME 3: Water
2: {1,2},3
1: {},{1,2}
"""


def read(text: str, name: str = "x.csv") -> tuple[tuple[str, ...], list[list[int]]]:
    found = read_ballots(text.encode(), name=name)
    return found.ballots.names, found.ballots.ranks.tolist()


def test_preflib_orders_keep_names_with_colons_and_counts() -> None:
    found = read_ballots(SOC.encode(), name="x.soc")
    assert found.ballots.names == ("Tea", "Milk: cold", "Water")
    assert found.ballots.ranks.tolist() == [[1, 2, 0], [0, 1, 2]]
    assert found.ballots.counts.tolist() == [3, 2]
    assert found.assumed == ()


def test_the_header_before_2022_is_understood() -> None:
    assert read(OLD_TOI, "x.toi") == (("Tea", "Milk", "Water"), [[0, 0, 1], [-1, -1, 0]])


def test_two_categories_become_tied_ranks_and_no_ratings() -> None:
    found = read_ballots(CAT_OF_TWO.encode(), name="x.cat")
    assert found.ballots.ranks.tolist() == [[0, 0, 1], [0, 0, -1]]
    assert found.ballots.ratings is None
    assert "categories read as ranks" in found.assumed[0]


def test_seven_categories_become_ratings() -> None:
    text = CAT_OF_TWO.replace("CATEGORIES: 2", "CATEGORIES: 7").replace(
        "1: {},{1,2}", "1: {},{1},{},{},{},{2},{3}"
    )
    ratings = read_ballots(text.encode(), name="x.cat").ballots.ratings
    assert ratings is not None
    np.testing.assert_array_equal(ratings, [[7, 7, 6], [6, 2, 1]])


def test_abif_reads_names_ties_and_gaps() -> None:
    found = read_ballots(EXAMPLES / "ballots.abif")
    assert found.ballots.names == ("Green tea", "Coffee", "Hot chocolate")
    assert found.ballots.ranks.tolist() == [[0, 1, 2], [1, 0, 1], [1, -1, 0]]
    assert found.ballots.counts.tolist() == [5, 4, 3]


def test_a_hash_inside_a_name_starts_no_comment() -> None:
    names, ranks = read(
        "=c : [C# or F#]  # a comment\n=Java : [Java]\n2:c>Java # why not", "x.abif"
    )
    assert (names, ranks) == (("C# or F#", "Java"), [[0, 1]])


@pytest.mark.parametrize(
    ("line", "ranks", "rated"),
    [
        ("2:A/7>B/3=C/3", [[0, 1, 1]], True),
        ("2:A/1,B/7,C/3", [[2, 0, 1]], True),
        ("2:A/9>B/3>C/0", [[0, 1, 2]], False),
        ("2:A/5>[B b]>C", [[0, 1, 2]], False),
        ("2:A,B>C", [[0, 0, 1]], False),
    ],
)
def test_abif_scores_become_ratings_only_if_all_are_on_the_scale(
    line: str, ranks: list[list[int]], rated: bool
) -> None:
    found = read_ballots(line.encode(), name="x.abif")
    assert found.ballots.ranks.tolist() == ranks
    assert (found.ballots.ratings is not None) == rated
    assert bool(found.assumed) == ("/" in line)


def test_a_table_of_ranks_says_that_it_was_read_so() -> None:
    found = read_ballots(b"voter,A,B,C\nx,1,2,3\ny,2,,1\n", name="x.csv")
    assert found.ballots.ranks.tolist() == [[0, 1, 2], [1, -1, 0]]
    assert found.ballots.ratings is None
    assert found.assumed == (
        "numbers read as ranks, 1 is best (--scale ratings if higher is better)",
    )


def test_a_table_of_ratings_says_that_it_was_read_so() -> None:
    found = read_ballots(EXAMPLES / "ballots.csv")
    assert found.ballots.ranks[0].tolist() == [0, 2, 1, 3]
    assert found.ballots.ratings is not None
    assert np.isnan(found.ballots.ratings[6, 3])
    assert "ratings" in found.assumed[0]


@pytest.mark.parametrize(("scale", "best"), [("ranks", 0), ("ratings", 1)])
def test_the_scale_that_was_asked_for_is_taken_without_comment(scale: Scale, best: int) -> None:
    found = read_ballots(b"A,B\n1,2\n", name="x.csv", scale=scale)
    assert found.ballots.ranks[0].tolist().index(0) == best
    assert found.assumed == ()


def test_a_count_column_counts_rankings_with_gaps() -> None:
    found = read_ballots(b"A,B,C,#\n1,5,3,4\n2,1,1,2\n", name="x.csv")
    assert found.ballots.ranks.tolist() == [[0, 2, 1], [1, 0, 0]]
    assert found.ballots.counts.tolist() == [4, 2]


def test_rank_columns_hold_names_and_may_be_skipped() -> None:
    names, ranks = read("Voter,Rank1,Rank2,Rank3\nx,A,skipped,B\ny,C,A,\n")
    assert (names, ranks) == (("A", "B", "C"), [[0, 1, -1], [1, -1, 0]])


def test_a_long_table_has_one_row_for_each_vote() -> None:
    text = "voter,candidate,rating\nx,A,7\nx,B,2\ny,B,6.5\n"
    names, ranks = read(text)
    assert (names, ranks) == (("A", "B"), [[0, 1], [-1, 0]])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_marks_line_ends_and_separators_of_spreadsheets_are_accepted(delimiter: str) -> None:
    text = "\ufeffvoter,A,B\r\nx,1,2\r\n".replace(",", delimiter)
    assert read(text) == (("A", "B"), [[0, 1]])


def test_empty_ballots_are_left_out_and_reported() -> None:
    found = read_ballots(b"voter,A,B\nx,1,2\ny,,\n", name="x.csv")
    assert found.ballots.size == 1
    assert "1 empty ballot(s) left out" in found.assumed


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        (SOC, "toi"),
        (SOC.replace("# FILE", "# DATA TYPE: soc\n# FILE"), "soc"),
        (OLD_TOI, "toi"),
        ("3:A>B\n", "abif"),
        ("A,B\n1,2\n", "csv"),
    ],
)
def test_standard_input_is_recognised_by_its_looks(text: str, format_: Format) -> None:
    found = read_ballots(text.encode())
    assert found.format == format_
    assert f"read as {format_}" in found.assumed[0]


@pytest.mark.parametrize(
    ("name", "text", "where", "what"),
    [
        ("x.csv", "", "x.csv", "empty"),
        ("x.csv", "A,B\n", "x.csv", "no ballots"),
        ("x.csv", "A,B\n,\n", "x.csv", "no ballots"),
        ("x.csv", "voter,A,B\nx,,\n", "x.csv", "not a single ballot"),
        ("x.csv", "A,B\n1,two\n", "line 2, column 'B'", "neither a rank nor a rating"),
        ("x.csv", "A,B\n1,0\n", "line 2, column 'B'", "neither a rank nor a rating"),
        ("x.csv", "A,B\n1,-2\n", "line 2, column 'B'", "neither a rank nor a rating"),
        ("x.csv", "A,B\n1,nan\n", "line 2, column 'B'", "neither a rank nor a rating"),
        ("x.csv", "A,B\n1,2\n8,9\n", "line 3", "above 7"),
        ("x.csv", "A,A\n1,2\n", "x.csv", "two candidates are called 'A'"),
        ("x.csv", "A,B\n1,2,3\n", "line 2", "3 cells"),
        ("x.csv", 'A,B\n1,"2\n', "line 2", "not a table"),
        ("x.csv", "A,B,#\n1,2,-3\n", "line 2, column '#'", "count"),
        ("x.csv", "A,B,#,count\n1,2,3,3\n", "x.csv", "mean the same"),
        ("x.csv", "voter,A,B\nx,1,2\nx,2,1\n", "line 3, column 'voter'", "second ballot"),
        ("x.csv", "candidate,rating\nA,7\n", "x.csv", "no column for the voter"),
        ("x.csv", "voter,candidate\nx,A\n", "x.csv", "no column with ranks or ratings"),
        ("x.csv", "voter,candidate,rating\nx,A,7\nx,A,6\n", "line 3", "twice"),
        ("x.csv", "voter,candidate,rating\nx,,7\n", "line 2, column 'candidate'", "empty"),
        ("x.csv", "voter,candidate,rank,rating\nx,A,1,7\n", "x.csv", "a column of ratings"),
        ("x.csv", "Rank1,Rank2\nA,A\n", "line 2, column 'Rank2'", "twice"),
        ("x.soc", SOC.replace("2: 1,2,3", "2: 1,2"), "line 9", "leaves out 1 of 3"),
        ("x.soc", SOC.replace("2: 1,2,3", "2: 1,{2,3}"), "line 9", "no ties"),
        ("x.soc", SOC.replace("2: 1,2,3", "2: 1,2,4"), "line 9", "not announced"),
        ("x.soc", SOC.replace("2: 1,2,3", "2: 1,2,2"), "line 9", "twice"),
        ("x.soc", SOC.replace("2: 1,2,3", "-2: 1,2,3"), "line 9", "number of ballots"),
        ("x.soc", SOC.replace("2: 1,2,3", "1,2,3"), "line 9", "not a ballot"),
        ("x.soc", SOC.replace("2: 1,2,3", "2: 1,{2,3"), "line 9", "cannot be read"),
        ("x.soc", SOC.replace("VOTERS: 5", "VOTERS: 6"), "x.soc", "announces 6 voters"),
        ("x.soc", SOC.replace("ORDERS: 2", "ORDERS: 3"), "x.soc", "announces 3 different"),
        ("x.soc", SOC.replace("ALTERNATIVES: 3", "ALTERNATIVES: 2"), "x.soc", "alternative 3"),
        ("x.soc", SOC.replace("NAME 3", "NAME 2"), "line 7", "second time"),
        ("x.soc", SOC.replace("Water", "Tea"), "x.soc", "two candidates"),
        ("x.soc", "# NUMBER ALTERNATIVES: 999999999\n1: 1\n", "x.soc", "999,999,999"),
        ("x.toi", "3\n1,Tea\n", "x.toi", "ends before the names"),
        ("x.toi", OLD_TOI.replace("5,5,2", "5,5"), "line 5", "three numbers"),
        ("x.cat", OLD_TOI, "x.cat", "NUMBER ALTERNATIVES"),
        ("x.abif", "5:A>>B", "line 1", "cannot be read"),
        ("x.abif", "5:A>B>A", "line 1", "twice"),
        ("x.abif", "=A : [Tea]\n5:A>B", "line 2", "not among the named"),
        ("x.abif", "=A : [Tea]\n=A : [Milk]\n5:A", "line 2", "already in use"),
        ("x.abif", "x:A>B", "line 1", "number of ballots"),
        ("x.abif", "5:A/3>B/6", "line 1", "disagree"),
        ("x.abif", "5:A/1.2.3>B", "line 1", "not a number"),
    ],
)  # fmt: skip
def test_every_fault_is_located_and_named(name: str, text: str, where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read_ballots(text.encode(), name=name)
    assert where in caught.value.where
    assert what in caught.value.what


def test_a_scale_makes_no_sense_for_files_that_say_what_they_hold() -> None:
    with pytest.raises(InputError, match="--scale"):
        read_ballots(SOC.encode(), name="x.soc", scale="ranks")
    with pytest.raises(InputError, match="asked for"):
        read_ballots(b"voter,candidate,rating\nx,A,7\n", name="x.csv", scale="ranks")


def test_files_in_another_encoding_or_of_another_kind_are_refused() -> None:
    with pytest.raises(InputError, match="UTF-8"):
        read_ballots("voter,Café\nx,1\n".encode("latin-1"), name="x.csv")
    with pytest.raises(InputError):
        read_ballots(b"PK\x03\x04" + bytes(range(256)), name="x.csv")


PIECES = st.sampled_from(
    ["A", "B", ",", ";", "\n", "1", "2", "7", ":", ">", "=", "/", "{", "}", "[", "]", "#", '"',
     "# NUMBER ALTERNATIVES: 2\n", "# ALTERNATIVE NAME 1: A\n", "Rank1", "voter", "candidate",
     "rating", " ", "9" * 30, "½", "\x00", "\x85", "-1", "1e9", "nan"]
)  # fmt: skip


@given(
    junk=st.binary(max_size=60) | st.lists(PIECES, max_size=30).map(lambda p: "".join(p).encode()),
    format_=st.sampled_from((None, *FORMATS)),
)
def test_whatever_comes_in_is_read_or_refused_in_words(junk: bytes, format_: Format | None) -> None:
    try:
        found = read_ballots(junk, format_=format_)
    except InputError as error:
        assert error.what
    else:
        assert found.ballots.size > 0
        assert (found.ballots.ranks >= 0).any(axis=1).all()
