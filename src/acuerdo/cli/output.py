"""Writing the report: whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from acuerdo import api
from acuerdo.domain.rounds import RoundResult
from acuerdo.files import write_whole
from acuerdo.report import render_html


def write_report(result: RoundResult, path: Path) -> None:
    """Write the HTML report; raises StorageError if it cannot be written."""
    page = render_html(
        result,
        explanations=api.rule_explanations(),
        made_at=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        version=api.version(),
    )
    fix = "Choose another place with --report, or make room on the disk."
    write_whole(path, [page.encode()], "the report", fix)
