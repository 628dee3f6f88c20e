"""One result of every kind that a report has to show."""

from __future__ import annotations

from dataclasses import replace

from acuerdo.domain.ballots import Margin
from acuerdo.domain.records import PersonId, Rating
from acuerdo.domain.rounds import Problem, RoundResult, Terms
from tests.factories import (
    OPINIONS,
    TEXTS,
    make_candidate,
    make_no_statement,
    make_rejected,
    make_result,
    make_round,
)

NAN = float("nan")
SENTENCES = {"Ana": "Cars are loud.", "Ben": "My shop needs parking.", "Chloé": "Let us play."}
ARABIC_OPINIONS = {
    "أنا": "السيارات تجعل الشارع صاخباً. أريد إغلاقه في عطلة نهاية الأسبوع.",
    "بن": "متجري يعيش من الناس الذين يوقفون سياراتهم أمامه.",
    "كلوي": "يجب أن يتمكن الأطفال من اللعب في الخارج.",
}
ARABIC_TEXTS = (
    "نغلق الشارع الرئيسي أمام السيارات أيام الأحد ونبقي مسار الحافلات مفتوحاً.",
    "نبقي الشارع مفتوحاً ونخفض السرعة إلى 20 كيلومتراً في الساعة.",
    "نجرّب يوماً واحداً في الشهر بلا سيارات ونقرر بعد عام.",
)


def agreement() -> RoundResult:
    """Everything at once: a tie of rules, own ratings, a slate, problems, rejected drafts."""
    round_ = make_round(
        previous="We close the street for good.",
        ratings=(Rating(PersonId("Ana"), make_candidate(TEXTS[2]).id, 5),),
    )
    return make_result(
        [[6.2, 3.1, 5.0], [2.3, 5.8, 4.6], [5.9, 4.2, 5.6]],
        round_=round_,
        known=((0, 2),),
        least_covered=SENTENCES,
        rejected=(
            make_rejected(),
            make_rejected("We think that", "cut_off", "It ends in mid-sentence."),
            make_rejected(OPINIONS["Ben"], "copy_of_opinion", "It is Ben's opinion."),
        ),
        slate=(0, 1),
        problems=(Problem("draft", "timeout", "the model did not answer within 60 s", 3),),
    )


def no_statement_first() -> RoundResult:
    """ "No statement" wins; people divide over the first text."""
    columns = (*(make_candidate(text) for text in TEXTS), make_no_statement())
    return make_result(
        [[5.1, 3.0, 2.0, 4.0], [1.5, 3.6, 2.2, 4.0], [2.0, 3.4, 2.4, 4.0]],
        candidates=columns,
        least_covered=SENTENCES,
    )


def too_little_support() -> RoundResult:
    """A text wins, but fewer lean towards it than the group asked for."""
    round_ = make_round(terms=Terms(threshold=0.9))
    return make_result([[6.5, 2.0, 2.0], [3.0, 2.0, 2.5], [6.0, 1.5, 2.0]], round_=round_)


def no_candidates() -> RoundResult:
    """Nothing could be drafted."""
    return make_result(
        [[], [], []],
        candidates=(),
        rejected=(make_rejected(),) * 4,
        problems=(Problem("draft", "connection", "the server cannot be reached", 16),),
    )


def undecided() -> RoundResult:
    """Nobody has a value for every statement."""
    return make_result([[NAN, 3.0, 2.5], [2.0, NAN, 5.0], [NAN, NAN, NAN]])


def extractive() -> RoundResult:
    """A text assembled from people's sentences beats the model, by a firm margin."""
    columns = (make_candidate(TEXTS[0]), make_candidate(TEXTS[2], origin="extractive"))
    return make_result(
        [[3.0, 5.5], [4.0, 5.0], [2.0, 6.0]],
        candidates=columns,
        margin=Margin(ballots=2, kind="at_most", at_least=2, fragile=False),
    )


def someones_opinion() -> RoundResult:
    """One person's opinion comes first, another's second."""
    columns = (
        make_candidate(OPINIONS["Ana"], origin="opinion", author="Ana"),
        make_candidate(OPINIONS["Ben"], origin="longest", author="Ben"),
    )
    return make_result(
        [[7.0, 2.0], [4.5, 6.0], [5.5, 4.0]], candidates=columns, least_covered=SENTENCES
    )


def absent_person() -> RoundResult:
    """Somebody on the roster wrote nothing and abstains."""
    round_ = make_round(roster=(PersonId("Dario"),))
    return make_result(
        [[6.2, 3.1, 5.4], [2.3, 5.8, 4.6], [5.9, 4.2, 5.6], [NAN, NAN, NAN]], round_=round_
    )


def arabic() -> RoundResult:
    """Everything people wrote runs from right to left."""
    round_ = make_round(
        ARABIC_OPINIONS, question="هل ينبغي إغلاق شارعنا أمام السيارات؟", language="ar"
    )
    return make_result(
        round_=round_,
        candidates=tuple(make_candidate(text) for text in ARABIC_TEXTS),
        least_covered={"بن": "متجري يعيش من الناس الذين يوقفون سياراتهم أمامه."},
    )


def crowd() -> RoundResult:
    """Thirty people, sixteen statements and "no statement": the largest round there is."""
    people = {
        f"Person with a rather long name {i}" if i == 7 else f"Person {i}": f"I hold view {i}. So."
        for i in range(30)
    }
    columns = [make_candidate(f"We agree on point {i}. " + TEXTS[i % 3] * 3) for i in range(16)]
    columns = [
        replace(one, provenance=replace(one.provenance, order=tuple(map(PersonId, people))))
        for one in columns
    ]
    expected = [[1 + (i * 7 + j * 11) % 61 / 10 for j in range(16)] + [4.0] for i in range(30)]
    return make_result(
        expected,
        round_=make_round(people),
        candidates=(*columns, make_no_statement()),
        least_covered=dict.fromkeys(people, "I hold this view."),
    )


ALL = {
    case.__name__: case
    for case in (
        agreement,
        no_statement_first,
        too_little_support,
        no_candidates,
        undecided,
        extractive,
        someones_opinion,
        absent_person,
        arabic,
        crowd,
    )
}
