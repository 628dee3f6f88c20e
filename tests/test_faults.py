"""Every fault of a model server at every stage: the round ends in a success or in a named state."""

from __future__ import annotations

import numpy as np
import pytest

from acuerdo.domain.records import Critique, PersonId, Question
from acuerdo.domain.rounds import Round, RoundResult
from acuerdo.draft import ExtractiveDrafter, ModelDrafter
from acuerdo.guard import StandardScreen
from acuerdo.llm import Backoff, HashedEmbedder, OpenAIModel
from acuerdo.mediate import Parts, mediate
from acuerdo.ports import Drafter, Predictor
from acuerdo.predict import JudgePredictor, SimilarityPredictor
from tests.llm.fault_server import FakeServer
from tests.llm.faults import FAULTS, Fault
from tests.parts import make_parts, opinions

STAGES = ("draft", "revise", "judge")
FAST_SEEDS, ALL_SEEDS = range(1), range(1, 20)
WRITTEN_BY_NOBODY = ("", "placeholder", "lorem ipsum", "[statement]", "n/a", "...")


def model_at(url: str, timeout: float) -> OpenAIModel:
    return OpenAIModel(url, "fake", timeout=timeout, retries=1, backoff=Backoff(first=0.001))


def round_for(stage: str) -> Round:
    said = opinions("Ana", "Ben")
    if stage != "revise":
        return Round(Question("What matters?", "en"), said)
    return Round(
        Question("What matters?", "en"),
        said,
        previous="We want trees along every street.",
        critiques=(Critique(PersonId("Ana"), "It forgets the parks."),),
    )


def parts_for(stage: str, model: OpenAIModel) -> Parts:
    embedder = HashedEmbedder()
    drafters: list[Drafter] = [ExtractiveDrafter(embedder)]
    predictor: Predictor = SimilarityPredictor(embedder)
    if stage == "judge":
        predictor = JudgePredictor(model)
    else:
        drafters.insert(0, ModelDrafter(model, candidates=4, orders=2))
    parts = make_parts(drafters=drafters, predictor=predictor)
    return Parts(**{**parts.__dict__, "screen": StandardScreen(), "embedder": embedder})


def check(result: RoundResult, stage: str) -> None:
    """Nothing empty or made of a fault may stand, and a failure must be named."""
    for candidate in result.candidates:
        assert candidate.text.strip().casefold() not in WRITTEN_BY_NOBODY
        assert len(candidate.text.split()) >= 4
    assert result.outcome in ("agreement", "no_common_ground", "undecided", "no_candidates")
    drafted = sum(c.provenance.origin == "model" for c in result.candidates)
    if stage != "judge" and drafted < 4:
        assert result.rejected or result.problems
    if result.outcome == "undecided":
        assert any(problem.stage == "predict" for problem in result.problems)


def one(fault: Fault, stage: str, seed: int) -> None:
    share = 1.0 if seed % 2 == 0 else 0.5
    with FakeServer(fault, seed, share=share) as server:
        parts = parts_for(stage, model_at(server.url, timeout=0.1))
        result = mediate(round_for(stage), parts, np.random.default_rng(seed))
    check(result, stage)
    with FakeServer("none", seed) as server:
        parts = parts_for(stage, model_at(server.url, timeout=30))
        resumed = mediate(result.resumed(), parts, np.random.default_rng(seed))
    assert resumed.outcome in ("agreement", "no_common_ground")
    assert not resumed.problems


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_never_wins_and_never_escapes(fault: Fault, stage: str) -> None:
    for seed in FAST_SEEDS:
        one(fault, stage, seed)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_twenty_seeds_of_every_fault(fault: Fault, stage: str) -> None:
    for seed in ALL_SEEDS:
        one(fault, stage, seed)
