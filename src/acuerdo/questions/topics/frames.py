"""What a question is about, without the frame that it is put in: "Should the government ..."."""

from __future__ import annotations

import re
from typing import Final

from acuerdo.domain.text import canonical, comparable
from acuerdo.questions.topics.key_words import content_runs

_ENGLISH = re.compile(
    r"""^(?:should|would|could|can|will|shall|must|may|is|are|was|were|do|does|did|has|have)n?['’]?t?\s
    (?:it\s|there\s|we\s|they\s|you\s
      |(?:the\s)?(?:uk\s|british\s|us\s|our\s|local\s|national\s)?(?:government|state|country)s?\s
      |(?:the\s)(?:uk|law)\s
      |(?:people|everyone|everybody|anyone|citizens)\s)?
    (?:ever\s|always\s|really\s|also\s)?
    (?:be\s|have\s|need\s)?
    (?:(?:not\s)?(?:morally\s)?
       (?:ok|okay|right|wrong|fair|good|better|best|acceptable|appropriate|ethical|allowed|legal
         |illegal|required|made|possible|important|necessary|time)\s
      |an?\s(?:good|bad|better|right|legal|human)\s(?:idea|thing|requirement|right)\s
      |the\sright\sthing\s)?
    (?:for\s|that\s|if\s|to\sbe\sallowed\sto\s|to\s)?""",
    re.IGNORECASE | re.VERBOSE,
)
_SPANISH = re.compile(
    r"""^(?:no\s)?(?:se\s)?
    (?:deber[ií]a[ns]?|deber[ií]amos|debe[ns]?|debemos|podr[ií]a[ns]?|puede[ns]?|tendr[ií]a[ns]?
      |tiene[ns]?|habr[ií]a|hay|es|son|ser[ií]a[ns]?|est[aá]n?|hace|conviene|convendr[ií]a)\s
    (?:que\s)?
    (?:el\s(?:gobierno|estado|pa[ií]s|ayuntamiento)\s|la\sley\s|las\s?autoridades\s|la\sgente\s)?
    (?:haber\s|ser\s|estar\s|permitirse\s)?
    (?:una?\s(?:buena|mala)\s(?:idea|cosa)\s
      |(?:correcto|justo|bueno|malo|mejor|aceptable|[eé]tico|razonable|falta|posible|obligatorio)\s)?
    (?:que\s|si\s|de\s)?""",
    re.IGNORECASE | re.VERBOSE,
)
_FRAMES: Final = {"en": _ENGLISH, "es": _SPANISH}


def without_frame(text: str, language: str) -> str:
    """Return a question without the words that open thousands of others, to embed its content.

    English and Spanish; other languages, and what would be left without content, come back as
    they are.

    >>> without_frame("Should the government ban fireworks?", "en")
    'ban fireworks'
    >>> without_frame("¿Debería el gobierno prohibir los petardos?", "es")
    'prohibir los petardos'
    """
    asked = canonical(text).strip(" ¿?")
    frame = _FRAMES.get(language)
    if frame is None:
        return asked
    left = frame.sub("", asked, count=1).strip()
    return left if content_runs(left, language) else asked


def opening(text: str) -> str:
    """Return the first two words in lower case: how a question begins.

    >>> opening("Should the government ban fireworks?")
    'should the'
    """
    return " ".join(comparable(text).split()[:2])
