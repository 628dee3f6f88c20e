"""Decisions: does a sentence say outright what should be done about the thing asked about?"""

from __future__ import annotations

import re
from typing import Final

from acuerdo.domain.text import canonical
from acuerdo.evaluate.drafts.measures.asked import Asked

_AGAINST: Final = (
    r"(?:ban|bann|prohibit|forbid|outlaw|abolish|abolition|end|stop|abandon|limit|restrict|cancel"
    r"|cancell|fight|clos|scrap|remov|oppos|reject|get rid"
    r"|illegal|unlawful|crime)"
)
_FOR: Final = (
    r"(?:keep|kept|allow|legali[sz]|legal\b|adopt|introduc|subsidi[sz]|subsid(?:y|ies)\b|fund|permit"
    r"|continu|stay|remain|mandator|compulsor|retain|preserv|accept|go on|welcom|support)"
)
_ACT: Final = re.compile(
    rf"\b(?:(?P<against>{_AGAINST})|(?P<good>{_FOR}))(?:e|ed|es|s|ing)?\b(?!-)"
)
_WANTS: Final = re.compile(
    r"\b(?:should|would|must|want|wants|wish|support|supports|favou?rs?|agree|prefer|lean\w*"
    r"|oppos\w*|against|reject\w*|ought|needs?|think|believe|for|is right|appeals?|worth|object"
    r"|see|find)\b"
)
_TURN: Final = re.compile(
    r"\b(?:not|n't|no|never|nor|without|cannot|oppose[sd]?|opposed|against|rather than|instead of"
    r"|reject|rejects|objects?|wrong|neither|none|nobody|no one|unfair|stop)\b"
)
_TURN_AFTER: Final = re.compile(
    r"\b(?:wrong|too far|unfair|unnecessary"
    r"|not (?:right|fair|needed|the (?:way|answer|solution)))\b"
)
_LAWLESS: Final = re.compile(
    r"^\W*(?:it |them |this )?(?:illegal|unlawful|a crime|banned|closed)\b"
)
_CLAUSE: Final = re.compile(
    r"[.;:!?]|,|\b(?:because|but|while|although|though|since|whereas|so that|if|unless|until|who)\b"
)
_HARM: Final = re.compile(r"\bmore harm(?:s|ful)?\b|\bharms? (?:outweigh|more|than)")
_GOOD: Final = re.compile(r"\bmore good\b|\bgood outweighs\b|\bbenefits outweigh")


def decision(question: Asked, text: str) -> int:
    """Return 1 if a text says outright that the answer is "yes", -1 if "no", 0 if neither.

    Reads clauses that hold a wish or a judgement (should, would, support, ...) and an act for or
    against the thing asked about; words before the act that turn its meaning count as "not". The
    first clause that decides counts.
    """
    for clause in _CLAUSE.split(re.sub(r"n['\u2019]t\b", " not", canonical(text).casefold())):
        compared = _compared(clause)
        if compared:
            return compared * question.favours
        if _WANTS.search(clause):
            for act in _ACT.finditer(clause):
                after = clause[act.end() :]
                turns = _turns(clause[: act.start()]) + bool(_TURN_AFTER.search(after))
                side = -1 if act.group("against") or _LAWLESS.match(after) else 1
                return side * question.favours * (-1 if turns % 2 else 1)
    return 0


def _compared(clause: str) -> int:
    if _HARM.search(clause):
        return 1 if re.search(r"\b(?:not|no|than|nor)\b.*harm", clause) else -1
    return 1 if _GOOD.search(clause) else 0


def _turns(before: str) -> int:
    """Count the turns in the ten words before an act."""
    return len(_TURN.findall(" ".join(before.split()[-10:])))
