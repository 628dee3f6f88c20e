"""Writing the report: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from acuerdo import api
from acuerdo.domain.errors import StorageError
from acuerdo.domain.rounds import RoundResult
from acuerdo.report import render_html


def write_report(result: RoundResult, path: Path) -> None:
    """Write the HTML report; raises StorageError if it cannot be written."""
    page = render_html(
        result,
        explanations=api.rule_explanations(),
        made_at=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M %Z"),
        version=api.version(),
    )
    write_whole(page, path)


def write_whole(text: str, path: Path) -> None:
    """Write beside the target and move into place, so that nobody finds half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(
            f"the report could not be written: {error.strerror or error}",
            where=str(path),
            fix="Choose another place with --report, or make room on the disk.",
        ) from error
