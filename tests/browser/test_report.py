"""The report in a real browser: it fits every screen, breaks no policy, and is accessible."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from acuerdo.report import render_html
from tests.report import cases

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
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one report of every kind."""
    folder = tmp_path_factory.mktemp("reports")
    for name, case in cases.ALL.items():
        html = render_html(
            case(),
            explanations={"mean": "The highest average agreement wins."},
            made_at="17 May 2025, 14:05",
            version="0.1.0",
        )
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder


class Visit:
    """An open report and whatever the browser complained about or tried to fetch."""

    def __init__(self, browser, path: Path, width: int, scheme: str) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.complaints: list[str] = []
        self.fetched: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.goto(path.as_uri())

    def resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 800})

    def overflow(self, width: int) -> int:
        """Return by how many pixels the page is wider than a screen of `width`."""
        self.resize(width)
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def unfold(self) -> None:
        self.page.evaluate(UNFOLD)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", cases.ALL)
def test_it_fits_every_screen_and_the_browser_has_nothing_to_complain_about(
    browser, reports: Path, name: str, scheme: str
) -> None:
    path = reports / f"{name}.html"
    visit = Visit(browser, path, WIDTHS[0], scheme)
    overflow = [visit.overflow(width) for width in WIDTHS]
    visit.unfold()
    overflow += [visit.overflow(width) for width in WIDTHS]
    assert overflow == [0] * len(overflow)
    assert visit.complaints == []
    assert [url for url in visit.fetched if not url.startswith("data:")] == [path.as_uri()]
    visit.page.close()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", cases.ALL)
def test_axe_finds_no_violation(browser, reports: Path, name: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only needed here

    visit = Visit(browser, reports / f"{name}.html", WIDTHS[0], scheme)
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


def test_the_wide_table_scrolls_by_keyboard_and_keeps_names_in_view(browser, reports: Path) -> None:
    visit = Visit(browser, reports / "crowd.html", 320, "light")
    table = visit.page.get_by_role("region", name="Agreement of every person")
    table.focus()
    for _ in range(8):
        visit.page.keyboard.press("ArrowRight")
    # Scrolling is smooth, and the page's policy forbids Playwright's own way of waiting for it.
    for _ in range(100):
        if table.evaluate("node => node.scrollLeft") > 40:
            break
        visit.page.wait_for_timeout(20)
    assert table.evaluate("node => node.scrollLeft") > 40
    head = table.get_by_role("rowheader").first.bounding_box()
    assert head["x"] == pytest.approx(table.bounding_box()["x"], abs=1)
    visit.page.close()


def test_a_number_in_the_table_leads_to_its_folded_text(browser, reports: Path) -> None:
    visit = Visit(browser, reports / "crowd.html", 360, "light")
    text = visit.page.locator("#statement-3")
    assert not text.is_visible()
    visit.page.locator("thead a[href='#statement-3']").click()
    assert text.is_visible()
    visit.page.close()


def test_every_opinion_and_statement_is_on_paper(browser, reports: Path) -> None:
    visit = Visit(browser, reports / "agreement.html", 1280, "dark")
    visit.page.emulate_media(media="print")
    for selector in (".voices > li", "#statement-2", ".glossary", ".origins"):
        assert visit.page.locator(selector).first.bounding_box()["height"] > 0
    assert visit.page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    assert visit.page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
    visit.page.close()
