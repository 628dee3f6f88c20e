"""Polis conversations as judgements: a person's own statements, their votes on the others'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from acuerdo.datasets.judging.building import Voters, chosen, constant, last_of_each
from acuerdo.datasets.judging.files import ExportFiles
from acuerdo.datasets.judging.polis_files import (
    PolisComment,
    PolisVotes,
    read_comments,
    read_votes,
)
from acuerdo.datasets.judging.polis_summary import AgreeSign, agree_sign, read_summary
from acuerdo.datasets.judging.wording import language_of
from acuerdo.domain.errors import InputError
from acuerdo.domain.judgements import Judgements, joined


def read_polis(
    path: Path,
    *,
    question: str = "",
    language: str = "",
    agree: AgreeSign | None = None,
    voters: Voters = "authors",
    source: str = "polis",
    licence: str = "",
) -> Judgements:
    """Read one Polis export, a folder or a ZIP archive, on the scale "vote".

    Variants: votes.csv or the matrix participant-votes.csv (also participants-votes.csv), times in
    seconds or milliseconds, further columns, raw database columns (zid, tid, pid). Texts:

    - opinion: the person's own statements, one a line; rejected ones are their words, too. Nobody
      stands behind statements marked as seeds or as anonymous. People without a statement of their
      own are left out; with `voters="all"` they are kept with the opinion "";
    - statement: every statement that moderators did not reject (-1);
    - question: `question`, else title and description from summary.csv or from a
      conversations.csv beside the folder;
    - conversation: the folder's or archive's name (and "/zid" where one file has several).

    A person's last vote on a text counts; votes on one's own statements, and on comments that
    comments.csv does not list, are left out. `agree` is the sign that means agreement; by default
    it is found by `agree_sign`. `language` by default is the one most comments name, else the one
    they seem to be in. Raises InputError naming file, row and column.
    """
    files = ExportFiles.of(path)
    about = read_summary(files)
    question = question or about.question
    if not question:
        raise InputError(
            "no file says what the conversation was about",
            where=str(path),
            fix="Pass the question.",
        )
    comments, votes = read_comments(files), read_votes(files)
    tables = []
    for zid in comments:
        if zid not in votes:
            continue
        _check_match(comments[zid], votes[zid], str(path))
        sign = agree or agree_sign(
            comments[zid], votes[zid], about.agree, database=bool(zid), where=str(path)
        )
        conversation = f"{files.name}/{zid}" if zid else files.name
        spoken = language or _language(comments[zid]) or about.language
        texts = (source, licence, conversation, spoken, question)
        tables.append(_table(comments[zid], votes[zid], sign, voters, texts))
    table = joined(tables)
    if not len(table):
        raise InputError(
            "nobody who wrote a statement voted on another",
            where=str(path),
            fix="Pass voters='all' to keep the votes of people whose own words are unknown.",
        )
    return table


def read_polis_open_data(folder: Path, *, voters: Voters = "authors") -> Judgements:
    """Read a folder of conversations, each a folder, with conversations.csv beside them.

    Every folder that has a comments.csv is read as by `read_polis`.
    """
    ExportFiles.of(folder)
    conversations = sorted(path.parent for path in folder.glob("*/comments.csv"))
    if not conversations:
        raise InputError(
            "there is no conversation in this folder",
            where=str(folder),
            fix="Name the folder that holds one folder a conversation.",
        )
    return joined(
        [
            read_polis(path, voters=voters, source="polis_open_data", licence="CC BY 4.0")
            for path in conversations
        ]
    )


def _check_match(comments: Mapping[str, PolisComment], votes: PolisVotes, where: str) -> None:
    if votes.comments and not set(votes.comments) & set(comments):
        raise InputError(
            "no vote is on a comment that comments.csv lists",
            where=where,
            fix="Put comments and votes of the same conversation together.",
        )


def _language(comments: Mapping[str, PolisComment]) -> str:
    declared = Counter(comment.language for comment in comments.values() if comment.language)
    if declared:
        return declared.most_common(1)[0][0]
    return language_of(comment.text for comment in comments.values())


def _table(
    comments: Mapping[str, PolisComment],
    votes: PolisVotes,
    sign: AgreeSign,
    voters: Voters,
    texts: tuple[str, str, str, str, str],
) -> Judgements:
    source, licence, conversation, language, question = texts
    own: dict[str, list[str]] = {}
    for comment in comments.values():
        if comment.author and comment.text:
            own.setdefault(comment.author, []).append(comment.text)

    # Comments of the same text are one statement.
    statements: dict[str, int] = {}
    judged = np.full(len(votes.comments), -1)
    for place, comment_id in enumerate(votes.comments):
        found = comments.get(comment_id)
        if found is not None and found.text and not found.rejected:
            judged[place] = statements.setdefault(found.text, len(statements))

    statement = judged[votes.comment] if len(votes.comment) else votes.comment
    rows = np.flatnonzero(statement >= 0)
    person, statement, value = votes.voter[rows], statement[rows], votes.vote[rows]
    last = last_of_each(person, statement)
    person, statement, value = person[last], statement[last], value[last]

    mine = [
        voter * len(statements) + statements[text]
        for voter, name in enumerate(votes.voters)
        for text in own.get(name, ())
        if text in statements
    ]
    kept = ~np.isin(person * len(statements) + statement, mine)
    if voters == "authors":
        kept &= np.array([name in own for name in votes.voters], dtype=bool)[person]
    person, statement, value = person[kept], statement[kept], value[kept]

    size = len(value)
    return Judgements(
        source=constant(source, size),
        licence=constant(licence, size),
        conversation=constant(conversation, size),
        language=constant(language, size),
        question=constant(question, size),
        context=constant("", size),
        person=chosen([f"{conversation}/{name}" for name in votes.voters], person),
        opinion=chosen(["\n".join(own.get(name, ())) for name in votes.voters], person),
        statement=chosen(list(statements), statement),
        scale=constant("vote", size),
        value=sign * value + 0.0,
    )
