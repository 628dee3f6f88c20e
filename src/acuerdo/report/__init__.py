"""Ways to show a `RoundResult`: a page for people, plain data for programs, a terminal view."""

from acuerdo.report.json_data import as_json
from acuerdo.report.page import render_html
from acuerdo.report.terminal import print_result

__all__ = ["as_json", "print_result", "render_html"]
