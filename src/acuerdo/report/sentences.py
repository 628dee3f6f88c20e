"""Whole sentences about a result, shared by every way of showing it; none holds a person's name."""

from __future__ import annotations

import math

from acuerdo.domain.ballots import Margin
from acuerdo.domain.rounds import RoundResult
from acuerdo.report.reading import (
    best_column,
    is_statement,
    own_ratings,
    rated_by_all,
    statement_columns,
    supporters,
    titles,
)
from acuerdo.report.words import CAVEATS, counted, percent, rule_title

WRITERS = {
    "model": "Written by a machine",
    "extractive": "Put together by a machine from people's own sentences",
    "opinion": "One person's own opinion, in their words",
    "longest": "The longest opinion, in its author's words",
    "person": "Written by a person",
}


def headline(result: RoundResult) -> str:
    """Return what came out, in a few words."""
    return {
        "agreement": "Proposed group statement",
        "no_common_ground": "No common ground was found",
        "no_candidates": "No statement could be written",
        "undecided": "No decision could be made",
    }[result.outcome]


def reason(result: RoundResult) -> str:
    """Return why there is no statement, or who is expected to agree with the one there is."""
    if result.outcome == "no_candidates":
        return (
            f"Nothing that was drafted could be used: {counted(len(result.rejected), 'draft')} "
            "had to be rejected. This says nothing about the people or their views."
        )
    if result.outcome == "undecided":
        return (
            "There are drafts, but for nobody could agreement be told with every one of them, "
            "so there was no ballot to count."
        )
    if result.winner is not None and not is_statement(result, result.winner):
        return (
            "“No statement” came first: by what is predicted of them, people would rather have "
            "no group statement than any of these drafts."
        )
    return support(result)


def support(result: RoundResult) -> str:
    """Return how many people stand above neutral, against what the group had asked for."""
    deciding = result.chosen.voters
    asked = percent(result.round.terms.threshold)
    found = f"{supporters(result)} of {counted(deciding, 'person', 'people')}"
    verb = "is" if deciding == 1 else "are"
    if result.outcome == "agreement":
        leaning = f"{verb} expected to lean towards agreeing with it (above neutral)"
        rated = "rated it above neutral" if rated_by_all(result) else leaning
        return f"{found} {rated}; the group had asked for at least {asked}."
    if supporters(result) == 0:
        return "Nobody is expected to agree with the draft that came first."
    return (
        f"Only {found} {verb} expected to lean towards agreeing with the draft that came first, "
        f"but the group had asked for at least {asked}."
    )


def writer(result: RoundResult) -> str:
    """Return who wrote the statement shown, "" if none is."""
    column = best_column(result)
    if column is None:
        return ""
    made = result.candidates[column].provenance
    named = f" ({made.author})" if made.origin == "model" and made.author else ""
    return f"{WRITERS[made.origin]}{named}."


def votes_so_far(result: RoundResult) -> str:
    """Return whether agreement is predicted or people's own, and how far to trust predictions."""
    caveat = CAVEATS.get(result.models.get("predicting", ""), "")
    told = _own_or_predicted(result)
    return f"{told} {caveat}" if caveat and "predicted" in told else told


def _own_or_predicted(result: RoundResult) -> str:
    everywhere = own_ratings(result, statement_columns(result))
    column = best_column(result)
    if everywhere.own == 0:
        what = "Agreement" if column is None or result.statement is None else "Agreement with it"
        return f"{what} is predicted; nobody has voted yet."
    if column is None or result.statement is None:
        return f"{everywhere.own} of {everywhere.all} ratings are people's own, the rest predicted."
    here = own_ratings(result, [column])
    if here.own == 0:
        return "Agreement with it is predicted; nobody has rated this text yet."
    if here.own == here.all:
        return f"{_everyone(here.all)} rated it themselves."
    return f"{here.own} of {here.all} people rated it themselves; the rest is predicted."


def _everyone(number: int) -> str:
    return "The one person" if number == 1 else f"All {number} people"


def honesty(result: RoundResult) -> str:
    """Return a plain word where something other than a model's draft came first, else ""."""
    column = best_column(result)
    origin = result.candidates[column].provenance.origin if column is not None else "model"
    if origin not in ("extractive", "opinion", "longest"):
        return ""
    what = {
        "extractive": "a text put together from people's own sentences",
        "opinion": "one person's own opinion",
        "longest": "the longest opinion",
    }[origin]
    drafts = sum(candidate.provenance.origin == "model" for candidate in result.candidates)
    if not drafts:
        return f"No draft by a language model was in the running: this is {what}."
    return (
        f"The model's drafts were weaker: of {counted(len(statement_columns(result)), 'text')}, "
        f"{drafts} of them by the model, {what} came first."
    )


def decided(result: RoundResult, explanation: str) -> str:
    """Return by whom and how it was decided; `explanation` is one sentence about the rule."""
    if result.chosen.winner is None:
        note = result.chosen.note.rstrip(". ")
        return (
            f"Nothing was decided. {note[:1].upper()}{note[1:]}."
            if note
            else "Nothing was decided."
        )
    everybody = len(result.people)
    how = f"by the rule “{rule_title(result.chosen.rule)}”"
    told = f". {explanation.rstrip('. ')}." if explanation else "."
    return f"Decided on {result.chosen.voters} of {everybody} people's {_basis(result)} {how}{told}"


def _basis(result: RoundResult) -> str:
    ratings = own_ratings(result, statement_columns(result))
    if ratings.own == 0:
        return "predicted agreement"
    if ratings.own == ratings.all:
        return "own ratings"
    return f"agreement ({ratings.own} of {ratings.all} values are own ratings, the rest predicted)"


def tie(result: RoundResult) -> str:
    """Return how a tie for the first place was broken, "" where there was none."""
    if len(result.chosen.winners) < 2:
        return ""
    tied = titles(result, result.chosen.winners)
    broken = (
        f" Tie-break: {result.chosen.tie_break.rstrip('. ')}." if result.chosen.tie_break else ""
    )
    return f"{tied[0].upper()}{tied[1:]} came first together.{broken}"


def margin(result: RoundResult) -> str:
    """Return how firm the choice is, in ballots; "" if nothing was decided."""
    if result.chosen.winner is None:
        return ""
    found = result.margin
    if found.ballots is None:
        return "No change of ballots could have changed the result."
    return f"{_how_many(found, result.chosen.voters)}{_fragile(found)}"


def _how_many(found: Margin, voters: int) -> str:
    ballots = found.ballots or 0
    if found.kind == "exact" and ballots == 1:
        return "One changed ballot could have changed the result"
    if found.kind == "exact":
        return f"{ballots} of {voters} ballots would have had to change to change the result"
    enough = f"At most {counted(ballots, 'changed ballot')} of {voters}"
    least = f", fewer than {found.at_least} could not" if found.at_least > 1 else ""
    return f"{enough} could have changed the result{least}"


def _fragile(found: Margin) -> str:
    return ": treat it as fragile." if found.fragile else "."


def spread(value: float) -> str:
    """Return the uncertainty of a prediction in words, "" for known ratings."""
    return "" if math.isnan(value) or value == 0 else f"give or take {value:.1f}"


def resume(result: RoundResult) -> str:
    """Return what to do about things that failed."""
    seed = "" if result.seed is None else f" and seed {result.seed}"
    return (
        f"Run the same command again with the same input{seed}: "
        "what succeeded is reused, only what failed is asked for again."
    )
