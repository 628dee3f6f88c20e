"""The questions in a model's reply: its lines without what lists put around them."""

from __future__ import annotations

import re
from typing import Final, Literal

from acuerdo.domain.text import canonical
from acuerdo.questions.form import cleaned

_THINKING: Final = re.compile(r"^\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_NEXT_ON_THE_LINE: Final = re.compile(r"(?<=[?？])[ \t]+(?=\(?\d{1,3}[.):][ \t])")
_ENDS: Final = ("?", "？")


def candidates_in(reply: str, finish: Literal["stop", "length"] = "stop") -> tuple[str, ...]:
    r"""Return the lines of a reply that hold words, `cleaned`.

    Of a reply that was cut off ("length") the last line goes unless it ends as a question does. A
    leading thinking block, which some models write unasked, is none of it. Whether a line is a
    question at all is not looked at.

    >>> candidates_in('1. Should trams be free?\n- "Is tax fair?"\nShould we', "length")
    ('Should trams be free?', 'Is tax fair?')
    """
    said = canonical(_THINKING.sub("", reply))
    lines = [piece for line in said.split("\n") for piece in _NEXT_ON_THE_LINE.split(line)]
    whole_end = reply.endswith("\n") or said.endswith(_ENDS)
    if finish == "length" and not whole_end:
        lines = lines[:-1]
    return tuple(text for line in lines if any(map(str.isalpha, text := cleaned(line))))
