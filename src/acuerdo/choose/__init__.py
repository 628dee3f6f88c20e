"""Choosing: welfare functions, voting rules, slates, margins of victory.

`RULES` holds every rule by name, `rule_named` also understands parameters and other usual names,
`explain` says in a sentence what a rule does. All satisfy the `Rule` port.
"""

from acuerdo.choose.margin import margin_of_victory
from acuerdo.choose.pairwise import condorcet_loser, condorcet_winner, preferences
from acuerdo.choose.registry import RULES, explain, rule_named
from acuerdo.choose.slates import (
    Slate,
    Violation,
    assigned_slate,
    bjr_violations,
    proportional_slate,
)
from acuerdo.choose.ties import BrokenTie, break_tie
from acuerdo.choose.veto_core import VetoCore

__all__ = [
    "RULES",
    "BrokenTie",
    "Slate",
    "VetoCore",
    "Violation",
    "assigned_slate",
    "bjr_violations",
    "break_tie",
    "condorcet_loser",
    "condorcet_winner",
    "explain",
    "margin_of_victory",
    "preferences",
    "proportional_slate",
    "rule_named",
]
