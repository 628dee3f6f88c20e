"""The page of a corpus in a real browser: every screen, no script, axe, reading by tap and key."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from acuerdo.report import render_corpus_html
from tests.report import corpora

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

WIDTHS = (320, 360, 1280)
SCHEMES = ("light", "dark")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = "document.querySelectorAll('details').forEach(part => { part.open = true })"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - needs sockets to be allowed

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(ARGUMENTS)
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one page of every kind."""
    folder = tmp_path_factory.mktemp("corpora")
    for name, report in corpora.ALL.items():
        html = render_corpus_html(report(), made_at="22 November 2026", version="0.1.0")
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


def opened(browser, path: Path, width: int, scheme: str):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.complaints, page.fetched = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.fetched.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", corpora.ALL)
def test_it_fits_every_screen_and_fetches_nothing(
    browser, pages: Path, name: str, scheme: str
) -> None:
    path = pages / f"{name}.html"
    page = opened(browser, path, WIDTHS[0], scheme)
    overflow = []
    for unfold in (False, True):
        if unfold:
            page.evaluate(UNFOLD)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            overflow.append(
                page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            )
    assert overflow == [0] * len(overflow)
    assert page.complaints == []
    assert [url for url in page.fetched if not url.startswith("data:")] == [path.as_uri()]
    page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", corpora.ALL)
def test_axe_finds_no_violation(browser, pages: Path, name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only needed here

    page = opened(browser, pages / f"{name}.html", WIDTHS[0], scheme)
    page.evaluate(UNFOLD)
    told = []
    for width in (WIDTHS[0], WIDTHS[-1]):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options={"runOnly": RULES}).response
        assert found["passes"]
        told += [
            f"{width} {violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
    assert told == []
    page.close()


def test_a_tap_on_a_mark_opens_its_topic_and_shows_the_question(browser, pages: Path) -> None:
    page = opened(browser, pages / "full.html", 360, "light")
    question = page.locator("#q5")
    assert not question.is_visible()
    page.locator("a[href='#q5']").evaluate("node => node.dispatchEvent(new MouseEvent('click'))")
    page.wait_for_function("document.querySelector('#q5').offsetParent !== null", timeout=5000)
    assert question.is_visible()
    page.close()


def test_all_questions_are_reached_by_keyboard_without_passing_every_mark(
    browser, pages: Path
) -> None:
    page = opened(browser, pages / "full.html", 1280, "light")
    stops = []
    for _ in range(6):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.tagName"))
    assert stops[:2] == ["A", "SUMMARY"]
    topic = page.evaluate("document.activeElement.closest('details').id")
    page.keyboard.press("Enter")
    assert page.locator(f"#{topic} li").first.is_visible()
    page.close()


def test_pointing_at_a_mark_brings_out_its_topic(browser, pages: Path) -> None:
    page = opened(browser, pages / "full.html", 1280, "light")
    mark = page.locator("a[href='#q9'] use")
    mark.scroll_into_view_if_needed()
    mark.hover(force=True)
    groups = "[...document.querySelectorAll('.map .t')].map(g => getComputedStyle(g).opacity)"
    for _ in range(100):
        shown = [float(value) for value in page.evaluate(groups)]
        if min(shown) < 0.2:
            break
        page.wait_for_timeout(20)
    assert sum(value > 0.5 for value in shown) == 1
    assert "number 8?" in page.locator("a[href='#q9'] title").text_content()
    page.close()


def test_on_paper_it_is_light_and_short(browser, pages: Path) -> None:
    page = opened(browser, pages / "full.html", 1280, "dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#q5").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    page.close()
