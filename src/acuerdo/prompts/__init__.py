"""Prompts: templates and the one renderer, shared by drafting, judging and fine-tuning."""

from acuerdo.prompts.quoting import one_line
from acuerdo.prompts.renderer import (
    EXAMPLE,
    TEMPLATES,
    check_template,
    example_in,
    render_draft,
    render_judge,
    render_judgement,
    render_questions,
    render_questions_continued,
    render_screening,
    speakers,
    template_hash,
)
from acuerdo.prompts.replies import reply_with, statement_from

__all__ = [
    "EXAMPLE",
    "TEMPLATES",
    "check_template",
    "example_in",
    "one_line",
    "render_draft",
    "render_judge",
    "render_judgement",
    "render_questions",
    "render_questions_continued",
    "render_screening",
    "reply_with",
    "speakers",
    "statement_from",
    "template_hash",
]
