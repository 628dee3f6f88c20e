"""The seed questions that the corpus grows from; drafted by a large language model to a brief."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

from acuerdo.domain.errors import SettingsError
from acuerdo.domain.questions import DebateQuestion, Origin

SEED_LANGUAGES: Final = ("en", "es")
_FIRST: Final = SEED_LANGUAGES[0]


@cache
def seeds(language: str = "en") -> tuple[DebateQuestion, ...]:
    """Return the seed questions of a language (ISO 639-1) with both answers, area and leaning.

    The same question has the same id in every language, followed by "-es" in Spanish. Raises
    SettingsError for a language that has no seeds.
    """
    if language not in SEED_LANGUAGES:
        raise SettingsError(
            f"there are no seed questions in the language {language!r}",
            where="language",
            fix=f"Choose one of {', '.join(SEED_LANGUAGES)}.",
        )
    text = (files("acuerdo.questions") / "data" / "seeds.jsonl").read_text("utf-8")
    ending = "" if language == _FIRST else f"-{language}"
    return tuple(
        DebateQuestion(
            id=row["id"] + ending,
            text=row[language],
            language=language,
            affirming=row[f"affirm_{language}"],
            negating=row[f"negate_{language}"],
            area=row["area"],
            leans=row["leans"],
            origin=Origin(by="seed"),
        )
        for row in map(json.loads, text.splitlines())
    )
