"""Groups of people's opinions with a drafted statement and, of some, its revision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from acuerdo.datasets.material.lines import Line, read_lines
from acuerdo.datasets.material.reading import ReaderOptions, Reading, material_of
from acuerdo.domain.errors import InputError
from acuerdo.domain.material import Material

FILE: Final = "groups.jsonl"
AUTHOR: Final = "a large language model"
STATEMENTS_LICENCE: Final = "CC BY 4.0"
LICENCES: Final[Mapping[str, str]] = {
    "ibm_argq_rank_30k": "CC BY-SA 3.0",
    "deliberationbank": "Apache-2.0",
    "polarized_issues": "CC BY 4.0",
}
"""Licences of the opinions by source; statements, critiques and revisions are CC BY 4.0."""
INVENTED: Final = "invented"
"""The source of groups that nobody belongs to: their opinions, too, were written by a model."""
INVENTED_LICENCE: Final = f"{STATEMENTS_LICENCE}, opinions invented by {AUTHOR}"
_ANY: Final = ReaderOptions()


def read_statements(path: Path, options: ReaderOptions = _ANY) -> Reading:
    """Read groups.jsonl, or the folder that holds it: a first draft a group, and its revision.

    Statements, critiques and revisions were drafted by a large language model and rated by nobody,
    so that there is no quality to go by. Raises InputError naming file, line and field.
    """
    del options
    file = path / FILE if path.is_dir() else path
    seen: set[str] = set()
    return Reading(tuple(found for line in read_lines(file) for found in _materials(line, seen)))


def _materials(line: Line, seen: set[str]) -> Iterator[Material]:
    group = line.text("id", required=True)
    if group in seen:
        raise InputError(f"the group {group!r} stands here twice", where=line.place)
    seen.add(group)
    source = line.text("source")
    first = material_of(
        line.place,
        group=group,
        question=line.text("question", required=True),
        opinions=line.texts("opinions"),
        statement=line.text("statement", required=True),
        context=line.text("context"),
        language=line.text("language"),
        split=line.text("split"),
        source=source,
        licence=licence_of(source),
        author=AUTHOR,
        notes=line.texts("notes"),
    )
    yield first
    if revised := line.text("revised"):
        critiques = line.texts("critiques")
        if len(critiques) not in (0, len(first.opinions)):
            raise InputError(
                f"there are {len(critiques)} critiques for {len(first.opinions)} opinions",
                where=line.where("critiques"),
                fix='Put one for each person, in the order of the opinions, "" for none.',
            )
        yield replace(first, statement=revised, previous=first.statement, critiques=critiques)


def licence_of(source: str) -> str:
    """Return the licence of a group's opinions by its source, and that of what was drafted."""
    whole = source.partition("/")[0]
    if whole == INVENTED:
        return INVENTED_LICENCE
    opinions = LICENCES.get(whole, "")
    if opinions in ("", STATEMENTS_LICENCE):
        return STATEMENTS_LICENCE if opinions else ""
    return f"opinions {opinions}, statements {STATEMENTS_LICENCE}"
