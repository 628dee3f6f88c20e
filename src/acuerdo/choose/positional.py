"""Rules that give points for places on a ballot: Borda, plurality."""

from __future__ import annotations

import numpy as np

from acuerdo.choose.counting import Tally
from acuerdo.choose.pairwise import count_ballots, first_places, preferences, rank_columns
from acuerdo.domain.ballots import Ballots, levels


def borda(ballots: Ballots) -> Tally:
    """Give a candidate one point for every candidate it is ranked above, half a point for a tie.

    Tied candidates thus share the average of the places they take up, and so do the candidates
    that a ballot leaves out, below all ranked ones.
    """
    preferred = preferences(ballots)
    ahead = (preferred - preferred.T).sum(axis=1)
    scores = tuple(((ballots.size * (len(ballots.names) - 1) + ahead) / 2).tolist())
    return Tally(levels(scores), scores)


def plurality(ballots: Ballots) -> Tally:
    """Count first places; candidates tied for the first place of a ballot share its one vote."""
    first = first_places(rank_columns(ballots))
    sharing = first.sum(axis=0)
    scores = np.zeros(len(ballots.names))
    for size in np.unique(sharing[sharing > 0]).tolist():
        rows = sharing == size
        scores += count_ballots(first[:, rows], ballots.counts[rows]) / size
    return Tally(levels(scores.tolist()), tuple(scores.tolist()))
