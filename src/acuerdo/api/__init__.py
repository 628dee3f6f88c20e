"""Whole programs as functions: what `import acuerdo`, the command line and the server share."""

from acuerdo.api.about import rule_explanations, settings_for, version
from acuerdo.api.counting import Count, count_ballots
from acuerdo.api.erasing import Kept, forget_replies, kept_replies
from acuerdo.api.finding import FindOptions, find_agreement, find_agreement_async

__all__ = [
    "Count",
    "FindOptions",
    "Kept",
    "count_ballots",
    "find_agreement",
    "find_agreement_async",
    "forget_replies",
    "kept_replies",
    "rule_explanations",
    "settings_for",
    "version",
]
