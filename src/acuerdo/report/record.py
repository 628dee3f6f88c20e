"""How a result came about: every text's origin, what was thrown away, what was used."""

from __future__ import annotations

from dataclasses import dataclass

from acuerdo.domain.rounds import RoundResult
from acuerdo.domain.statements import Candidate, RejectionReason
from acuerdo.domain.text import canonical
from acuerdo.report.words import ORIGINS, REJECTIONS, STAGES, counted, duration


@dataclass(frozen=True, slots=True)
class Origin:
    """How one statement came to be. `order` holds people's numbers as they stood in the prompt."""

    number: int
    who: str
    template: str
    prompt_hash: str
    seed: str
    order: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Thrown:
    """Drafts that were rejected for one reason."""

    reason: str
    drafts: list[ThrownDraft]


@dataclass(frozen=True, slots=True)
class ThrownDraft:
    detail: str
    text: str


def origins(result: RoundResult) -> list[Origin]:
    """Return the origin of every statement, in the order of their numbers."""
    numbers = {person: number for number, person in enumerate(result.round.people, start=1)}
    return [
        Origin(
            number=column + 1,
            who=who_wrote(candidate),
            template=candidate.provenance.template,
            prompt_hash=candidate.provenance.prompt_hash,
            seed="" if candidate.provenance.seed is None else str(candidate.provenance.seed),
            order=" ".join(str(numbers.get(person, "?")) for person in candidate.provenance.order),
            attempt=candidate.provenance.attempt,
        )
        for column, candidate in enumerate(result.candidates)
        if candidate.provenance.origin != "no_statement"
    ]


def who_wrote(candidate: Candidate) -> str:
    """Return who wrote a candidate, with the name of the model or person where it is known."""
    made = candidate.provenance
    named = f" ({canonical(made.author)})" if made.author else ""
    return f"{ORIGINS[made.origin]}{named}"


def thrown(result: RoundResult, *, include_opinions: bool) -> list[Thrown]:
    """Return the rejected drafts by reason, the most frequent first.

    Without opinions, drafts that copied one are listed without their text.
    """
    by_reason: dict[RejectionReason, list[ThrownDraft]] = {}
    for draft in result.rejected:
        why = draft.rejection
        hidden = why.reason == "copy_of_opinion" and not include_opinions
        text = "" if hidden else canonical(draft.text)
        by_reason.setdefault(why.reason, []).append(ThrownDraft(canonical(why.detail), text))
    ordered = sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    return [Thrown(REJECTIONS[reason], drafts) for reason, drafts in ordered]


def facts(result: RoundResult) -> list[tuple[str, str]]:
    """Return what was used: models, tokens, time, seed; each as a label and a value."""
    used = result.usage
    found = [(_label(part), canonical(name)) for part, name in result.models.items() if name]
    if used.requests:
        retries = counted(used.retries, "retry", "retries")
        asked = f"{used.requests:,} ({used.cached:,} reused from an earlier run, {retries})"
        found += [
            ("Requests to the model", asked),
            ("Tokens read and written", f"{used.prompt_tokens:,} and {used.completion_tokens:,}"),
        ]
    if used.cost:
        found.append(("Cost", f"{used.cost:.2f}"))
    if result.seconds:
        spent = [f"{STAGES.get(s, s).lower()} {duration(t)}" for s, t in result.seconds.items()]
        found.append(("Time", ", ".join(spent)))
    if result.seed is not None:
        found.append(("Seed", str(result.seed)))
    if result.round.terms.no_statement:
        found.append(("“No statement” on the ballot", "yes, at neutral unless rated"))
    return found


def _label(part: str) -> str:
    return part[:1].upper() + part[1:].replace("_", " ")
