"""Whether a draft can stand, by the checks of the very place it comes from.

What a model writes passes the screen of every round, told what the prompt showed and whether the
reply was cut off, and must speak for the group. A person's own words are held to less, as in a
round where they stand for election: they are a copy by nature.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from acuerdo.domain.material import Material
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Rejection
from acuerdo.draft import OVERLOOKED, speaks_for_one
from acuerdo.evaluate.drafts.records import Draft, Origin
from acuerdo.guard import StandardScreen, detect_language
from acuerdo.ports import Screen, Screening
from acuerdo.prompts import example_in

OWN_WORDS: Final[frozenset[Origin]] = frozenset({"opinion", "longest"})


class Checks:
    """Screens drafts one by one: one that repeats another of its arm is still valid."""

    def __init__(self, screen: Screen | None = None) -> None:
        self._screen = screen or StandardScreen()

    def objection(self, material: Material, draft: Draft) -> Rejection | None:
        """Return why a draft cannot stand, None if it can."""
        if draft.fault:
            # Without a prompt no request failed: there was nothing to choose, or to quote.
            return Rejection("request_failed" if draft.template else "empty", draft.fault)
        round_ = _in_its_language(material.round())
        example = example_in(draft.template) if draft.template else ""
        screening = Screening(round_, example=example, finish=draft.finish)
        found = self._screen.check(draft.text, screening)
        if found and draft.origin in OWN_WORDS and found.reason in OVERLOOKED:
            return None
        if found is None and draft.origin == "model":
            return speaks_for_one(draft.text, round_.question.language)
        return found

    def reasons(self, drafts: Iterable[tuple[Material, Draft]]) -> Mapping[str, int]:
        """Count why drafts cannot stand, most frequent first."""
        found = (self.objection(material, draft) for material, draft in drafts)
        return dict(Counter(one.reason for one in found if one is not None).most_common())


def _in_its_language(round_: Round) -> Round:
    if round_.question.language:
        return round_
    texts = [round_.question.text, *(opinion.text for opinion in round_.opinions)]
    return replace(round_, question=replace(round_.question, language=detect_language(texts)))
