"""Pairs of a better and a worse statement, for learning preferences."""

from acuerdo.draft.pairing.contrasts import CONTRASTS, Contrast, contrasting_pairs
from acuerdo.draft.pairing.negation import declares_split, negated
from acuerdo.draft.pairing.sides import Side, labels_of, majority, side_of
from acuerdo.draft.pairing.verdicts import ReadPair, verdict_pairs
from acuerdo.draft.pairing.voices import voices_swapped

__all__ = [
    "CONTRASTS",
    "Contrast",
    "ReadPair",
    "Side",
    "contrasting_pairs",
    "declares_split",
    "labels_of",
    "majority",
    "negated",
    "side_of",
    "verdict_pairs",
    "voices_swapped",
]
