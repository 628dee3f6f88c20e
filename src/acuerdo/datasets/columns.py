"""Which column holds what: named by the caller, or recognised by well-known names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from acuerdo.domain.errors import InputError

Role = Literal[
    "person",
    "opinion",
    "critique",
    "question",
    "previous",
    "candidate",
    "value",
    "statement",
    "rating",
    "context",
]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The column that plays each role; "" means: recognise it by its name.

    Matching ignores case, accents and punctuation: `Comment-Body` equals `comment_body`.
    """

    person: str = ""
    opinion: str = ""
    critique: str = ""
    question: str = ""
    previous: str = ""
    candidate: str = ""
    value: str = ""
    statement: str = ""
    rating: str = ""
    context: str = ""

    def named(self, role: Role) -> str:
        """Return the column of a role, "" if it is to be recognised."""
        return str(getattr(self, role))


_OPTIONS: Final = ("person", "opinion", "statement", "rating", "context")

# Each role has groups of names: the first group with a match decides, so that a specific name
# ("participant_id") is never called ambiguous because of a general one ("id").
_WELL_KNOWN: Final[dict[Role, tuple[str, ...]]] = {
    "person": (
        """person, person_id, name, full_name, participant, participant_id, participant_name,
        author, author_id, author_name, user, user_id, username, worker_id, voter_id, speaker,
        speaker_id, respondent, respondent_id, citizen, member,
        persona, nombre, participante, autor, autora, usuario, personne, nom, prénom, auteur,
        teilnehmer, teilnehmerin, teilnehmende, autorin, nome, partecipante, autore, pessoa,
        naam, deelnemer, osoba, imię, uczestnik, kişi, isim, katılımcı, имя, участник, автор,
        姓名, 名字, 参与者, 參與者, 名前, 氏名, 参加者, 이름, 참가자, الاسم, المشارك, ชื่อ""",
        "id, comment_id, response_id, row_id",
    ),
    "opinion": (
        """opinion, opinion_text, own_opinion, own_opinion_text, answer, answer_text, response,
        response_text, comment, comment_body, comment_text, survey_text, view,
        opinión, respuesta, comentario, avis, réponse, commentaire, meinung, antwort, kommentar,
        opinione, risposta, commento, opinião, resposta, comentário, mening, antwoord, reactie,
        opinia, odpowiedź, komentarz, görüş, yanıt, cevap, yorum, мнение, ответ, комментарий,
        意见, 意見, 回答, 评论, 評論, コメント, 의견, 답변, الرأي, رأي, الإجابة, ความคิดเห็น""",
        "text, data, body, content, message, texto, texte, testo, tekst, текст, 文本, テキスト",
    ),
    "critique": (
        """critique, critique_text, criticism, crítica, kritik, critica, kritiek, krytyka,
        eleştiri, критика, 批评, 批評, 批判, 비판, نقد""",
        "text, feedback, comment, response, answer, comentario, commentaire, kommentar, commento",
    ),
    "question": (
        """question, question_text, pregunta, frage, domanda, pergunta, vraag, pytanie, soru,
        вопрос, 问题, 問題, 質問, 질문, السؤال, คำถาม""",
    ),
    "previous": ("previous, previous_statement",),
    "candidate": ("candidate, candidate_id, candidate_text, statement, statement_id", "option"),
    "value": (
        "value, rating, agreement, ratings_agreement, score, likert, valoración, note, bewertung",
    ),
    "statement": (
        """statement, statement_text, candidate_text,
        afirmación, declaración, affirmation, énoncé, aussage, affermazione, dichiarazione,
        afirmação, declaração, stelling, stwierdzenie, ifade, утверждение, 陈述, 陳述, 声明,
        진술, العبارة, ข้อความ""",
        "candidate, proposal, claim, proposition",
    ),
    "rating": (
        """rating, ratings_agreement, known_rating, likert, valoración, bewertung, valutazione,
        avaliação, beoordeling, ocena, değerlendirme, оценка, 评分, 評分, 評価, 평점, التقييم""",
    ),
    "context": (
        """context, background, contexto, contexte, kontext, contesto, achtergrond, kontekst,
        bağlam, контекст, 背景, 배경, السياق""",
    ),
}


def normalised(column: str) -> str:
    """Return a column's name without case, accents and punctuation.

    >>> normalised(" Own_Opinion.Text ")
    'own opinion text'
    """
    letters = unicodedata.normalize("NFKD", column.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", plain).strip()


_RECOGNISED: Final[dict[Role, tuple[frozenset[str], ...]]] = {
    role: tuple(frozenset(normalised(name) for name in group.split(",")) for group in groups)
    for role, groups in _WELL_KNOWN.items()
}


def matching(
    role: Role, found: Sequence[str], columns: ColumnMap, *, specific: bool = False
) -> tuple[str, ...]:
    """Return the columns that could play a role: none, the one, or several where unclear.

    With `specific`, general names such as "text" are not recognised.
    """
    wanted = columns.named(role)
    if wanted:
        exact = tuple(column for column in found if column == wanted)
        return exact or tuple(c for c in found if normalised(c) == normalised(wanted))
    taken = {normalised(columns.named(other)) for other in _RECOGNISED}
    free = [column for column in found if normalised(column) not in taken]
    groups = _RECOGNISED[role][:1] if specific else _RECOGNISED[role]
    matches = (tuple(c for c in free if normalised(c) in names) for names in groups)
    return next((group for group in matches if group), ())


def find_column(
    role: Role, found: Sequence[str], columns: ColumnMap, file: str, *, specific: bool = False
) -> str:
    """Return the column that plays a role, "" if none was named and none is recognised.

    Raises InputError if the named column does not exist or if several columns could be meant.
    """
    matches = matching(role, found, columns, specific=specific)
    if len(matches) > 1:
        raise InputError(
            f"more than one column could be the {role}: {_listed(matches)}",
            where=file,
            fix=_name_it(role, matches[-1])
            if len(set(matches)) > 1
            else "Give each column a name of its own.",
        )
    if not matches and columns.named(role):
        raise InputError(
            f"there is no column {columns.named(role)!r} for the {role}; "
            f"the columns are {_listed(found)}",
            where=file,
            fix="Name one of these, spelled as in the file.",
        )
    return matches[0] if matches else ""


def require_column(role: Role, found: Sequence[str], columns: ColumnMap, file: str) -> str:
    """Return the column that plays a role, or raise InputError listing what there is."""
    column = find_column(role, found, columns, file)
    if not column:
        raise InputError(
            f"no column is recognised as the {role}; the columns are {_listed(found)}",
            where=file,
            fix=f"{_name_it(role, found[-1] if found else role)} If the file has no row with "
            "column names, add one, or read it as plain text (format 'text').",
        )
    return column


def column_notes(used: ColumnMap) -> tuple[str, ...]:
    """Say which columns were read for roles that are not their own name."""
    return tuple(
        f"column {used.named(role)!r} read as the {role}"
        for role in _WELL_KNOWN
        if normalised(used.named(role)) not in ("", role)
    )


def _name_it(role: Role, column: str) -> str:
    option = f" (on the command line: --{role}-column {column!r})" if role in _OPTIONS else ""
    return f"Say which one to read, for example {role}={column!r}{option}."


def _listed(columns: Sequence[str]) -> str:
    shown = [repr(column if len(column) <= 40 else f"{column[:40]}…") for column in columns[:12]]
    if len(columns) > len(shown):
        shown.append(f"and {len(columns) - len(shown)} more")
    return ", ".join(shown) or "none"
