"""Examples and pairs as JSON Lines that TRL reads, and back.

A line has TRL's conversational fields (`prompt` with `completion`, or with `chosen` and
`rejected`), so that loss falls on the statement only, and ours beside them, from which the same
material is read again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from acuerdo.datasets.material.examples import Example, example_of
from acuerdo.datasets.material.lines import Line, read_lines
from acuerdo.datasets.material.reading import ReaderOptions, Reading, material_of
from acuerdo.domain.completions import Message
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import DraftPair, Material
from acuerdo.prompts import statement_from

_ANY: Final = ReaderOptions()


def example_lines(examples: Iterable[Example]) -> Iterator[bytes]:
    """Yield each example as a line of TRL's prompt-completion format."""
    for example in examples:
        yield _line(
            {"prompt": _messages(example.messages), "completion": _said(example.reply)}
            | _own_fields(example)
        )


def pair_lines(pairs: Iterable[tuple[Example, DraftPair]]) -> Iterator[bytes]:
    """Yield each pair, with the example of its better statement, as TRL's preference format."""
    for example, pair in pairs:
        yield _line(
            {
                "prompt": _messages(example.messages),
                "chosen": _said(example.reply_saying(pair.material.statement)),
                "rejected": _said(example.reply_saying(pair.rejected)),
                "reason": pair.reason,
            }
            | _own_fields(example)
        )


def read_examples(path: Path) -> tuple[Example, ...]:
    """Read what `example_lines` or `pair_lines` wrote; of pairs the better statement.

    Raises InputError naming file, line and field, also where the prompt is no longer what drafting
    with its template would send.
    """
    return tuple(_example(line) for line in read_lines(path))


def read_draft_pairs(path: Path) -> tuple[DraftPair, ...]:
    """Read the pairs that `pair_lines` wrote."""
    return tuple(
        DraftPair(_material(line), _completion(line, "rejected"), line.text("reason"))
        for line in read_lines(path)
    )


def read_trl(path: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read the material of files that `example_lines` or `pair_lines` wrote, each once."""
    del options
    return Reading(tuple(dict.fromkeys(_material(line) for line in read_lines(path))))


def _own_fields(example: Example) -> dict[str, Any]:
    material = example.material
    return {
        "id": example.id,
        "group": material.group,
        "question": material.question,
        "context": material.context,
        "opinions": list(material.opinions),
        "previous": material.previous,
        "critiques": list(material.critiques),
        **({"notes": list(material.notes)} if material.notes else {}),
        "order": list(example.order),
        "split": material.split,
        "source": material.source,
        "licence": material.licence,
        "author": material.author,
        "language": material.language,
        "template": example.template,
        "revision": material.revises,
    }


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]


def _said(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def _example(line: Line) -> Example:
    material = _material(line)
    order = tuple(int(place) for place in line.numbers("order", 0, len(material.opinions) - 1))
    if sorted(order) != list(range(len(material.opinions))):
        raise InputError(
            f"this is no order of {len(material.opinions)} opinions", where=line.where("order")
        )
    template = line.text("template", required=True)
    example = example_of(material, order, template, line.text("id", required=True))
    if line.fields.get("prompt") != _messages(example.messages):
        raise InputError(
            f"this is not the prompt that drafting with the template {template!r} sends",
            where=line.where("prompt"),
            fix="Build the examples again: the template has changed since, or the line was edited.",
        )
    return example


def _material(line: Line) -> Material:
    return material_of(
        line.place,
        group=line.text("group", required=True),
        question=line.text("question", required=True),
        opinions=line.texts("opinions"),
        statement=_completion(line, "completion" if "completion" in line.fields else "chosen"),
        previous=line.text("previous"),
        critiques=line.texts("critiques"),
        context=line.text("context"),
        language=line.text("language"),
        split=line.text("split"),
        source=line.text("source"),
        licence=line.text("licence"),
        author=line.text("author"),
        notes=line.texts("notes"),
    )


def _completion(line: Line, field: str) -> str:
    said = line.objects(field)
    if len(said) != 1 or said[0].fields.get("role") != "assistant":
        raise InputError(
            "this is not a list of one message by the assistant",
            where=line.where(field),
            fix="Use a file that `acuerdo train data` wrote.",
        )
    reply = said[0].text("content", required=True)
    return statement_from(reply, line.text("template")) or reply
