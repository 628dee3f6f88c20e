"""Pages opened in a real browser, and whatever it complained about or tried to fetch."""

from __future__ import annotations

from pathlib import Path

WIDTHS = (320, 360, 1280)
SCHEMES = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = "document.querySelectorAll('details').forEach(part => { part.open = true })"


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
