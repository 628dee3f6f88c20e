"""The measures that every arm is held against, in the order in which tables show them."""

from __future__ import annotations

from acuerdo.evaluate.drafts.measures.agreement import agreement_measures
from acuerdo.evaluate.drafts.measures.copying import copying
from acuerdo.evaluate.drafts.measures.coverage import Coverage
from acuerdo.evaluate.drafts.measures.distinctness import MeaningDistinctness, WordDistinctness
from acuerdo.evaluate.drafts.measures.faithfulness import Faithfulness, no_new_facts
from acuerdo.evaluate.drafts.measures.measure import Measure
from acuerdo.evaluate.drafts.measures.polarity import Polarity
from acuerdo.evaluate.drafts.measures.reading import length, reading
from acuerdo.evaluate.drafts.measures.stance import StanceJudge
from acuerdo.evaluate.drafts.measures.worded import shipped_word_judge
from acuerdo.ports import Embedder, Scorer


def standard_measures(
    embedder: Embedder, scorer: Scorer, stance: StanceJudge | None = None
) -> tuple[Measure, ...]:
    """Return all measures but "valid", which needs to know where a draft comes from.

    Without a stance judge, the shipped one that reads words is taken.

    `scorer` must be one that neither selected the drafts nor saw the questions.
    """
    judge = shipped_word_judge() if stance is None else stance
    return (
        Polarity(judge),
        Polarity(judge, graded=True),
        Faithfulness(embedder),
        no_new_facts(),
        Coverage(embedder),
        Coverage(embedder, "least"),
        *agreement_measures(scorer),
        copying(),
        length(),
        reading(),
        WordDistinctness(),
        MeaningDistinctness(embedder),
    )
