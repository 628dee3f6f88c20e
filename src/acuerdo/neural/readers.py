"""How a network reads a question, an opinion and a statement: as one row of tokens.

Texts are turned into tokens once each; rows are put together from those. Where a row would be too
long, the opinion gives way first, then the question; only then is the statement cut, and counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

Tokens = list[int]

OPINION_FLOOR: Final = 8
"""An opinion keeps at least this part (one in ...) of the row, before a question is cut."""


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of one row, their segments (0 what is known of the person, 1 the statement), and how
    many tokens of the opinion, question and statement did not fit."""

    ids: Tokens
    types: Tokens
    cut_opinion: int = 0
    cut_question: int = 0
    cut_statement: int = 0


Tokenizer = Callable[..., Mapping[str, Any]]
"""The part of a transformers tokenizer that is used: texts in, "input_ids" out."""


class Reader(Protocol):
    """Makes tokens of texts, and rows of tokens."""

    @property
    def max_tokens(self) -> int: ...

    def tokens(self, texts: Sequence[str]) -> list[Tokens]: ...

    def row(self, question: Tokens, opinion: Tokens, statement: Tokens) -> Row: ...


def asked(question: str, context: str) -> str:
    """Return the question as networks read it: behind the background it refers to."""
    return f"{context.strip()}\n{question.strip()}" if context.strip() else question.strip()


def kept(room: int, question: int, opinion: int, statement: int) -> tuple[int, int, int]:
    """Return how many tokens of question, opinion and statement fit into `room`.

    >>> kept(100, 20, 200, 30)
    (20, 50, 30)
    >>> kept(100, 80, 50, 60)
    (28, 12, 60)
    >>> kept(100, 80, 50, 120)
    (0, 12, 88)
    """
    own = min(opinion, max(room - question - statement, room // OPINION_FLOOR))
    asked_ = min(question, max(room - own - statement, 0))
    return asked_, own, min(statement, room - own - asked_)


class PairReader:
    """Rows of two segments for encoders: question and opinion | statement."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._start, self._middle, self._end = _specials(tokenizer)
        self._room = max_tokens - len(self._start) - len(self._middle) - len(self._end)

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the tokens of each text, without special ones."""
        return _tokens(self._tokenizer, texts)

    def row(self, question: Tokens, opinion: Tokens, statement: Tokens) -> Row:
        """Put tokens together into one row of at most `max_tokens`."""
        asked_, own, said = kept(self._room, len(question), len(opinion), len(statement))
        first = [*self._start, *question[:asked_], *opinion[:own], *self._middle[:1]]
        second = [*self._middle[1:], *statement[:said], *self._end]
        return Row(
            ids=first + second,
            types=[0] * len(first) + [1] * len(second),
            cut_opinion=len(opinion) - own,
            cut_question=len(question) - asked_,
            cut_statement=len(statement) - said,
        )


class PromptReader:
    """Rows for causal models: a prompt that ends where the statement begins, and the statement.

    The prompt's room does not depend on the statement, so that statements can share it. A statement
    may take half of the row.
    """

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._start, _, _ = _specials(tokenizer)
        pieces = ("Question:", "\nOpinion:", "\nStatement:", "\nAgreement:")
        self._question, self._opinion, self._statement, self._end = _tokens(tokenizer, pieces)
        self._room = max_tokens // 2 - len(self._end)
        fixed = (self._start, self._question, self._opinion, self._statement)
        self._prompt_room = max_tokens - max_tokens // 2 - sum(map(len, fixed))

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the tokens of each text as it stands behind a colon."""
        return _tokens(self._tokenizer, [f" {text}" for text in texts])

    def prompt(self, question: Tokens, opinion: Tokens) -> Row:
        """Return what all statements share."""
        asked_, own, _ = kept(self._prompt_room, len(question), len(opinion), 0)
        ids = [
            *self._start,
            *self._question,
            *question[:asked_],
            *self._opinion,
            *opinion[:own],
            *self._statement,
        ]
        cut_opinion, cut_question = len(opinion) - own, len(question) - asked_
        return Row(ids, [0] * len(ids), cut_opinion=cut_opinion, cut_question=cut_question)

    def ending(self, statement: Tokens) -> Row:
        """Return what follows the prompt."""
        ids = [*statement[: self._room], *self._end]
        return Row(ids, [1] * len(ids), cut_statement=max(len(statement) - self._room, 0))

    def row(self, question: Tokens, opinion: Tokens, statement: Tokens) -> Row:
        """Put tokens together into one row of at most `max_tokens`."""
        prompt, ending = self.prompt(question, opinion), self.ending(statement)
        return Row(
            ids=prompt.ids + ending.ids,
            types=prompt.types + ending.types,
            cut_opinion=prompt.cut_opinion,
            cut_question=prompt.cut_question,
            cut_statement=ending.cut_statement,
        )


def _tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Tokens]:
    if not texts:
        return []
    found = tokenizer(list(texts), add_special_tokens=False, verbose=False)
    return [list(ids) for ids in found["input_ids"]]


def _specials(tokenizer: Tokenizer) -> tuple[Tokens, Tokens, Tokens]:
    """Return the special tokens before, between and after two texts, learned from an example: how
    they are set differs from tokenizer to tokenizer."""
    found = tokenizer("a", "a", return_special_tokens_mask=True)
    ids, special = list(found["input_ids"]), list(found["special_tokens_mask"])
    plain = [place for place, flag in enumerate(special) if not flag]
    gap = next((p for p, q in itertools.pairwise(plain) if q > p + 1), plain[0])
    after = next((q for q in plain if q > gap), plain[-1] + 1)
    return ids[: plain[0]], ids[gap + 1 : after] if gap != after else [], ids[plain[-1] + 1 :]
