"""The one renderer: a round and a template in, messages out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from acuerdo.domain.completions import Message, Role
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.records import LIKERT_LABELS, PersonId
from acuerdo.domain.rounds import Round
from acuerdo.prompts.languages import language_in_words
from acuerdo.prompts.quoting import one_line

TEMPLATES: Final = ("direct", "reason_first", "by_example", "plain", "noted")
"""Ways to ask for a statement; each has a file for first rounds and one for revisions.

direct: the rules in words, for models that follow them. reason_first: the model thinks before it
writes. by_example: few words and one worked example, for small models that no rule helps. plain:
hardly a word, for models that were fine-tuned on this very prompt. noted: the same, for models that
learned to note everybody's side before they write.
"""

EXAMPLE: Final = (
    "We would like the library to open on Sundays, because for many of us it is the only day with "
    "time to read. The staff should not pay for this: only those who want to should work, and they "
    "get another free day. As money for books is short, we ask for a trial of one year and a fresh "
    "look at the cost."
)
"""The statement that "by_example" prompts show, so that copies of it can be rejected."""

_ROLES: Final[dict[str, Role]] = {
    "system": "system",
    "shown_user": "user",
    "shown_assistant": "assistant",
    "user": "user",
}
"""Blocks of a template file, in the order of their messages."""


def check_template(template: str) -> None:
    """Raise SettingsError if there is no draft template of this name."""
    if template not in TEMPLATES:
        raise SettingsError(
            f"there is no prompt template “{template}”",
            fix=f"Choose one of {', '.join(TEMPLATES)}.",
        )


def render_draft(
    round_: Round, order: Sequence[PersonId], template: str = "direct"
) -> tuple[Message, ...]:
    """Return the messages that ask a model for the group's statement.

    Opinions and critiques stand in the given order of people, without names; people who are not
    in `order` are left out, and people without a text are skipped. A round with a previous
    statement is rendered as a revision. Raises SettingsError for an unknown template.
    """
    check_template(template)
    revises = bool(round_.previous.strip())
    return _messages(
        f"{template}_revision" if revises else template,
        example=EXAMPLE,
        question=one_line(round_.question.text),
        context=one_line(round_.question.context),
        language=language_in_words(round_.question.language),
        opinions=_spoken(map(round_.opinion_of, order)),
        previous=one_line(round_.previous),
        critiques=_spoken(map(round_.critique_of, order)),
    )


def render_judge(round_: Round, person: PersonId, candidate_text: str) -> tuple[Message, ...]:
    """Return the messages that ask how much one person agrees with a statement, as one digit 1-7.

    What is the same for all statements comes first, so that back ends can reuse its computation.
    """
    return render_judgement(
        round_.question.text,
        round_.opinion_of(person),
        candidate_text,
        context=round_.question.context,
        previous=round_.previous,
        critique=round_.critique_of(person),
    )


def render_judgement(
    question: str,
    opinion: str,
    statement: str,
    *,
    context: str = "",
    previous: str = "",
    critique: str = "",
) -> tuple[Message, ...]:
    """Return the messages of `render_judge` from the bare texts, outside of any round."""
    return _messages(
        "judge",
        question=one_line(question),
        context=one_line(context),
        opinion=one_line(opinion),
        previous=one_line(previous),
        critique=one_line(critique),
        labels=LIKERT_LABELS,
        statement=one_line(statement),
    )


def render_questions(shown: Sequence[str], count: int, language: str) -> tuple[Message, ...]:
    """Return the messages that ask for `count` new debate questions like those shown, one a line.

    `language` is an ISO 639-1 code. For models that follow instructions.
    """
    return _messages(
        "questions",
        shown=_spoken(shown),
        count=count,
        language=language_in_words(language),
    )


def render_questions_continued(
    shown: Sequence[str], count: int, language: str
) -> tuple[tuple[Message, ...], str]:
    """Return messages and the beginning of their answer, for models that no instruction helps.

    The answer is a list (`Request.prefix`) that has got as far as the questions shown: what the
    model adds are the next `count` of it.
    """
    lines = _spoken(shown)
    messages = _messages(
        "questions_continued",
        total=len(lines) + count,
        language=language_in_words(language),
    )
    told = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    return messages, "\n".join([*told, f"{len(lines) + 1}."])


def render_screening(question: str) -> tuple[Message, ...]:
    """Return the messages that ask whether a question must not be debated, as "yes" or "no".

    What is the same for all questions comes first, so that back ends can reuse its computation.
    """
    return _messages("screen_question", question=one_line(question))


def example_in(template: str) -> str:
    """Return the statement that prompts of this template show as an example, "" for none."""
    check_template(template)
    return EXAMPLE if template == "by_example" else ""


def speakers(round_: Round) -> tuple[PersonId, ...]:
    """Return the people whose words a draft prompt can carry: an opinion or a critique."""
    return tuple(
        person
        for person in round_.people
        if round_.opinion_of(person).strip() or round_.critique_of(person).strip()
    )


def template_hash(template: str) -> str:
    """Return a hash of all that the prompts of a draft template are made of: its version."""
    check_template(template)
    folder = files(__package__) / "templates"
    names = (template, f"{template}_revision", "material", "revision_material", "form", "example")
    sources = [EXAMPLE, *((folder / f"{name}.md").read_text("utf-8") for name in names)]
    return hashlib.blake2b("\n".join(sources).encode(), digest_size=8).hexdigest()


def _spoken(texts: Iterable[str]) -> list[str]:
    return [line for line in map(one_line, texts) if line]


def _messages(name: str, **values: object) -> tuple[Message, ...]:
    template = _environment().get_template(f"{name}.md")
    context = template.new_context(values)
    return tuple(
        Message(role, "".join(template.blocks[block](context)).strip())
        for block, role in _ROLES.items()
        if block in template.blocks
    )


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("acuerdo.prompts"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
