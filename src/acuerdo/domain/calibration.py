"""From a latent to what a person would say on 1-7: plain arithmetic on a card's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

STEPS: Final = np.arange(1.0, 8.0)
LEAST_SPREAD: Final = 0.05


@dataclass(frozen=True, slots=True)
class Calibration:
    """P(rating <= k) = logistic(thresholds[k - 1] - slope * latent), k = 1 to 6.

    `radius` is how many spreads on either side of the expectation hold a share `coverage` of
    ratings on questions never seen (split conformal, whole questions); infinite where the
    calibration saw too few questions to promise that. Raises ValueError for thresholds that fall or
    are no numbers, a slope that does not rise, a radius below 0 or a coverage outside 0 to 1.
    """

    slope: float
    thresholds: tuple[float, ...]
    radius: float = float("inf")
    coverage: float = 0.8

    def __post_init__(self) -> None:
        rising = len(self.thresholds) == len(STEPS) - 1 and np.all(np.diff(self.thresholds) >= 0)
        if not (rising and np.isfinite(self.thresholds).all()):
            raise ValueError(f"not six rising thresholds: {self.thresholds}")
        if not (self.slope > 0 and np.isfinite(self.slope)):
            raise ValueError(f"not a rising slope: {self.slope}")
        if not (self.radius >= 0 and 0 < self.coverage < 1):
            raise ValueError(f"not a radius and its coverage: {self.radius}, {self.coverage}")

    def shares(self, latent: Values) -> Values:
        """Return the probability of each rating 1 to 7, shape (rows, 7); rows sum to 1."""
        at_most = _logistic(np.array(self.thresholds) - self.slope * latent[:, None])
        edges = np.zeros((len(latent), 1))
        shares: Values = np.diff(np.hstack([edges, at_most, edges + 1]), axis=1)
        return shares

    def expected_and_spread(self, latent: Values) -> tuple[Values, Values]:
        """Return the mean and standard deviation of the rating, both (rows,), nan for nan."""
        shares = self.shares(latent)
        expected = shares @ STEPS
        variance = (shares * (STEPS - expected[:, None]) ** 2).sum(axis=1)
        spread = np.maximum(np.sqrt(variance), LEAST_SPREAD)
        return np.clip(expected, STEPS[0], STEPS[-1]), np.where(np.isnan(latent), np.nan, spread)

    def reach(self, level: float) -> float:
        """Return how many spreads on either side hold a share `level` of ratings, 0 < level < 1.

        At the level of `coverage` that is the conformal radius; other levels stretch it as a normal
        distribution would. Without a radius it is the normal distribution's own. Raises ValueError
        for other levels.
        """
        if not 0 < level < 1:
            raise ValueError(f"a level lies between 0 and 1, not {level}")
        wanted = NormalDist().inv_cdf((1 + level) / 2)
        if not np.isfinite(self.radius):
            return wanted
        return self.radius * wanted / NormalDist().inv_cdf((1 + self.coverage) / 2)

    def as_json(self) -> dict[str, Any]:
        """Return it as a card keeps it; an infinite radius is null."""
        radius = self.radius if np.isfinite(self.radius) else None
        return {
            "slope": self.slope,
            "thresholds": list(self.thresholds),
            "radius": radius,
            "coverage": self.coverage,
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Calibration:
        """Read what `as_json` wrote; raises KeyError, TypeError or ValueError."""
        radius = kept["radius"]
        return cls(
            slope=float(kept["slope"]),
            thresholds=tuple(float(value) for value in kept["thresholds"]),
            radius=float("inf") if radius is None else float(radius),
            coverage=float(kept["coverage"]),
        )


def _logistic(values: Values) -> Values:
    with np.errstate(over="ignore"):
        found: Values = 1.0 / (1.0 + np.exp(-values))
    return found
