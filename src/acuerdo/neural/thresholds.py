"""Where each source's scale cuts the one latent: what "agree" means differs between data sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

MOST_STEPS: Final = 7
LEAST_GAP: Final = 1e-3


class SourceThresholds(nn.Module):
    """Rising thresholds for every source, and where its votes turn.

    `names` are sources, `steps` the number of steps (2 to 7) of each one's scale. Thresholds start
    evenly spaced around 0.
    """

    def __init__(self, names: Sequence[str], steps: Sequence[int]) -> None:
        super().__init__()
        if not all(2 <= count <= MOST_STEPS for count in steps):
            raise ValueError(f"a scale has 2 to {MOST_STEPS} steps: {list(steps)}")
        self.names = tuple(names)
        self.register_buffer("steps", torch.tensor(list(steps), dtype=torch.long))
        first = torch.tensor([-(count - 2) / 2 for count in steps])
        even = torch.log(torch.expm1(torch.tensor(1.0 - LEAST_GAP)))
        self.first = nn.Parameter(first)
        self.gaps = nn.Parameter(torch.full((len(self.names), MOST_STEPS - 2), float(even)))
        self.bias = nn.Parameter(torch.zeros(len(self.names)))

    def forward(self, source: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return of each row's source the thresholds (rows, 6), steps (rows,) and bias (rows,)."""
        gaps = softplus(self.gaps) + LEAST_GAP
        rising = torch.cat([self.first.unsqueeze(1), gaps], dim=1).cumsum(dim=1)
        steps: Tensor = self.steps
        return rising[source], steps[source], self.bias[source]
