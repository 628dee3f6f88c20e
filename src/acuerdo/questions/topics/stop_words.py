"""Words that say nothing about a topic: of grammar, and of how questions are put."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ENGLISH = """
a about above across after again against ago ain't all almost along already also although always am
among an and another any anybody anyone anything are aren't around as ask at away back be became
because become been before being below between both but by came can can't cannot certain come could
couldn't did didn't different do does doesn't doing don't done down during each either else enough
etc even ever every everybody everyone everything far few first for from further get gets give given
go goes going gone good got had has hasn't have haven't having he her here hers herself him himself
his how however i if in instead into is isn't it it's its itself just keep kept last least less let
like likely long made make makes making many may me might mine more most much must my myself near
need needed needs neither never new no nobody none nor not nothing now of off often ok okay old on
once one ones only onto or other others otherwise ought our ours ourselves out over own per perhaps
put rather really right same say second see seem several shall she should shouldn't since so some
somebody someone something sometimes still such take taken takes than that that's the their theirs
them themselves then there there's therefore these they thing things this those though three through
throughout thus to together too toward towards try two under unless until up upon us use used uses
using very via want wants was wasn't way ways we well were weren't what when where whether which
while who whom whose why will with within without won't would wouldn't yes yet you your yours
yourself acceptable allow allowed allowing allows appropriate bad ban banned banning best better
continue currently ethical fair great idea important increase increased increasing introduce
justified legal legally illegal make moral morally necessary obligation obliged people person place
possible prevent provide provided reasonable require required requirement requires stop worse worst
worth wrong
"""
_SPANISH = """
a acá además ahí ahora al algo alguien algún alguna algunas alguno algunos allí ambos ante antes
aquel aquella aquellas aquello aquellos aquí así aun aún aunque bajo bastante bien buen buena buenas
bueno buenos cabe cada casi caso cierta ciertas cierto ciertos como cómo con contra cosa cosas cual
cuál cuales cuáles cualquier cualquiera cuando cuándo cuanto cuánto cuya cuyo da dan dar de debajo
debe deben debemos deber debería deberían deberíamos debido del demás demasiado dentro desde después
detrás dice dicho donde dónde dos durante e el él ella ellas ellos en encima entonces entre era eran
eres es esa esas ese eso esos esta está estaba estamos están estar estas este esto estos estoy ex
fin fue fuera fueran fueron gran grande grandes ha haber había habían habría hace hacen hacer hacia
haciendo han hasta hay haya he hecho hemos hoy igual incluso ir jamás junto la las le les lo los
luego mal mala malas malo malos más me media mediante mejor mejores menos mi mientras mis misma
mismas mismo mismos mucha muchas mucho muchos muy nada nadie ni ningún ninguna ninguno no nos
nosotros nuestra nuestras nuestro nuestros nueva nuevas nuevo nuevos nunca o os otra otras otro
otros para parece parte peor pero poca pocas poco pocos podemos poder podría podrían pone poner por
porque posible primera primero propia propias propio propios pueda puedan puede pueden pues que qué
quien quién quienes quiere quieren sabe se sea sean según ser sería serían si sí siempre sin sino
sobre sois sola solo sólo somos son soy su sus tal tales también tampoco tan tanta tanto te tendría
tendrían tener tenga tengan tiene tienen toda todas todavía todo todos tras tres tu tú un una unas
uno unos usar usted ustedes va vamos van varias varios veces ver vez y ya yo aceptable adecuado
aumentar conviene convendría correcto deban deba dejar ético falta gente hacerse haría harían idea
ilegal importante introducir justo justa legal moral necesario obligar obligatoria obligatorio
permitir permitirse permita persona personas prohibir prohibirse prohíba razonable seguir vale
"""
STOP_WORDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}
)
"""By language code; a language that is missing has none."""
