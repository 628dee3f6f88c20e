"""How messages become the one text that a model reads, in our own words.

The template inside a GGUF file is a program and is never run. A model is recognised by the control
tokens of its vocabulary; where that fails, the setting names the template.

People's texts cannot leave their place: whatever would be read as a control token there, such as
the mark that ends a message, is broken up by a space.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.completions import Message
from acuerdo.domain.errors import SettingsError

_CONTROL_KINDS: Final = frozenset({2, 3})
"""Kinds of tokens that a text can smuggle in: unknown and control (see `gguf.Header`)."""


@dataclass(frozen=True, slots=True)
class ChatTemplate:
    """`marks` are the tokens by which a vocabulary is recognised and that texts must not hold."""

    name: str
    marks: tuple[str, ...]
    layout: Callable[[Sequence[Message]], str]


def _chatml(messages: Sequence[Message]) -> str:
    turns = (f"<|im_start|>{m.role}\n{m.content}<|im_end|>\n" for m in messages)
    return "".join(turns) + "<|im_start|>assistant\n"


def _llama3(messages: Sequence[Message]) -> str:
    turns = (
        f"<|start_header_id|>{m.role}<|end_header_id|>\n\n{m.content}<|eot_id|>" for m in messages
    )
    return "".join(turns) + "<|start_header_id|>assistant<|end_header_id|>\n\n"


def _gemma(messages: Sequence[Message]) -> str:
    turns = (
        f"<start_of_turn>{'model' if m.role == 'assistant' else m.role}\n{m.content}<end_of_turn>\n"
        for m in _without_system(messages)
    )
    return "".join(turns) + "<start_of_turn>model\n"


def _mistral(messages: Sequence[Message]) -> str:
    return "".join(
        f" {m.content}</s>" if m.role == "assistant" else f"[INST] {m.content} [/INST]"
        for m in _without_system(messages)
    )


def _phi3(messages: Sequence[Message]) -> str:
    turns = (f"<|{m.role}|>\n{m.content}<|end|>\n" for m in messages)
    return "".join(turns) + "<|assistant|>\n"


def _phi4(messages: Sequence[Message]) -> str:
    turns = (f"<|im_start|>{m.role}<|im_sep|>{m.content}<|im_end|>" for m in messages)
    return "".join(turns) + "<|im_start|>assistant<|im_sep|>"


def _plain(messages: Sequence[Message]) -> str:
    return "".join(f"{m.content}\n\n" for m in messages)


TEMPLATES: Final[Mapping[str, ChatTemplate]] = {
    template.name: template
    for template in (
        # Phi-4 has the marks of ChatML and one more, so it is tried first.
        ChatTemplate("phi4", ("<|im_start|>", "<|im_sep|>", "<|im_end|>"), _phi4),
        ChatTemplate("chatml", ("<|im_start|>", "<|im_end|>"), _chatml),
        ChatTemplate("llama3", ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"), _llama3),
        ChatTemplate("gemma", ("<start_of_turn>", "<end_of_turn>"), _gemma),
        ChatTemplate("phi3", ("<|user|>", "<|assistant|>", "<|end|>"), _phi3),
        ChatTemplate("mistral", ("[INST]", "[/INST]"), _mistral),
        ChatTemplate("plain", (), _plain),
    )
}
"""By name. "plain" is for models that were never taught to chat; it is never guessed."""


def template_named(name: str) -> ChatTemplate:
    """Return a template; raises SettingsError listing the names there are."""
    if name not in TEMPLATES:
        raise SettingsError(
            f"there is no chat template called {name!r}",
            where="ACUERDO_CHAT_TEMPLATE",
            fix=f"Choose one of {', '.join(TEMPLATES)}.",
        )
    return TEMPLATES[name]


def recognise(tokens: Sequence[str]) -> ChatTemplate:
    """Return the template whose marks a vocabulary holds; raises SettingsError if there is none."""
    vocabulary = frozenset(tokens)
    for template in TEMPLATES.values():
        if template.marks and vocabulary.issuperset(template.marks):
            return template
    raise SettingsError(
        "the chat template of this model was not recognised",
        where="ACUERDO_CHAT_TEMPLATE",
        fix=f"Name the one that its makers say it was trained with: {', '.join(TEMPLATES)}.",
    )


class ChatWriter:
    """Writes prompts for one model. `kinds` has one number per token of `tokens`, or is empty."""

    def __init__(
        self, template: ChatTemplate, tokens: Sequence[str] = (), kinds: Sequence[int] = ()
    ) -> None:
        control = {
            token
            for token, kind in zip(tokens, kinds, strict=False)
            if kind in _CONTROL_KINDS and len(token) > 1
        }
        marks = sorted(control | set(template.marks), key=len, reverse=True)
        self._layout = template.layout
        self._marks = re.compile("|".join(map(re.escape, marks))) if marks else None

    def write(self, messages: Sequence[Message], prefix: str = "") -> str:
        """Return the prompt, up to where the model's answer begins or goes on after `prefix`."""
        prompt = self._layout([Message(m.role, self._harmless(m.content)) for m in messages])
        return prompt + self._harmless(prefix)

    def _harmless(self, text: str) -> str:
        if self._marks is None:
            return text
        return self._marks.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """Join what the system says to the first turn, for models that know no system role."""
    system = "\n\n".join(m.content for m in messages if m.role == "system")
    turns = [m for m in messages if m.role != "system"]
    if not system:
        return turns
    if not turns:
        return [Message("user", system)]
    first = turns[0]
    return [Message(first.role, f"{system}\n\n{first.content}"), *turns[1:]]
