"""What is asked of a split: how large its parts are, and what counts as too alike to be divided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, SPLITS, TRAIN

TIE: Final = 0.80
"""Cosine from which two questions must not be in different splits.

Stricter than `distinct.SAME_MEANING`, by the pairs judged there: 85 % of the questions that repeat
an earlier one reach it, against 65 % at 0.85. What de-duplication lets pass may still be the same
question, and then must not be on two sides.
"""


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """Shares of the three splits, or their sizes, where those are given; `seed` draws.

    Shares are positive or 0 and add up to 1. Sizes are numbers of questions; what is more than all
    three together is left out. `train` needs a share or size above 0. Questions whose cosine
    reaches `tie` are never divided between splits. Raises SettingsError for what cannot be.
    """

    train: float = 0.8
    known_topics: float = 0.1
    new_topics: float = 0.1
    sizes: tuple[int, int, int] | None = None
    tie: float = TIE
    seed: int = 0

    def __post_init__(self) -> None:
        shares = (self.train, self.known_topics, self.new_topics)
        if not all(0 <= share <= 1 for share in shares) or abs(sum(shares) - 1) > 1e-6:
            raise SettingsError(
                f"the shares of the splits are {', '.join(f'{share:g}' for share in shares)}",
                fix="Give three shares from 0 to 1 that add up to 1, such as 0.8, 0.1 and 0.1.",
            )
        if self.sizes is not None and min(self.sizes) < 0:
            raise SettingsError(f"a split cannot have {min(self.sizes)} questions")
        if not (self.sizes or shares)[0]:
            raise SettingsError("there is nothing to train on", fix="Give `train` a share or size.")
        if not 0 < self.tie <= 1:
            raise SettingsError(f"the similarity that ties questions is {self.tie:g}, not 0 to 1")

    @property
    def known_share(self) -> float:
        """Share of known topics among what is not held out whole."""
        train, known, _ = self.sizes or (self.train, self.known_topics, self.new_topics)
        return known / (train + known)

    def wanted(self, count: int) -> Mapping[str, int]:
        """Return how many of `count` questions each split is to have."""
        if self.sizes is not None:
            return dict(zip(SPLITS, self.sizes, strict=True))
        known, new = round(self.known_topics * count), round(self.new_topics * count)
        return {TRAIN: count - known - new, KNOWN_TOPICS: known, NEW_TOPICS: new}


def drawn(seed: int, *names: object) -> float:
    """Return a number from 0 to 1 that depends on the seed and the names and on nothing else."""
    key = "\0".join(map(str, (seed, *names))).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) / 2**64
