"""Material as tokens: the very prompt that drafting uses, and the statement that should follow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from acuerdo.domain.completions import Message
from acuerdo.domain.material import Material
from acuerdo.llm import ChatWriter, read_header, recognise, template_named
from acuerdo.prompts import render_draft, reply_with
from acuerdo.train.drafting.rows import Example

CONTROL: Final = 3
NORMAL: Final = 1


class ExampleWriter:
    """Writes material as the embedded back end writes it for this model.

    `template` is the prompt's, `chat_template` the model's, recognised by its vocabulary if "".
    Raises SettingsError if there is no such template or the vocabulary is not recognised.
    """

    def __init__(self, tokenizer: Any, base: Path, template: str, chat_template: str = "") -> None:
        tokens, kinds = _vocabulary(tokenizer, base)
        chat = template_named(chat_template) if chat_template else recognise(tokens)
        self.chat_template = chat.name
        self._writer = ChatWriter(chat, tokens, kinds)
        self._marks = chat.marks
        self._tokenizer = tokenizer
        self._template = template
        self._opening = _opening(tokenizer)

    def prompt(self, messages: Sequence[Message]) -> str:
        """Return the text up to where the statement begins."""
        return self._writer.write(messages)

    def answer(self, messages: Sequence[Message], statement: str) -> str:
        """Return what should follow the prompt: the statement and the mark that ends it."""
        written = self._writer.write([*messages, Message("assistant", statement)])
        answer = written.removeprefix(self._writer.write(messages))
        ends = [answer.find(mark) + len(mark) for mark in self._marks if mark in answer]
        if ends:
            return answer[: min(ends)]
        end: str = self._tokenizer.eos_token or ""
        return answer.rstrip().removesuffix(end) + end

    def tokens_of(
        self, messages: Sequence[Message], statement: str
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return prompt and answer as tokens."""
        prompt = (*self._opening, *self._tokens(self.prompt(messages)))
        return prompt, self._tokens(self.answer(messages, statement))

    def example(self, material: Material, order: Sequence[int]) -> Example:
        """Return material as tokens, its opinions in this order."""
        round_ = material.round()
        people = [round_.opinions[place].person for place in order]
        messages = render_draft(round_, people, self._template)
        notes = [material.notes[place] for place in order if material.notes]
        reply = reply_with(material.statement, self._template, notes)
        return Example(material.group, *self.tokens_of(messages, reply))

    def text(self, tokens: Sequence[int]) -> str:
        """Return what a model wrote, without its marks."""
        text: str = self._tokenizer.decode(list(tokens), skip_special_tokens=True)
        return text.strip()

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])


def _vocabulary(tokenizer: Any, base: Path) -> tuple[Sequence[str], Sequence[int]]:
    """Return all tokens and their kinds, as the embedded back end knows them."""
    if base.suffix == ".gguf":
        header = read_header(base)
        return header.tokens, header.token_kinds
    by_number = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    special = set(tokenizer.all_special_tokens) | {
        token.content for token in tokenizer.added_tokens_decoder.values() if token.special
    }
    tokens = [token for token, _ in by_number]
    return tokens, [CONTROL if token in special else NORMAL for token in tokens]


def _opening(tokenizer: Any) -> tuple[int, ...]:
    """Return the token that this model wants before any text, if it wants one."""
    first = tokenizer.bos_token_id
    ids = tokenizer("a")["input_ids"]
    return (first,) if first is not None and ids and ids[0] == first else ()
