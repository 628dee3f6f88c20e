"""Writing questions: how it ends, and that a stopped run goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.errors import Cancelled, SettingsError
from acuerdo.llm import ScriptedModel
from tests.questions.writing_parts import (
    SEEDS,
    Backwards,
    StopsAfter,
    WordSieve,
    journal_in,
    numbers_asked,
    options,
    parts,
    texts,
    written,
)


def test_it_stops_at_exactly_as_many_distinct_questions_as_wanted(tmp_path: Path) -> None:
    done = written(tmp_path, options(25))
    assert (done.state, done.why) == ("complete", "")
    assert len(done.questions) == len(set(texts(done.questions))) == 25
    assert len({question.id for question in done.questions}) == 25
    report = done.report
    assert report.admitted >= 25
    assert report.lines == 3 * report.requests
    assert report.rejects["not_a_question"] == report.requests
    assert report.duplicates == report.rejects["wording"] > 0
    assert report.admitted + sum(report.rejects.values()) == report.lines
    assert 0 < report.share_admitted < 2 / 3
    assert report.seconds > 0


def test_every_question_says_where_it_comes_from(tmp_path: Path) -> None:
    made = parts()
    done = written(tmp_path, options(10), made)
    assert isinstance(made.model, ScriptedModel)
    by_seed = {request.seed: request for request in made.model.seen}
    shown = {seed.id: seed.text for seed in SEEDS}
    for question in done.questions:
        origin = question.origin
        request = by_seed[origin.seed]
        assert (origin.by, origin.model) == ("model", "scripted")
        assert origin.prompt_hash == request.prompt_hash
        assert len(origin.shown) == 4
        assert all(shown[name] in request.messages[-1].content for name in origin.shown)


def test_a_smaller_wish_is_the_beginning_of_a_larger_one(tmp_path: Path) -> None:
    few, many = written(tmp_path / "a", options(10)), written(tmp_path / "b", options(30))
    assert many.questions[:10] == few.questions
    more = written(tmp_path / "a", options(30))
    assert more.questions == many.questions


@pytest.mark.parametrize("looks", [1, 2, 5, 9, 17, 23])
def test_a_stopped_run_goes_on_as_if_it_had_never_stopped(tmp_path: Path, looks: int) -> None:
    whole = written(tmp_path / "whole", options())
    for _ in range(200):
        try:
            pieced = written(tmp_path / "pieced", options(), watch=StopsAfter(looks))
            break
        except Cancelled:
            continue
    else:
        pytest.fail("it never ends")
    assert pieced.questions == whole.questions
    # The whole run finishes the round in which the last question came.
    records = journal_in(tmp_path / "whole", parts(), options()).records
    asked = numbers_asked(tmp_path / "pieced", options())
    assert asked == [record.number for record in records[: len(asked)]]
    assert len(records) - len(asked) < options().at_once
    assert pieced.report.lines == sum(record.lines for record in records[: len(asked)])


@pytest.mark.parametrize("kept", [0.1, 0.45, 0.5, 0.9, 0.99])
def test_a_killed_run_goes_on_from_its_last_whole_line(tmp_path: Path, kept: float) -> None:
    whole = written(tmp_path, options())
    path = tmp_path / "requests.jsonl"
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    again = written(tmp_path, options())
    assert again.questions == whole.questions
    asked = numbers_asked(tmp_path, options())
    assert asked == list(range(len(asked)))
    assert again.report.lines == 3 * len(asked)


def test_a_finished_corpus_asks_for_nothing(tmp_path: Path) -> None:
    first = written(tmp_path, options(10))
    made = parts()
    again = written(tmp_path, options(10), made)
    assert isinstance(made.model, ScriptedModel)
    assert made.model.seen == ()
    assert again == first


def test_it_does_not_matter_which_reply_comes_first(tmp_path: Path) -> None:
    backwards = written(tmp_path / "a", options(), parts(Backwards()))
    assert backwards.questions == written(tmp_path / "b", options()).questions


def test_a_model_that_returns_the_same_line_for_ever_is_stalled(tmp_path: Path) -> None:
    made = parts(lambda request: "1. Should we plant trees?")
    done = written(tmp_path, options(10, patience=12), made)
    assert done.state == "stalled"
    assert texts(done.questions) == ["Should we plant trees?"]
    # The round in which the twelfth comes is finished: rounds of four, one of them with news.
    assert done.report.requests == 16
    assert "--patience" in done.why
    again = written(tmp_path, options(10, patience=12), made)
    assert (again.state, again.report) == ("stalled", done.report)
    assert written(tmp_path, options(10, patience=20), made).report.requests == 24


def test_an_empty_reply_is_no_news(tmp_path: Path) -> None:
    done = written(tmp_path, options(patience=4), parts(lambda request: ""))
    assert (done.state, done.questions, done.report.lines) == ("stalled", (), 0)


def test_repeats_of_a_seed_are_told_from_repeats_of_each_other(tmp_path: Path) -> None:
    reply = f"{SEEDS[3].text}\nIs it time to go?\nIs it time to go?\nIs the tranvía free?"
    done = written(tmp_path, options(1, at_once=1), parts(lambda request: reply))
    assert done.report.rejects == {"wording": 2, "language": 1}
    assert done.report.duplicates_of_seeds == 1


def test_all_lines_of_a_round_go_through_the_sieve_at_once(tmp_path: Path) -> None:
    sieve = WordSieve()
    done = written(tmp_path, options(20), parts(sieve=sieve))
    assert sieve.calls == done.report.requests / 4


def test_tokens_stay_below_the_ceiling_and_more_can_be_had(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole", options())
    ceiling = 3500
    done = written(tmp_path / "cut", options(max_tokens=ceiling))
    assert done.state == "ceiling"
    assert 0 < done.report.tokens <= ceiling
    assert "--max-tokens" in done.why
    assert written(tmp_path / "cut", options(max_tokens=ceiling)).report == done.report
    assert written(tmp_path / "cut", options()).questions == whole.questions


def test_a_ceiling_below_a_single_request_asks_nothing(tmp_path: Path) -> None:
    done = written(tmp_path, options(max_tokens=5))
    assert (done.state, done.report.requests) == ("ceiling", 0)


def test_progress_tells_rate_yield_and_time_left(tmp_path: Path) -> None:
    watch = StopsAfter()
    written(tmp_path, options(25), watch=watch)
    assert [(p.stage, p.total) for p in watch.seen] == [("questions", 25)] * len(watch.seen)
    assert [p.done for p in watch.seen] == sorted(p.done for p in watch.seen)
    assert (watch.seen[0].done, watch.seen[-1].done) == (0, 25)
    assert watch.seen[0].note == ""
    for part in ("a minute", "% of lines new", "left at this rate"):
        assert part in watch.seen[1].note


def test_other_options_are_refused(tmp_path: Path) -> None:
    written(tmp_path, options(5))
    for other in (options(5, seed=1), options(5, temperature=1.0)):
        with pytest.raises(SettingsError, match="other options"):
            written(tmp_path, other)


@pytest.mark.parametrize("wrong", ["count", "shown", "per_request", "patience", "at_once"])
def test_options_out_of_range_are_named(wrong: str) -> None:
    changes: dict[str, Any] = {wrong: 0}
    with pytest.raises(SettingsError, match=wrong):
        replace(options(), **changes)
