"""Questions in one line, and the language of a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from acuerdo.datasets import READERS
from acuerdo.datasets.judging.wording import language_of, question_text
from acuerdo.domain.judgements import SCALES


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Taxes", "", "Taxes"),
        ("", "Why?", "Why?"),
        ("Taxes", "This is __*closed*__.", "Taxes: This is closed."),
        ("A  b\n c", "**d** _e_ snake_case `f`", "A b c: d e snake_case f"),
        ("# Head", "[a link](http://x.org) to it", "Head: a link to it"),
        ("$15/hour", 'to ""preserve"" it', '$15/hour: to "preserve" it'),
    ],
)
def test_a_question_is_one_line_without_marks(title: str, description: str, text: str) -> None:
    assert question_text(title, description) == text


def test_a_long_question_is_cut_after_a_word() -> None:
    text = question_text("Title", "word, " * 100)
    assert len(text) <= 300
    assert text.endswith("word")
    assert len(question_text("", "word " * 60)) == 299
    assert len(question_text("", "字" * 400)) == 300


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The buses are late and that is not fair to us.", "en"),
        ("Die Busse sind zu spät und das ist nicht gerecht.", "de"),
        ("Les bus sont en retard et ce n'est pas juste pour les gens.", "fr"),
        ("Los autobuses llegan tarde y eso no es justo para los vecinos.", "es"),
        ("Os ônibus não são pontuais e isso não é justo com os vizinhos.", "pt"),
        ("バスが遅れるのは不公平です", "ja"),
        ("公車遲到是不公平的", "zh"),
        ("버스가 늦는 것은 불공평하다", "ko"),
        ("Автобусы опаздывают, и это несправедливо", "ru"),
        ("42!", ""),
        ("", ""),
        ("Xyzzy plugh", ""),
    ],
)
def test_the_language_of_a_conversation(text: str, language: str) -> None:
    assert language_of([text]) == language


def test_the_documentation_names_every_reader_and_scale() -> None:
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    section = page[page.index("## Judgements") : page.index("## Ballots")]
    missing = [name for name in (*READERS, *SCALES) if f"| `{name}` |" not in section]
    assert not missing
