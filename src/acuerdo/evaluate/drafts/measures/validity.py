"""Validity: does a draft pass the checks that every draft passes before it can win?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from acuerdo.domain.material import Material
from acuerdo.domain.rounds import Round
from acuerdo.domain.statements import Rejection
from acuerdo.evaluate.drafts.measures.measure import DraftByDraft
from acuerdo.guard import StandardScreen, detect_language
from acuerdo.ports import Screen, Screening


@dataclass(frozen=True, slots=True)
class Validity:
    """Screens drafts one by one. A draft that repeats another one of its arm is still valid: how
    different drafts are is for `distinctness`."""

    screen: Screen = field(default_factory=StandardScreen)

    def objection(self, material: Material, draft: str) -> Rejection | None:
        """Return the gravest objection to a draft, None if it can stand."""
        return self.screen.check(draft, Screening(round=_in_its_language(material.round())))

    def reasons(self, material: Material, drafts: Sequence[str]) -> Mapping[str, int]:
        """Count why drafts cannot stand, most frequent first."""
        found = (self.objection(material, draft) for draft in drafts)
        return dict(Counter(one.reason for one in found if one is not None).most_common())


def validity(screen: Screen | None = None) -> DraftByDraft:
    """Measure 1 for a draft that passes the screen, 0 for one that does not."""
    valid = Validity(screen) if screen else Validity()
    return DraftByDraft(
        "valid", True, lambda material, draft: float(valid.objection(material, draft) is None)
    )


def _in_its_language(round_: Round) -> Round:
    """Resolve the language where the material does not tell, as intake does for a round."""
    if round_.question.language:
        return round_
    language = detect_language([opinion.text for opinion in round_.opinions])
    return replace(round_, question=replace(round_.question, language=language))
