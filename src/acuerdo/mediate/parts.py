"""What a round is mediated with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from acuerdo.ports import Drafter, Embedder, MarginOfVictory, Predictor, Rule, Screen, SlateRule


@dataclass(frozen=True)
class Parts:
    """Everything `mediate` needs from the outside.

    `rule` decides; `rules` are evaluated beside it on the same ballots, by name. `language_of`
    returns the ISO 639-1 code most texts are written in, "" if it cannot tell. The embedder serves
    the account of what each person finds taken up in the winner, not the decision.
    """

    drafters: tuple[Drafter, ...]
    screen: Screen
    predictor: Predictor
    rule: Rule
    rules: Mapping[str, Rule]
    margin: MarginOfVictory
    slate: SlateRule
    embedder: Embedder
    language_of: Callable[[Sequence[str]], str]

    @property
    def models(self) -> dict[str, str]:
        """Names of the parts, for the record."""
        return {
            "drafting": ", ".join(drafter.name for drafter in self.drafters),
            "predicting": self.predictor.name,
            "embedding": self.embedder.name,
            "choosing": self.rule.name,
        }
