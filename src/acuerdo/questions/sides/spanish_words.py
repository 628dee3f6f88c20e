"""Spanish words that show how a sentence is built."""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLITICS: Final = _words("se me te nos os le les lo la los las")
DETERMINERS: Final = _words(
    "el la los las lo un una unos unas este esta estos estas ese esa esos esas aquel aquella"
    " aquellos aquellas mi mis tu tus su sus nuestro nuestra nuestros nuestras vuestro vuestra"
    " algún alguna algunos algunas ningún ninguna todo toda todos todas cada cualquier ambos ambas"
    " muchos muchas pocos pocas varios varias otro otra otros otras tanto tanta más menos"
)
PREPOSITIONS: Final = _words(
    "a al ante bajo con contra de del desde durante en entre hacia hasta mediante para por según"
    " sin sobre tras y e o u ni como que"
)
OPENERS: Final = _words(
    "que quien quienes cual cuales donde cuyo cuya cuyos cuyas cuando si aunque mientras porque"
)
SUBJECT_BREAKS: Final = _words(
    "aunque si cuando mientras porque salvo excepto incluso antes después"
)
"""Words behind which no part of a subject is looked for, when that stands last."""
PLACE_AND_TIME: Final = _words("en durante desde hasta")
INTRANSITIVE: Final = _words(
    "ser estar seguir permanecer existir desaparecer callar subir bajar contar crecer durar"
    " terminar acabar empezar costar"
)
"""Verbs that have no object: a phrase behind them is their subject."""

NO_PHRASE: Final = _words("todo más menos tanto tanta cada algo")
"""Determiners that may as well go with a verb: "costar más"."""

MODALS: Final = _words(
    "debería deberían deberíamos deberías debe deben debemos puede pueden podemos podría podrían"
    " podríamos tendría tendrían tendríamos tiene tienen tenemos debiera debieran"
)
COPULAS: Final = _words(
    "es son era eran fue fueron sería serían será serán está están estaba estaban estaría estarían"
    " resulta resultan resultaría parece parecen somos estamos seríamos estaríamos ha han hemos"
)
IMPERSONAL: Final = _words(
    "hay habría habrá había hubo hace haría hacen conviene convendría vale valdría merece merecería"
    " importa importaría cabe basta bastaría urge somos estamos seríamos estaríamos deberíamos"
    " debemos podemos podríamos tendríamos tenemos hemos necesitamos queremos vivimos gastamos"
)
"""Verbs that stand first in a statement as well."""
_OTHER_VERBS: Final = _words(
    "necesita necesitan necesitaría ayuda ayudan ayudaría ayudarían mejora mejoran mejoraría"
    " mejorarían existe existen sirve sirven serviría funciona funcionan funcionaría cuesta cuestan"
    " gana ganan perjudica perjudican beneficia benefician causa causan hacen daría darían da dan"
    " gasta gastan pierde pierden tendrá tendrán puede pueden podrá podrán deberá deberán va van"
    " quiere quieren llega llegan aporta aportan contribuye contribuyen protege protegen afecta"
    " afectan pueda puedan gusta gustan compensa compensaría justifica justifican"
)
VERBS: Final = MODALS | COPULAS | IMPERSONAL | _OTHER_VERBS
PREDICATE_MARKS: Final = _words(
    "un una unos unas más menos mejor mejores peor peores demasiado muy tan bastante suficiente"
    " suficientes necesario necesaria necesarios necesarias justo justa justos justas bueno buena"
    " buenos buenas malo mala malos malas útil útiles inútil inútiles importante importantes"
    " responsable responsables culpable culpables aceptable aceptables legítimo legítima peligroso"
    " peligrosa peligrosos peligrosas compatible compatibles seguro segura seguros seguras cosa"
    " esencial esenciales inmoral inmorales"
)

FINITE: Final = re.compile(r"\w(?:ría[ns]?|ríamos|rá[ns]?|remos)$")
"""Forms of the future and the conditional, which show by their ending."""
_INFINITIVE: Final = re.compile(r"\w*[aeií]r(?:se|l[aeo]s?)?")
# Nouns and adjectives with the ending of an infinitive.
_NOT_INFINITIVES: Final = _words(
    "familiar escolar preescolar extraescolar particular popular militar similar nuclear solar"
    " regular irregular circular singular ejemplar titular hogar lugar mar par azúcar bar dólar"
    " alquiler mujer taller carácter líder ayer placer azar altar pilar collar celular polar vulgar"
    " lunar malestar bienestar pesar porvenir mártir millar auxiliar peculiar tercer primer"
    " cualquier interdisciplinar parlamentar vascular molecular cáncer póster súper supermercado"
    " charla charlas perla perlas carlos"
)


def plain(word: str) -> str:
    """Return a word in lower case without marks around it."""
    return word.strip("¿?¡!.,;:()\"'“”«»").casefold()


def is_infinitive(word: str) -> bool:
    """Say whether a plain word is an infinitive, also with a pronoun at its end.

    >>> [is_infinitive(word) for word in ("prohibirse", "pagarles", "familiar", "reír", "mesa")]
    [True, True, False, True, False]
    """
    return bool(_INFINITIVE.fullmatch(word)) and word not in _NOT_INFINITIVES and len(word) > 1


def is_plural(word: str) -> bool:
    """Say whether a determiner or a verb in the third person is plural."""
    return plain(word).endswith(("s", "n")) and plain(word) not in ("algún", "ningún", "un", "más")
