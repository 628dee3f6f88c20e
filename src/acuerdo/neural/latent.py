"""The end of every network: one latent score per row, freed from the length of the statement."""

from __future__ import annotations

from torch import Tensor, nn, zeros


class LatentHead(nn.Module):
    """A linear score of what the network read, plus a nuisance term for the statement's length.

    People are shown long statements next to short ones, and rate them differently for reasons that
    are not agreement. In training the log-length explains what it can; at prediction it is set to
    its training mean, where the term is 0 (so no statement gains by being long).
    """

    def __init__(self, width: int, *, mean_length: float = 0.0) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1, bias=False)
        self.nuisance = nn.Parameter(zeros(1))
        self.register_buffer("mean_length", zeros(1) + mean_length)
        nn.init.zeros_(self.score.weight)

    def forward(self, read: Tensor, length: Tensor) -> Tensor:
        """Return latents (rows,) of `read` (rows, width) and log-lengths (rows,)."""
        latent: Tensor = self.score(read.to(self.score.weight.dtype)).squeeze(-1).float()
        if not self.training:
            return latent
        return latent + self.nuisance * (length - self.mean_length)
