"""Rules: who is spoken of, and what is proposed about them, as patterns in text files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import Reason
from acuerdo.questions.screening.data_files import data_lines
from acuerdo.questions.screening.groups import CLASS, Masked, group_words

FILES: Final = ("rules_en.txt", "rules_es.txt")
_MACRO: Final = re.compile(r"([A-Z][A-Z0-9]*) = (.+)")
_USE: Final = re.compile(r"\{([A-Z][A-Z0-9]*)\}")
_LONGEST_SHOWN: Final = 90


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern: the kind of harm, how grave it is (1-3), and how sure the rule alone is."""

    kind: str
    severity: int
    weight: float
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a question breaks, as a reason, with its severity."""

    reason: Reason
    severity: int


def broken_rules(masked: Masked) -> list[Broken]:
    """Return what a question breaks: of each kind of harm the weightiest rule, gravest first.

    >>> from acuerdo.questions.screening.groups import mask_groups
    >>> [b.reason.kind for b in broken_rules(mask_groups("Should Jews lose the right to vote?"))]
    ['rights']
    """
    best: dict[str, Broken] = {}
    for rule in all_rules():
        known = best.get(rule.kind)
        if known is not None and known.reason.weight >= rule.weight:
            continue
        match = rule.pattern.search(masked.rules)
        if match is not None:
            detail = f"“{_shown(match.group())}”"
            best[rule.kind] = Broken(Reason("rule", rule.kind, detail, rule.weight), rule.severity)
    return sorted(best.values(), key=lambda b: (-b.severity, -b.reason.weight, b.reason.kind))


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return the rules of all languages; raises SettingsError for a line that is not one."""
    return tuple(rule for name in FILES for rule in read_rules(name, data_lines(name)))


def read_rules(name: str, lines: tuple[str, ...]) -> list[Rule]:
    """Read macros and rules; raises SettingsError naming the file and the line."""
    macros = {"CLASS": rf"\b(?:{'|'.join(group_words()[CLASS])})\b"}
    rules: list[Rule] = []
    for line in lines:
        macro = _MACRO.fullmatch(line)
        try:
            if macro:
                macros[macro[1]] = _expanded(macro[2], macros)
                continue
            kind, severity, weight, pattern = line.split(" | ", maxsplit=3)
            rules.append(
                Rule(
                    kind.strip(),
                    int(severity),
                    float(weight),
                    re.compile(_expanded(pattern, macros)),
                )
            )
        except (ValueError, KeyError, re.error) as error:
            raise SettingsError(
                f"this is not a rule: {error}",
                where=f"{name}: {line[:_LONGEST_SHOWN]}",
                fix="Write KIND | SEVERITY | WEIGHT | PATTERN, or NAME = PATTERN.",
            ) from error
    return rules


def _expanded(pattern: str, macros: dict[str, str]) -> str:
    return _USE.sub(lambda match: macros[match[1]], pattern)


def _shown(text: str) -> str:
    for mark, words in _IN_WORDS.items():
        text = text.replace(mark, words)
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_IN_WORDS: Final = {
    "ORIGIN": "[of a group]",
    "PEOPLE": "[group]",
    "FAITH": "[religion]",
    "MIGRANTS": "[migrants]",
    "GENDER": "[women or men]",
    "STATUS": "[people in need]",
}
