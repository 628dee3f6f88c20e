"""Which column of a table of questions holds what, and what other corpora call the splits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from acuerdo.datasets.columns import normalised
from acuerdo.domain.errors import InputError
from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS, TRAIN


@dataclass(frozen=True, slots=True)
class QuestionColumns:
    """The column that holds each field of a question; "" means: recognise it by its name.

    Matching ignores case, accents and punctuation. "-" means: there is none, whatever its name.
    """

    id: str = ""
    text: str = ""
    language: str = ""
    affirming: str = ""
    negating: str = ""
    area: str = ""
    leans: str = ""
    topic: str = ""
    outlier: str = ""
    split: str = ""
    origin: str = ""
    source: str = ""
    licence: str = ""


FIELDS: Final = tuple(field.name for field in fields(QuestionColumns))
"""What a column can hold. `source` and `licence` are parts of the origin."""
NO_COLUMN: Final = "-"

# Each field has groups of names: within one row the first group with a match decides.
_WELL_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id, question_id, questionid, key, uid", "number, nr, no"),
    "text": (
        """question, question_text, debate_question, pregunta, frage, domanda, pergunta, vraag,
        pytanie, soru, вопрос, 问题, 問題, 質問, 질문, السؤال, คำถาม""",
        "text, title, motion, texto, texte, testo",
    ),
    "language": ("language, lang, locale, idioma, langue, sprache, lingua",),
    "affirming": (
        """affirming, affirming_statement, affirmative, affirmative_statement, affirmation,
        afirmación, statement_yes""",
        "pro, yes",
    ),
    "negating": (
        """negating, negating_statement, negative_statement, negation, negación, statement_no""",
        "con, no statement",
    ),
    "area": ("area, field_of_life, category, categoría, catégorie, kategorie, área",),
    "leans": ("leans, leaning, direction",),
    "topic": ("topic, topic_id, cluster, cluster_id, tema, thema",),
    "outlier": ("outlier, is_outlier",),
    "split": ("split, subset, partition",),
    "origin": ("origin, provenance",),
    "source": ("source, fuente, quelle",),
    "licence": ("licence, license, licencia, lizenz",),
}
_RECOGNISED: Final = {
    field: tuple(frozenset(normalised(name) for name in group.split(",")) for group in groups)
    for field, groups in _WELL_KNOWN.items()
}

SPLIT_NAMES: Final[Mapping[str, str]] = {
    "train": TRAIN,
    "training": TRAIN,
    "iid_test": KNOWN_TOPICS,
    "known_topics": KNOWN_TOPICS,
    "ood_test": NEW_TOPICS,
    "new_topics": NEW_TOPICS,
}
"""What corpora call the splits, by our names. "test" alone could be either: it is no name."""
PUBLISHED_SPLITS: Final[Mapping[str, str]] = {
    TRAIN: "train",
    KNOWN_TOPICS: "iid_test",
    NEW_TOPICS: "ood_test",
    "": "",
}
"""Our splits by the names of the published corpus."""


def columns_of(found: Sequence[str], columns: QuestionColumns, where: str) -> Mapping[str, str]:
    """Return the column that holds each field, without fields that no column holds.

    Raises InputError if a named column does not exist, if several columns could be meant, or if
    none holds the question.
    """
    named = {name for field in FIELDS if (name := getattr(columns, field)) not in ("", NO_COLUMN)}
    taken = {normalised(name) for name in named}
    used: dict[str, str] = {}
    for field in FIELDS:
        wanted = getattr(columns, field)
        matches = _matching(field, wanted, found, taken)
        if len(matches) > 1:
            raise InputError(
                f"more than one column could be the {_spoken(field)}: {_listed(matches)}",
                where=where,
                fix=f"Say which one to read, for example {_option(field)}={matches[-1]}.",
            )
        if not matches and wanted not in ("", NO_COLUMN):
            raise InputError(
                f"there is no column {wanted!r} for the {_spoken(field)}; "
                f"the columns are {_listed(found)}",
                where=where,
                fix="Name one of these, spelled as in the file.",
            )
        if matches:
            used[field] = matches[0]
    if "text" not in used:
        raise InputError(
            f"no column is recognised as the question; the columns are {_listed(found)}",
            where=where,
            fix="Say which one to read, for example "
            f"question={found[-1] if found else 'NAME'}, or give the columns names.",
        )
    return used


def column_notes(used: Mapping[str, str]) -> tuple[str, ...]:
    """Say which columns were read for fields that are not their own name."""
    return tuple(
        f"column {column!r} read as the {_spoken(field)}"
        for field, column in used.items()
        if normalised(column) not in (_option(field), field, f"{field} statement")
    )


def columns_named(pairs: Iterable[str]) -> QuestionColumns:
    """Return the columns named by texts such as "question=Frage"; raises InputError otherwise."""
    found: dict[str, str] = {}
    for pair in pairs:
        field, separator, column = pair.partition("=")
        field = {"question": "text"}.get(field.strip().casefold(), field.strip().casefold())
        if not separator or field not in FIELDS or not column.strip():
            raise InputError(
                f"{pair!r} does not name a column",
                where="--column",
                fix="Write FIELD=COLUMN, where FIELD is one of "
                f"{', '.join(_option(known) for known in FIELDS)}.",
            )
        found[field] = column.strip()
    return QuestionColumns(**found)


def _matching(field: str, wanted: str, found: Sequence[str], taken: set[str]) -> tuple[str, ...]:
    if wanted == NO_COLUMN:
        return ()
    if wanted:
        exact = tuple(column for column in found if column == wanted)
        return exact or tuple(c for c in found if normalised(c) == normalised(wanted))
    free = [column for column in found if normalised(column) not in taken]
    groups = (tuple(c for c in free if normalised(c) in names) for names in _RECOGNISED[field])
    return next((group for group in groups if group), ())


def _option(field: str) -> str:
    return "question" if field == "text" else field


def _spoken(field: str) -> str:
    words = {
        "affirming": "affirming statement",
        "negating": "negating statement",
        "area": "field of life",
        "leans": "direction of a yes",
    }
    return words.get(field, _option(field))


def _listed(columns: Sequence[str]) -> str:
    shown = [repr(column if len(column) <= 40 else f"{column[:40]}…") for column in columns[:12]]
    if len(columns) > len(shown):
        shown.append(f"and {len(columns) - len(shown)} more")
    return ", ".join(shown) or "none"
