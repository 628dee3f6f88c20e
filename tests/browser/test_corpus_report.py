"""The page of a corpus in a real browser: every screen, no script, axe, reading by tap and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.report import render_corpus_html
from tests.browser.visits import RULES, SCHEMES, WIDTHS, Visit
from tests.report import corpora

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one page of every kind."""
    folder = tmp_path_factory.mktemp("corpora")
    for name, report in corpora.ALL.items():
        html = render_corpus_html(report(), made_at="22 November 2026", version="0.1.0")
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", corpora.ALL)
def test_it_fits_every_screen_and_fetches_nothing(
    browser, pages: Path, name: str, scheme: str
) -> None:
    path = pages / f"{name}.html"
    visit = Visit(browser, path, WIDTHS[0], scheme)
    overflow = [visit.overflow(width) for width in WIDTHS]
    visit.unfold()
    overflow += [visit.overflow(width) for width in WIDTHS]
    assert overflow == [0] * len(overflow)
    assert visit.complaints == []
    assert [url for url in visit.fetched if not url.startswith("data:")] == [path.as_uri()]
    visit.page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", corpora.ALL)
def test_axe_finds_no_violation(browser, pages: Path, name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only needed here

    visit = Visit(browser, pages / f"{name}.html", WIDTHS[0], scheme)
    visit.unfold()
    told = []
    for width in (WIDTHS[0], WIDTHS[-1]):
        visit.resize(width)
        found = Axe().run(visit.page, options={"runOnly": RULES}).response
        assert found["passes"]
        told += [
            f"{width} {violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
    assert told == []
    visit.page.close()


def test_a_tap_on_a_mark_opens_its_topic_and_shows_the_question(browser, pages: Path) -> None:
    visit = Visit(browser, pages / "full.html", 360, "light")
    question = visit.page.locator("#q5")
    assert not question.is_visible()
    visit.page.locator("a[href='#q5']").evaluate(
        "node => node.dispatchEvent(new MouseEvent('click'))"
    )
    visit.page.wait_for_function(
        "document.querySelector('#q5').offsetParent !== null", timeout=5000
    )
    assert question.is_visible()
    visit.page.close()


def test_all_questions_are_reached_by_keyboard_without_passing_every_mark(
    browser, pages: Path
) -> None:
    visit = Visit(browser, pages / "full.html", 1280, "light")
    stops = []
    for _ in range(6):
        visit.page.keyboard.press("Tab")
        stops.append(visit.page.evaluate("document.activeElement.tagName"))
    assert stops[:2] == ["A", "SUMMARY"]
    topic = visit.page.evaluate("document.activeElement.closest('details').id")
    visit.page.keyboard.press("Enter")
    assert visit.page.locator(f"#{topic} li").first.is_visible()
    visit.page.close()


def test_pointing_at_a_mark_brings_out_its_topic(browser, pages: Path) -> None:
    visit = Visit(browser, pages / "full.html", 1280, "light")
    mark = visit.page.locator("a[href='#q9'] use")
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    groups = "[...document.querySelectorAll('.map .t')].map(g => getComputedStyle(g).opacity)"
    for _ in range(100):
        shown = [float(value) for value in visit.page.evaluate(groups)]
        if min(shown) < 0.2:
            break
        visit.page.wait_for_timeout(20)
    assert sum(value > 0.5 for value in shown) == 1
    assert "number 8?" in visit.page.locator("a[href='#q9'] title").text_content()
    visit.page.close()


def test_on_paper_it_is_light_and_short(browser, pages: Path) -> None:
    visit = Visit(browser, pages / "full.html", 1280, "dark")
    visit.page.emulate_media(media="print")
    assert (
        visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert not visit.page.locator("#q5").is_visible()
    assert visit.page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    visit.page.close()
