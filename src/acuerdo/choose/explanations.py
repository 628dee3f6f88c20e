"""What each rule does, in one sentence for people who do not count votes for a living."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

EXPLANATIONS: Final[Mapping[str, str]] = {
    "utilitarian": "Picks the statement with the highest average rating: everybody's points weigh"
    " the same, so strong support from many can outweigh strong rejection by a few.",
    "bernoulli_nash": "Picks the statement with the highest geometric mean of the ratings: one"
    " point more from a person who disagrees counts for more than one from a person who agrees.",
    "rawlsian": "Picks the statement whose least satisfied person rates it highest.",
    "isoelastic": "Picks the statement with the highest average rating after the ratings of less"
    " satisfied people were given more weight; the larger the number, the more weight.",
    "leximin": "Picks the statement whose least satisfied person rates it highest; if that is"
    " equal, the second least satisfied person decides, and so on.",
    "gini": "Picks the statement with the highest average rating, where a person's rating weighs"
    " the more, the less satisfied that person is compared with the others.",
    "schulze": "Picks the statement that wins every one-against-one comparison; where none does, it"
    " follows chains of such wins and picks a statement whose chain to every other one is at least"
    " as strong as any chain back.",
    "minimax": "Picks the statement whose worst one-against-one defeat is the mildest; a statement"
    " that nothing defeats comes first.",
    "ranked_pairs": "Goes through the one-against-one wins from the clearest to the closest, keeps"
    " each one that does not contradict those kept before, and picks the statement left on top.",
    "split_cycle": "Sets aside the weakest win in every circle of statements that beat each other"
    " in turn and picks every statement that nothing beats any more, which may be several.",
    "borda": "Gives a statement one point each time a person ranks it above another one, half a"
    " point for a tie, and picks the statement with the most points.",
    "copeland": "Picks the statement that wins the most one-against-one comparisons; a tie counts"
    " half.",
    "instant_runoff": "Drops the statement that is the first choice of the fewest people, lets"
    " their next choice count, and repeats this until one statement is left.",
    "plurality": "Picks the statement that is the first choice of the most people and looks at"
    " nothing else.",
    "approval": "Picks the statement that the most people approve of, which means a rating of at"
    " least 5 unless another limit is set.",
    "majority_judgement": "Picks the statement with the highest median rating; if that is equal,"
    " the ratings next to the middle decide.",
    "veto_core": "Picks every statement that no group of people can veto, where a group may veto"
    " a share of the statements according to its share of the people.",
}
"""Keyed by the name of the rule without its parameter."""
