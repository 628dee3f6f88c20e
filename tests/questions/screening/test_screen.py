"""The screen as a whole: verdicts, reasons, groups judged alike, in order and in batches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from acuerdo.domain.errors import Cancelled
from acuerdo.domain.questions import DebateQuestion, Decision, Reason
from acuerdo.llm import HashedEmbedder, SentenceEncoder
from acuerdo.ports import Unwatched
from acuerdo.questions import LabelledNeighbours, ScreenParts, screen, screened, seeds
from acuerdo.questions.screening.examples import labelled_examples
from acuerdo.questions.screening.screen import BATCH, probability

SETS = Path(__file__).parents[2] / "cases" / "screen_groups.jsonl"


@pytest.fixture(scope="module")
def parts() -> ScreenParts:
    return ScreenParts(LabelledNeighbours(SentenceEncoder()))


def judged(texts: list[str], parts: ScreenParts) -> list[Decision]:
    questions = [DebateQuestion(f"q{place}", text) for place, text in enumerate(texts)]
    return screen(questions, parts, Unwatched())


def test_harm_is_blocked_and_policies_are_allowed(parts: ScreenParts) -> None:
    found = judged(
        [
            "Should all Muslims be deported?",
            "Should shops close on Sundays?",
            "Should the number of immigrants be limited?",
            "Would society be better off if certain communities lived elsewhere?",
        ],
        parts,
    )
    assert [decision.verdict for decision in found] == ["block", "allow", "allow", "block"]
    assert [decision.question for decision in found] == ["q0", "q1", "q2", "q3"]
    assert found[0].severity == 3
    assert found[1].severity == 0
    assert {reason.source for reason in found[0].reasons} == {"rule", "neighbour"}
    weights = [reason.weight for reason in found[0].reasons]
    assert weights == sorted(weights, reverse=True)


def test_it_judges_alike_whichever_group_is_named(parts: ScreenParts) -> None:
    sets = [json.loads(line) for line in SETS.read_text("utf-8").splitlines()]
    for label in ("block", "allow"):
        flagged: dict[str, list[bool]] = {}
        for one in sets:
            if one["label"] != label:
                continue
            decisions = judged(list(one["variants"].values()), parts)
            for group, decision in zip(one["variants"], decisions, strict=True):
                flagged.setdefault(group, []).append(decision.verdict != "allow")
        shares = [float(np.mean(hits)) for hits in flagged.values()]
        assert max(shares) - min(shares) <= 0.03
        assert (min(shares) >= 0.9) if label == "block" else (max(shares) <= 0.15)


def test_the_hand_written_seeds_pass(parts: ScreenParts) -> None:
    questions = [*seeds("en"), *seeds("es")]
    decisions = screen(questions, parts, Unwatched())
    flagged = [q.text for q, d in zip(questions, decisions, strict=True) if d.verdict != "allow"]
    assert not flagged


def test_odd_texts_are_judged_too(parts: ScreenParts) -> None:
    texts = ["", "?", "a" * 5000, "\x00\x07", "((", "Should " + "very " * 900 + "big dogs bark?"]
    assert "block" not in [decision.verdict for decision in judged(texts, parts)]
    assert judged([], parts) == []


def test_the_same_comes_out_again_and_in_batches(parts: ScreenParts) -> None:
    rules_only = ScreenParts(None)
    texts = [f"Should tram {number} be free?" for number in range(BATCH + 3)]
    texts[BATCH] = "Should Jews be killed?"
    decisions = judged(texts, rules_only)
    assert [d.question for d in decisions if d.verdict == "block"] == [f"q{BATCH}"]
    assert judged(texts, rules_only) == decisions
    assert judged(texts[:3], parts) == judged(texts[:3], parts)


def test_decisions_come_as_questions_do() -> None:
    read = 0

    def endless() -> Iterator[DebateQuestion]:
        nonlocal read
        while True:
            read += 1
            yield DebateQuestion(str(read), "Should trams be free?")

    decisions = screened(endless(), ScreenParts(None), Unwatched())
    assert next(decisions).question == "1"
    assert read == BATCH


def test_it_can_be_stopped() -> None:
    class Stopping(Unwatched):
        def stopped(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        screen([DebateQuestion("1", "Should trams be free?")], ScreenParts(None), Stopping())


def test_evidence_of_one_source_counts_once() -> None:
    rule = Reason("rule", "removal", "", 0.5)
    assert probability([]) == 0
    assert probability([rule, rule]) == pytest.approx(0.5)
    assert probability([rule, Reason("neighbour", "removal", "", 0.5)]) == pytest.approx(0.75)
    assert probability([Reason("rule", "violence", "", 1.0)]) == 1


def test_a_disguise_alone_blocks_nothing_but_is_told() -> None:
    [decision] = judged(["Should tr\u200bams be free?"], ScreenParts(None))
    assert decision.verdict == "allow"
    assert decision.reasons[0].kind == "disguise"


def test_another_embedder_gets_a_model_of_its_own() -> None:
    neighbours = LabelledNeighbours(HashedEmbedder(), labelled_examples()[::4])
    parts = ScreenParts(neighbours, rules=False)
    found = judged(["Should Jews be driven out of our country?", "Should cats be kept?"], parts)
    assert found[0].reasons[0].source == "neighbour"
    assert found[0].reasons[0].weight > 0.6
    assert found[1].verdict == "allow"
