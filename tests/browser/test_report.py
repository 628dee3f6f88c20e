"""The report in a real browser: it fits every screen, breaks no policy, and is accessible."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.report import render_html
from tests.browser.visits import RULES, SCHEMES, WIDTHS, Visit
from tests.report import cases

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


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
