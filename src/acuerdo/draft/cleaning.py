"""Taking a statement out of the harmless wrapping models put around it."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.domain.text import canonical

_STATEMENT: Final = (
    r"statement|answer|draft|response|consensus|declaración|respuesta|erklärung|stellungnahme"
    r"|antwort|déclaration|réponse|dichiarazione|risposta|declaração|resposta|verklaring"
)
_PREAMBLE: Final = re.compile(
    rf"""
    ^(?:
        (?:sure|certainly|of\ course|absolutely|okay|claro|natürlich|bien\ sûr|certo)[,!.]\s+
        (?=here|below|this\ is|the\ |aquí|hier|voici|ecco|aqui)
      | (?:here(?:'s|’s|\ is)|below\ is|this\ is|aquí\ (?:está|tienes|va)|hier\ ist|voici|ecco
          |aqui\ está)\b[^\n:.!?]{{0,80}}:\s*
      | (?:[\w']+\s+){{0,3}}(?:{_STATEMENT})(?:\s+\w+){{0,2}}\s*:\s*
      | \#+\s+[^\n]*\n+
      | (?:[\w']+\s+){{0,3}}(?:{_STATEMENT})\s*\n+
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BOLD: Final = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)
_QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'", "「": "」"}


def clean(reply: str) -> str:
    """Return the statement in a reply without preamble, title, bold type and outer quotes.

    Only wrapping is removed: what is left may still not be a statement, which the screen decides.

    >>> clean("Sure! Here is a statement:\\n\\n**“We want fewer cars.”**")
    'We want fewer cars.'
    """
    text = canonical(reply)
    while (inner := _unwrapped(text)) != text:
        text = inner
    return text


def _unwrapped(text: str) -> str:
    text = _PREAMBLE.sub("", _BOLD.sub(r"\1", text)).strip()
    closing = _QUOTES.get(text[:1])
    inside = text[1:-1]
    if closing and len(text) > 1 and text.endswith(closing) and not {text[0], closing} & {*inside}:
        return inside.strip()
    return text
