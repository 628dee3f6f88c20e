"""The measures that every arm is held against, in the order in which tables show them."""

from __future__ import annotations

from acuerdo.evaluate.drafts.measures.agreement import agreement_measures
from acuerdo.evaluate.drafts.measures.copying import copying
from acuerdo.evaluate.drafts.measures.distinctness import MeaningDistinctness, WordDistinctness
from acuerdo.evaluate.drafts.measures.measure import Measure
from acuerdo.evaluate.drafts.measures.reading import length, reading
from acuerdo.evaluate.drafts.measures.stance import StanceJudge
from acuerdo.evaluate.drafts.measures.validity import validity
from acuerdo.ports import Embedder, Scorer


def standard_measures(
    embedder: Embedder, scorer: Scorer, stance: StanceJudge | None = None
) -> tuple[Measure, ...]:
    """Return all measures; polarity only if there is a stance judge.

    `scorer` must be one that neither selected the drafts nor saw the questions.
    """
    del stance
    return (
        validity(),
        *agreement_measures(scorer),
        copying(),
        length(),
        reading(),
        WordDistinctness(),
        MeaningDistinctness(embedder),
    )
