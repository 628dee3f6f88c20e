"""The page of a corpus: complete, well formed, harmless whatever the questions say, small."""

from __future__ import annotations

import re

import pytest

from acuerdo.report import CorpusReport, MapPoint, TopicSize, render_corpus_html
from acuerdo.report.questions.marks import COLOURS, SHAPES, marks_of
from acuerdo.report.questions.scatter import HIGHEST, LOWEST, WIDTH, question_map
from tests.report import corpora
from tests.report.markup import Markup


class Page(Markup):
    """SVG has further elements that close themselves."""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"use", "path"}:
            self.elements.append((tag, dict(attrs)))
        else:
            super().handle_startendtag(tag, attrs)


def html_of(report: CorpusReport) -> str:
    return render_corpus_html(report, made_at="22 November 2026", version="0.1.0")


@pytest.mark.parametrize("name", corpora.ALL)
def test_it_is_well_formed_and_points_only_to_what_is_there(name: str) -> None:
    page = Page(html_of(corpora.ALL[name]()))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    targets = {
        str(attributes["href"]).removeprefix("#")
        for tag, attributes in page.elements
        if tag in {"a", "use"}
    }
    assert targets <= set(ids)
    for attributes in (a for _, a in page.elements):
        assert set(str(attributes.get("aria-labelledby") or "").split()) <= set(ids)


@pytest.mark.parametrize("name", corpora.ALL)
def test_it_loads_nothing_and_runs_nothing(name: str) -> None:
    html = html_of(corpora.ALL[name]())
    page = Page(html)
    assert not page.tags("script")
    assert not page.tags("img")
    assert not [key for _, attributes in page.elements for key in attributes if key[:2] == "on"]
    assert "http" not in re.sub(r'http-equiv="', "", html)
    (policy,) = [tag["content"] for tag in page.tags("meta") if tag.get("http-equiv")]
    assert str(policy).startswith("default-src 'none'")


def test_every_question_stands_in_the_list_and_on_the_map() -> None:
    report = corpora.full()
    page = Page(html_of(report))
    listed = [a["id"] for a in page.tags("li") if re.fullmatch(r"q\d+", a.get("id") or "")]
    assert len(listed) == len(page.tags("use")) == report.count
    for point in report.points:
        assert point.text in page.text


def test_what_is_counted_is_said() -> None:
    text = Page(html_of(corpora.full())).text
    for said in (
        "240 questions on 12 topics",
        "in English and Spanish",
        "98 % of them come with a sentence for yes and one for no",
        "4 questions (2 %) have a near copy",
        "1 is held out whole",
        "in 13 questions and keep things as they are in 9 (59 % and 41 %)",
        "for 7 (3 %) it is 0.90 or more",
        "72 more were written or handed in and did not stay: 77 % of all stayed",
        "Left out: 1; waiting for a person: 2",
        "Written by a language model: a small model",
        "Apache-2.0",
        "2 questions far from the others",
    ):
        assert said in text, said


def test_an_empty_corpus_is_a_page_without_empty_parts() -> None:
    page = Page(html_of(corpora.empty()))
    assert "0 questions" in page.text
    assert [tag for tag, _ in page.elements if tag == "h2"] == ["h2", "h2"]


def test_hostile_texts_are_shown_and_do_nothing() -> None:
    page = Page(html_of(corpora.hostile()))
    assert corpora.HOSTILE in page.text
    assert "? half" in page.text


def test_more_questions_than_points_are_told() -> None:
    report = corpora.full()
    more = CorpusReport(
        title="Many",
        count=100_000,
        points=report.points,
        topics=(TopicSize(0, "trees", 100_000),),
    )
    text = Page(html_of(more)).text
    assert "It shows 240 of the questions, drawn by lot" in text
    assert "of them are shown" in text


def test_a_corpus_of_the_published_size_stays_below_three_megabytes() -> None:
    points = tuple(
        MapPoint(
            k % 83, k % 89, f"S17396{k}", f"Should the government of {k} do it {'x' * 60}?", k % 105
        )
        for k in range(5645)
    )
    topics = tuple(TopicSize(k, f"topic, words, {k}", 54) for k in range(105))
    html = html_of(CorpusReport(title="Many", count=5645, points=points, topics=topics))
    assert len(html.encode()) < 3_000_000


def test_neighbouring_topics_have_different_marks() -> None:
    centres = [(x * 100.0, y * 100.0) for x in range(12) for y in range(9)]
    marks = marks_of(centres)
    assert {colour for colour, _ in marks} == set(range(COLOURS))
    assert {shape for _, shape in marks} == set(range(len(SHAPES)))
    for place, mark in zip(centres, marks, strict=True):
        for other, same in zip(centres, marks, strict=True):
            near = abs(place[0] - other[0]) + abs(place[1] - other[1]) <= 100
            assert not (near and place != other and mark == same)


def test_places_stay_inside_and_labels_do_not_touch() -> None:
    far = tuple(MapPoint(x, y, "far", "Why?") for x, y in ((-50, -50), (50, 50)))
    close = tuple(
        MapPoint(k % 7, topic + k % 3, f"q{topic}-{k}", "Why?", topic)
        for topic in range(9)
        for k in range(20)
    )
    topics = tuple(TopicSize(k, f"street trees {k}", 20) for k in range(9))
    report = CorpusReport(title="", count=182, points=far + close, topics=topics)
    found = question_map(report)
    assert found is not None
    assert LOWEST <= found.height <= HIGHEST
    dots = [dot for cluster in found.clusters for dot in cluster.dots]
    assert all(0 < dot.x < WIDTH and 0 < dot.y < found.height for dot in dots)
    assert len(topics) > len(found.wide) > len(found.narrow) > 0
    for k, one in enumerate(found.wide):
        for other in found.wide[k + 1 :]:
            apart = abs(one.x - other.x) > 0.29 * 15 * (len(one.text) + len(other.text)) - 1
            assert apart or abs(one.y - other.y) >= 15


@pytest.mark.parametrize("places", [[(0, 0)], [(1, 1), (1, 1)], [(0, 0), (5, 0)], [(0, 0), (0, 5)]])
def test_maps_without_breadth_can_be_drawn(places: list[tuple[float, float]]) -> None:
    points = tuple(MapPoint(x, y, f"q{k}", "Why?") for k, (x, y) in enumerate(places))
    found = question_map(CorpusReport(title="", count=len(points), points=points))
    assert found is not None
    assert all(0 < dot.x < WIDTH and 0 < dot.y < found.height for dot in found.clusters[0].dots)
