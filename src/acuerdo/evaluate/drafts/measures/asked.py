"""What a question asks: what "yes" and "no" to it say, and whether "yes" is good for the thing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from acuerdo.domain.text import canonical

_AGAINST: Final = (
    "ban|prohibit|forbid|outlaw|abolish|end|stop|abandon|limit|restrict|close|cancel|oppose|fight"
    "|reduce|cut|remove|disband|dissolve|repeal|reject|scrap|punish|criminali[sz]e"
    "|withdraw|phase out"
)
_ACTS_AGAINST: Final = re.compile(rf"^(?:{_AGAINST})\b(?! (?:for|against)\b)")
_FIGHT_AGAINST: Final = re.compile(r"^fight against\b")
_ENDED: Final = re.compile(
    r"^(?:banned|prohibited|forbidden|outlawed|abolished|ended|stopped|abandoned|limited|restricted"
    r"|closed|cancell?ed|reduced|cut|removed|repealed|scrapped|punish|criminal|a criminal|a crime"
    r"|illegal)"
)
_TURNED: Final = re.compile(
    r"\b(?:the abolition of|(?:a|the) ban on|the end of|ending|banning|abolishing|(?:to|of) cut)\b"
)
_FORMS: Final[tuple[tuple[str, str, str], ...]] = (
    (r"should we (?P<act>.+)", "We should {act}.", "We should not {act}."),
    (r"should (?P<thing>.+?) be (?P<state>.+)", "{thing} should be {state}.",
     "{thing} should not be {state}."),
    (r"(?:do|does) (?P<thing>.+?) (?:bring|do|cause) more harm than good",
     "{thing} brings more harm than good.", "{thing} brings more good than harm."),
    (r"do you (?:support|favou?r|back|agree with|approve of) (?P<thing>.+)",
     "I support {thing}.", "I oppose {thing}."),
    (r"do you oppose (?P<thing>.+)", "I oppose {thing}.", "I support {thing}."),
    (r"do you think (?P<thing>.+?) (?:will|would|does|do) have a positive or negative impact.*",
     "{thing} has a positive impact.", "{thing} has a negative impact."),
    (r"what (?:is|are) your (?:opinions?|thoughts|views?) (?:on|about|of) (?P<thing>.+)",
     "I approve of {thing}.", "I disapprove of {thing}."),
)  # fmt: skip
_COMPILED: Final = tuple(
    (re.compile(rf"^{form}$", re.IGNORECASE), yes, no) for form, yes, no in _FORMS
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`yes` and `no` are the two answers as sentences. `favours` is 1 if "yes" is good for the
    thing asked about (adopt, support), -1 if it is bad for it (ban, does more harm)."""

    yes: str
    no: str
    favours: Literal[1, -1]


def asked(question: str) -> Asked | None:
    """Read an English question; None where it has not two sides, or is of an unknown form."""
    bare = canonical(question).rstrip("?. ")
    for form, yes, no in _COMPILED:
        found = form.match(bare)
        if found:
            parts = {name: text or "" for name, text in found.groupdict().items()}
            favours: Literal[1, -1] = -1 if _harms(bare, parts) else 1
            return Asked(_sentence(yes, parts), _sentence(no, parts), favours)
    return None


def _harms(bare: str, parts: dict[str, str]) -> bool:
    act, state = parts.get("act", "").casefold(), parts.get("state", "").casefold()
    against = bool(
        _ACTS_AGAINST.match(act)
        or _FIGHT_AGAINST.match(act)
        or _ENDED.match(state)
        or re.search(r"more harm than good$|^do you oppose", bare, re.IGNORECASE)
    )
    turned = bool(_TURNED.search(bare.casefold()))
    return against != turned


def _sentence(pattern: str, parts: dict[str, str]) -> str:
    text = pattern.format(**parts)
    return text[0].upper() + text[1:]
