"""A page of examples, drawn and not picked: what every arm wrote for the same groups.

Texts of people and models stand as quotes in which nothing is Markdown or HTML any more, so that no
draft can change the page around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from acuerdo.domain.material import Material
from acuerdo.domain.text import canonical
from acuerdo.evaluate.drafts.arms import BestArm, ModelArm
from acuerdo.evaluate.drafts.checks import Checks
from acuerdo.evaluate.drafts.measuring import ArmDrafts
from acuerdo.evaluate.drafts.records import Draft
from acuerdo.evaluate.drafts.results import DraftResults

COMPOSITE: Final = "ibm_argq_rank_30k"
"""Source whose people are put together from one or two arguments of the same stance."""

_SIGNS: Final = re.compile(
    r"[\\`*_{}\[\]#|~^$@&<>]"  # anywhere
    r"|^(?:[-+=]|\d+(?=[.)]))"  # where a line begins: a list, a line under a heading
    r"|(?<=\])\(|(?<=:)/(?=/)|(?<=\bwww)\.",  # links, and what is made one without being one
    re.IGNORECASE,
)
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def drawn_examples(results: DraftResults, count: int) -> tuple[int, ...]:
    """Draw up to `count` groups, by their position, the same for the same seed."""
    size = len(results.materials)
    rng = np.random.default_rng([results.seed, size, count])
    return tuple(sorted(rng.permutation(size)[:count].tolist()))


def examples_as_markdown(results: DraftResults, count: int) -> str:
    """Return the page: `count` groups with their opinions and one draft of every arm.

    Of a model's drafts the first is shown, whatever it is.
    """
    chosen, checks = drawn_examples(results, count), Checks()
    lines = [
        f"# {len(chosen)} held-out groups, drawn and not picked",
        "",
        f"Drawn with seed {results.seed} out of {len(results.materials)} groups of "
        f"{results.questions} held-out questions. Of an arm that writes several drafts, the first "
        "is shown, whatever it is; of one that chooses, the chosen one. Agreement is predicted, by "
        f"“{escaped(results.scorer)}”, which chose no draft; nobody was asked. Group statements "
        "of the material were drafted by a large language model, not by people. In groups from "
        f"{escaped(COMPOSITE)}, a “person” is a composite: one or two arguments of the same "
        "stance, and the question is a thesis put as a question.",
    ]
    for number, place in enumerate(chosen, start=1):
        lines += _group(results, checks, number, place)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    r"""Return a text as one line in which no sign means anything to Markdown or HTML.

    >>> print(escaped("# *Big* <b>\n[x](http://y.z), that's it!"))
    \# \*Big\* &lt;b&gt; \[x\]\(http:\//y.z), that's it!
    >>> print(escaped("1. One"), escaped("- two"))
    1\. One \- two
    """
    single = " ".join(canonical(text).split())
    return _SIGNS.sub(_escape, single)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    # A number is not escaped itself; the sign after it is, which would make it a list.
    return f"{sign}\\" if sign.isdigit() else _ENTITIES.get(sign, f"\\{sign}")


def _group(results: DraftResults, checks: Checks, number: int, place: int) -> Iterator[str]:
    material = results.materials[place]
    yield from ("", f"## {number}. {escaped(material.question)}", "")
    if material.context:
        yield from (f"Context: {escaped(material.context)}", "")
    yield f"Group {escaped(material.group)}. {_origin(material)}"
    yield ""
    for person, opinion in enumerate(material.opinions, start=1):
        yield f"{person}. {escaped(opinion)}"
    for arm in results.drafted:
        yield from (
            "",
            f"**{escaped(arm.name)}**{_note(arm)} · {_told(arm, checks, material, place)}",
        )
        yield from ("", f"> {_shown(arm.drafts[place][0])}")


def _origin(material: Material) -> str:
    source = escaped(material.source) if material.source else "unknown"
    licence = escaped(material.licence) if material.licence else "not stated"
    people = " Each person is a composite." if COMPOSITE in material.source else ""
    return f"Opinions: {source}; licence: {licence}.{people}"


def _note(arm: ArmDrafts) -> str:
    if isinstance(arm.arm, BestArm):
        return " (chosen)"
    several = isinstance(arm.arm, ModelArm) and len(arm.drafts[0]) > 1
    return f" (first of {len(arm.drafts[0])})" if several else ""


def _told(arm: ArmDrafts, checks: Checks, material: Material, place: int) -> str:
    """Say whether the shown draft can stand and what agreement is predicted."""
    objection = checks.objection(material, arm.drafts[place][0])
    standing = (
        f"cannot stand: {escaped(objection.detail.rstrip('.'))}" if objection else "can stand"
    )
    means, least = (
        float(arm.values[key][place][0]) if key in arm.values else float("nan")
        for key in ("agreement mean", "agreement minimum")
    )
    if np.isnan(means):
        return f"{standing}; no agreement predicted"
    return f"{standing}; predicted agreement {means:.1f} on average, {least:.1f} at the lowest"


def _shown(draft: Draft) -> str:
    return escaped(draft.text) if draft.text.strip() else "(nothing)"
