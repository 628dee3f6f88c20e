"""The page: well formed, in order, honest about every outcome, and closed to the outside."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from acuerdo.domain.records import Critique, PersonId
from acuerdo.domain.rounds import RoundResult
from acuerdo.report import render_html
from tests.factories import OPINIONS, TEXTS, make_candidate, make_result, make_round
from tests.report import cases
from tests.report.markup import Markup

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(result: RoundResult, *, include_opinions: bool = True) -> str:
    return render_html(
        result,
        explanations={"mean": "The highest average agreement wins.", "plurality": "<b>"},
        made_at="17 May 2025",
        version="0.1.0",
        include_opinions=include_opinions,
    )


@pytest.mark.parametrize("name", cases.ALL)
def test_every_kind_of_result_makes_well_formed_html(name: str) -> None:
    html = page(cases.ALL[name]())
    assert html.lstrip().startswith("<!doctype html>")
    markup = Markup(html)
    assert markup.tags("html") == [{"lang": "en", "dir": "ltr"}]
    assert len(markup.tags("main")) == 1


@pytest.mark.parametrize("name", cases.ALL)
def test_headings_step_down_one_level_at_a_time(name: str) -> None:
    markup = Markup(page(cases.ALL[name]()))
    levels = [int(tag[1]) for tag, _ in markup.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", cases.ALL)
def test_nothing_is_fetched_from_anywhere(name: str) -> None:
    html = page(cases.ALL[name]())
    markup = Markup(html)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", html)
    assert {"script", "iframe", "object", "img", "form"}.isdisjoint(t for t, _ in markup.elements)
    links = [a.get("href") or "" for _, a in markup.elements if "href" in a]
    assert all(link.startswith("#") or link == "data:," for link in links)
    policy = [m for m in markup.tags("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert (policy[0]["content"] or "").startswith(POLICY)


@pytest.mark.parametrize("name", cases.ALL)
def test_every_link_and_label_leads_somewhere_and_no_id_is_used_twice(name: str) -> None:
    markup = Markup(page(cases.ALL[name]()))
    ids = [a["id"] for _, a in markup.elements if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in markup.tags("a")}
    targets |= {a["aria-labelledby"] for _, a in markup.elements if "aria-labelledby" in a}
    assert targets <= set(ids)


@pytest.mark.parametrize("name", cases.ALL)
def test_tables_have_captions_and_scoped_heads(name: str) -> None:
    markup = Markup(page(cases.ALL[name]()))
    assert len(markup.tags("caption")) == len(markup.tags("table"))
    assert all(head.get("scope") in ("col", "row") for head in markup.tags("th"))
    scrolled = [a for a in markup.tags("div") if a.get("class") == "scroll"]
    assert all(a["tabindex"] == "0" and a["role"] == "region" for a in scrolled)


def test_the_statement_stands_right_after_the_question_and_is_labelled() -> None:
    shown = Markup(page(cases.agreement())).text
    question, statement = "Should our main street be closed to cars?", TEXTS[2]
    label = "Written by a machine (tiny-model). 1 of 3 people rated it themselves"
    positions = [shown.index(question), shown.index(statement), shown.index(label)]
    assert positions == sorted(positions)


def test_sections_follow_the_reader_from_the_result_to_its_record() -> None:
    markup = Markup(page(cases.agreement()))
    ids = [a["aria-labelledby"] for a in markup.tags("section")]
    assert ids == [
        "outcome",
        "decided",
        "people",
        "left-out",
        "divides",
        "runner-up",
        "slate",
        "everything",
        "rules",
        "problems",
        "thrown",
        "record",
        "voices",
        "glossary",
    ]


@pytest.mark.parametrize(
    ("name", "headline", "why"),
    [
        ("no_statement_first", "No common ground was found", "“No statement” came first"),
        ("too_little_support", "No common ground was found", "Only 2 of 3 people"),
        ("no_candidates", "No statement could be written", "4 drafts had to be rejected"),
        ("undecided", "No decision could be made", "no ballot to count"),
    ],
)
def test_without_agreement_it_says_so_and_proposes_nothing(
    name: str, headline: str, why: str
) -> None:
    markup = Markup(page(cases.ALL[name]()))
    assert headline in markup.text
    assert why in markup.text
    assert "Proposed group statement" not in markup.text
    assert not [a for a in markup.tags("blockquote") if a.get("class") == "statement"]


def test_without_common_ground_the_points_of_difference_come_first() -> None:
    shown = Markup(page(cases.no_statement_first())).text
    assert shown.index("Where people differ") < shown.index("How much each person")
    assert "Ana agrees (5.1), Ben disagrees (1.5)" in shown
    assert "It is not a proposal." in shown


def test_a_winner_the_model_did_not_write_is_named_as_such() -> None:
    shown = Markup(page(cases.extractive())).text
    assert "Put together by a machine from people's own sentences." in shown
    assert "The model's drafts were weaker: of 2 texts, 1 of them by the model" in shown
    assert "At most 2 changed ballots of 3 could have changed the result, fewer than 2" in shown


def test_only_those_who_abstain_are_said_to() -> None:
    shown = Markup(page(cases.absent_person())).text
    assert "Decided on 3 of 4 people's predicted agreement" in shown
    assert shown.count("abstains") == 1
    assert "wrote nothing, abstains" in shown


def test_own_ratings_are_told_from_predictions_without_colour() -> None:
    html = page(cases.agreement())
    assert html.count("own rating</span>") == 2  # in the chart and in the table
    assert html.count('aria-hidden="true" class="own">■') == 1
    assert "1 of 9 values are own ratings, the rest predicted" in Markup(html).text


def test_numbers_have_one_decimal() -> None:
    shown = Markup(page(make_result([[5.123, 3.3, 4.9], [4.77, 3, 4], [6, 4, 5]]))).text
    assert "5.1 agree" not in shown
    assert "5.1 somewhat agree" in shown
    assert not re.search(r"\d\.\d\d", shown)


def test_problems_say_how_to_go_on() -> None:
    shown = Markup(page(cases.agreement())).text
    assert "Drafting: the model did not answer within 60 s (3 times)" in shown
    assert "Run the same command again with the same input and seed 7" in shown


def test_a_revision_shows_what_it_revised_and_what_people_said_about_it() -> None:
    round_ = make_round(
        previous="We ban cars.", critiques=(Critique(PersonId("Ben"), "Too hard."),)
    )
    shown = Markup(page(make_result(round_=round_))).text
    assert "We ban cars." in shown
    assert "On the previous statement: Too hard." in shown


def test_people_s_texts_run_in_their_own_direction_and_language() -> None:
    markup = Markup(page(cases.arabic()))
    assert {"dir": "auto", "lang": "ar"} in markup.tags("h1")
    prose = [a for a in markup.tags("p") if (a.get("class") or "").startswith("prose")]
    assert prose
    assert all(a["dir"] == "auto" and a["lang"] == "ar" for a in prose)


def test_a_language_that_is_no_code_is_left_out() -> None:
    markup = Markup(page(make_result(round_=make_round(language='en" onload="x'))))
    assert markup.tags("h1") == [{"dir": "auto"}]


def test_opinions_can_be_left_out() -> None:
    for case in (cases.agreement, cases.someones_opinion):
        shown = Markup(page(case(), include_opinions=False)).text
        assert "in their own words" not in shown.replace("opinion, in their words", "")
        assert OPINIONS["Ben"] not in shown
        assert not any(sentence in shown for sentence in cases.SENTENCES.values())
        assert OPINIONS["Ben"] in Markup(page(case())).text


def test_an_opinion_that_won_is_shown_even_so() -> None:
    shown = Markup(page(cases.someones_opinion(), include_opinions=False)).text
    assert OPINIONS["Ana"] in shown
    assert "its text is left out of this report" in shown


def test_every_statement_s_origin_is_told() -> None:
    candidate = make_candidate(
        TEXTS[0],
        author="big-model",
        template="reasoned",
        prompt_hash="feed",
        seed=99,
        order=(PersonId("Chloé"), PersonId("Ana"), PersonId("Ben")),
        attempt=3,
    )
    result = make_result([[5], [6], [5.5]], candidates=(candidate,))
    shown = Markup(page(result)).text
    assert "1 written by a language model (big-model) reasoned feed 99 3 3 1 2" in shown


def test_a_rule_without_an_explanation_is_only_named() -> None:
    result = make_result()
    renamed = replace(result.chosen, rule="ranked_pairs")
    shown = Markup(page(replace(result, chosen=renamed, rules={"ranked_pairs": renamed}))).text
    assert "by the rule “Ranked pairs”." in shown
