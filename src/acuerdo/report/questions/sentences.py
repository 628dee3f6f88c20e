"""The report of a corpus in sentences, for people who do not work with corpora."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from acuerdo.domain.questions import KNOWN_TOPICS, NEW_TOPICS
from acuerdo.domain.text import canonical
from acuerdo.report.questions.values import ALIKE, CorpusReport

_WRITTEN: Final = {
    "seed": "Seed questions of our own",
    "model": "Written by a language model",
    "import": "Taken over",
    "": "Nobody said by whom",
}
_LANGUAGES: Final = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "th": "Thai",
    "tr": "Turkish",
    "zh": "Chinese",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A headline number."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where questions come from, in words."""

    count: str
    words: str
    licence: str


def number(count: int) -> str:
    """Return a number with commas between thousands."""
    return f"{count:,}"


def plural(count: int, word: str) -> str:
    """Return "1 question" or "2 questions"."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def share(part: int, whole: int) -> str:
    """Return a share in per cent; what is there never reads as nothing, nor a part as the whole.

    >>> share(1, 1000), share(999, 1000), share(1, 3), share(0, 0)
    ('<1 %', '>99 %', '33 %', '0 %')
    """
    if not whole or not part:
        return "0 %"
    per_cent = 100 * part / whole
    if per_cent < 1:
        return "<1 %"
    return ">99 %" if 99 < per_cent < 100 else f"{per_cent:.0f} %"


def listed(items: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return ", ".join(items[:-1]) + " and " + items[-1] if len(items) > 1 else "".join(items)


def lead(report: CorpusReport) -> str:
    """Say in one or two sentences what this is."""
    topics = len(report.real_topics)
    word = "topic" if report.grouped_by == "meaning" else "field"
    about = f" on {plural(topics, word)}{' of life' * (word == 'field')}" if topics else ""
    told = f"{plural(report.count, 'question')}{about} that people can answer with yes or no"
    if report.languages:
        names = [_LANGUAGES.get(code, code or "?") for code in report.languages]
        told += f", in {listed(names)}" if len(names) <= 4 else f", in {len(names)} languages"
    if report.with_sides == report.count and report.count:
        return told + ". Each comes with a sentence for yes and one for no."
    if report.with_sides:
        part = share(report.with_sides, report.count)
        return told + f". {part} of them come with a sentence for yes and one for no."
    return told + "."


def tiles(report: CorpusReport) -> list[Tile]:
    """Return the headline numbers."""
    found = [Tile("questions", number(report.count))]
    real = report.real_topics
    if real:
        sizes = sorted(topic.size for topic in real)
        name = "topics" if report.grouped_by == "meaning" else "fields of life"
        sizes_ = f"of {number(sizes[0])} to {number(sizes[-1])}"
        one_size = f"of {number(sizes[0])} each"
        found.append(Tile(name, number(len(real)), one_size if sizes[0] == sizes[-1] else sizes_))
    held = report.splits.get(KNOWN_TOPICS, 0) + report.splits.get(NEW_TOPICS, 0)
    if held:
        found.append(Tile("kept for tests", number(held), share(held, report.count)))
    outside = sum(topic.outliers for topic in report.topics)
    if outside:
        found.append(Tile("far from their topic", number(outside), share(outside, report.count)))
    if len(report.languages) > 1:
        found.append(Tile("languages", number(len(report.languages))))
    if any(report.words):
        low, middle, high = report.words
        found.append(Tile("words or fewer in half of them", number(middle), f"{low} to {high}"))
    if report.screened:
        waiting = sum(one.count for one in report.screened if one.verdict == "review")
        found.append(Tile("wait for a person's look", number(waiting)))
    return found


def splits(report: CorpusReport) -> str:
    """Say what the parts are for, and whether near copies stand in two of them."""
    told = "A model that learns from some of the questions has to be tested on others."
    if report.straddling is None:
        return told
    if not report.straddling:
        return (
            f"{told} No question has a near copy (likeness of {ALIKE:.2f} or more) in another part."
        )
    return (
        f"{told} {plural(report.straddling, 'question')} "
        f"({share(report.straddling, report.count)}) {'has' if report.straddling == 1 else 'have'} "
        f"a near copy (likeness of {ALIKE:.2f} or more) in another part, so that a test on them is "
        "easier than it looks."
    )


def map_caption(report: CorpusReport) -> str:
    """Say how the map was made and what it cannot show."""
    told = "Places were computed from what the questions mean"
    told += f" ({report.projection})" if report.projection else ""
    told += "; only nearness means something, left, right, up and down do not."
    if 0 < len(report.points) < report.count:
        told += f" It shows {number(len(report.points))} of the questions, drawn by lot."
    return told


def topics_heading(report: CorpusReport) -> str:
    """Return what the list of questions is called."""
    if not report.real_topics:
        return "All questions"
    return "Topics" if report.grouped_by == "meaning" else "Fields of life"


def topics(report: CorpusReport) -> str:
    """Say what the list of topics is."""
    real = report.real_topics
    if not real:
        return "The questions were not grouped into topics."
    if report.grouped_by == "area":
        told = f"{plural(len(real), 'field')} of life that the questions' authors named."
    else:
        told = f"{plural(len(real), 'group')} of questions that mean similar things."
        if any(topic.label for topic in real):
            told += " They are called by words that are common in them and rare elsewhere."
    held = sum(1 for topic in real if 0 < topic.size == topic.splits.get(NEW_TOPICS, 0))
    if held:
        told += f" {number(held)} {'is' if held == 1 else 'are'} held out whole, to test on."
    return told + " Open one to read its questions."


def balance(report: CorpusReport) -> str:
    """Say whether the questions lean to one side."""
    change = sum(row.change for row in report.directions)
    keep = sum(row.keep for row in report.directions)
    if not change + keep:
        return "Nobody said which way a “yes” points."
    return (
        "If a “yes” always meant a change, people who like to say “yes” would seem to want it. "
        f"Here it would change something in {number(change)} questions and keep things as they "
        f"are in {number(keep)} ({share(change, change + keep)} and {share(keep, change + keep)})."
    )


def nearness(report: CorpusReport) -> str:
    """Say how alike neighbours are."""
    total, half = sum(report.nearness), 0
    if not total:
        return ""
    so_far = 0
    for place, count in enumerate(report.nearness):
        so_far += count
        if so_far * 2 >= total:
            half = place + 1
            break
    bins = len(report.nearness)
    high = sum(report.nearness[round(ALIKE * bins) :])
    told = (
        "For half of the questions the most similar other question has a likeness of less than "
        f"{half / bins:.2f}; "
    )
    if not high:
        return f"{told}for none it is {ALIKE:.2f} or more."
    return (
        f"{told}for {number(high)} ({share(high, total)}) it is {ALIKE:.2f} or more, which often "
        "means the same question in other words."
    )


def rejects(report: CorpusReport) -> str:
    """Say how many were left out."""
    total = sum(report.rejects.values())
    return (
        f"{number(total)} more were written or handed in and did not stay: "
        f"{share(report.count, report.count + total)} of all stayed."
    )


def screened(report: CorpusReport) -> str:
    """Say what screening found."""
    total = sum(one.count for one in report.screened)
    counts = {
        verdict: sum(one.count for one in report.screened if one.verdict == verdict)
        for verdict in ("review", "block")
    }
    return (
        f"{plural(total, 'question')} {'was' if total == 1 else 'were'} checked for harm by rules, "
        "by examples and, where one was used, by a language model. "
        f"Left out: {number(counts['block'])}; waiting for a person: {number(counts['review'])}. "
        "Every decision is kept with its reasons and can be taken back."
    )


def sources(report: CorpusReport) -> list[SourceLine]:
    """Return who wrote the questions, most first."""
    return [
        SourceLine(
            number(source.count),
            _WRITTEN.get(source.written_by, source.written_by)
            + (f": {canonical(source.name)}" if source.name else ""),
            canonical(source.licence),
        )
        for source in sorted(report.sources, key=lambda one: -one.count)
    ]


def glossary(report: CorpusReport) -> list[tuple[str, str]]:
    """Return the words that are used and what they mean."""
    found = [
        (
            "Likeness",
            "How close two questions are in meaning, as a program measures it: 1 is the same, 0 is "
            "about different things. It is the cosine of two vectors; it sees subjects well and "
            "sides badly.",
        )
    ]
    if report.real_topics and report.grouped_by == "meaning":
        found.append(
            (
                "Topic",
                "A group of questions that a program put together because they mean similar "
                "things. Nobody chose the groups by hand.",
            )
        )
    if report.splits.get(NEW_TOPICS):
        found.append(
            (
                "Held out",
                "Kept apart, so that it can be tested later how well a model does on something it "
                "has not seen.",
            )
        )
    if report.screened:
        found.append(("Severity", "How bad it would be to ask the question, from none to high."))
    return found
