"""Write preferences as TRL and OpenRLHF read them: prompt, chosen, rejected, margin."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from acuerdo.domain.comparisons import Comparison
from acuerdo.domain.errors import SettingsError
from acuerdo.domain.judgements import Judgements
from acuerdo.files import whole_file

PAIRS_PER_PERSON: Final = 50


@dataclass(frozen=True, slots=True)
class Preference:
    """A person with this prompt prefers `chosen`; `margin` is above 0, on the 1-7 scale."""

    prompt: str
    chosen: str
    rejected: str
    margin: float


def default_prompt(question: str, context: str, opinion: str) -> str:
    """Return the question, its context and the person's own words, one part a paragraph."""
    parts = (question, context, f"My opinion: {opinion}" if opinion else "")
    return "\n\n".join(part for part in parts if part)


Prompt = Callable[[str, str, str], str]


def preferences_from_judgements(
    table: Judgements,
    seed: int,
    *,
    pairs_per_person: int = PAIRS_PER_PERSON,
    prompt: Prompt = default_prompt,
) -> Iterator[Preference]:
    """Yield pairs of statements that one person rated differently on one question.

    Of every person and question at most `pairs_per_person` pairs, drawn by the seed, so that
    somebody with hundreds of votes does not outweigh the others. The margin is the difference on
    1-7.
    """
    if pairs_per_person < 1:
        raise SettingsError(f"{pairs_per_person} pairs a person are none", fix="Use at least 1.")
    random = np.random.default_rng(seed)
    agreement = table.agreement
    for rows in table.questions():
        by_person: defaultdict[int, list[int]] = defaultdict(list)
        for row in rows.tolist():
            by_person[int(table.person.codes[row])].append(row)
        for own in by_person.values():
            ratings = agreement[own]
            better, worse = np.nonzero(ratings[:, None] > ratings[None, :])
            if len(better) > pairs_per_person:
                drawn = np.sort(random.choice(len(better), pairs_per_person, replace=False))
                better, worse = better[drawn], worse[drawn]
            for first, second in zip(better.tolist(), worse.tolist(), strict=True):
                row = own[first]
                yield Preference(
                    prompt(table.question[row], table.context[row], table.opinion[row]),
                    table.statement[row],
                    table.statement[own[second]],
                    float(ratings[first] - ratings[second]),
                )


def preferences_from_comparisons(
    comparisons: Iterable[Comparison], *, prompt: Prompt = default_prompt
) -> Iterator[Preference]:
    """Yield the comparisons in which one statement was preferred.

    A comparison of 1 or -1 counts as three steps on 1-7, between "neutral" and "strongly agree".
    """
    for found in comparisons:
        if found.value:
            both = (found.first, found.second)
            chosen, rejected = both if found.value > 0 else both[::-1]
            yield Preference(
                prompt(found.question, found.context, found.opinion),
                chosen,
                rejected,
                3 * abs(found.value),
            )


def write_preferences(preferences: Iterable[Preference], path: Path, *, margin: bool = True) -> int:
    """Write one JSON object a line and return how many.

    The keys are those of TRL's explicit-prompt preference format (RewardTrainer, DPOTrainer);
    OpenRLHF reads them with `--data.prompt_key prompt --data.chosen_key chosen
    --data.rejected_key rejected`. Without `margin` that key is left out (DPOTrainer ignores it).
    An existing file is replaced at once or stays as it was. Raises StorageError if the disk is
    full or read-only.
    """
    written = 0
    with whole_file(path, "the preferences") as stream:
        for preference in preferences:
            stream.write(_line(preference, margin).encode())
            written += 1
    return written


def _line(preference: Preference, margin: bool) -> str:
    fields: dict[str, str | float] = {
        "prompt": preference.prompt,
        "chosen": preference.chosen,
        "rejected": preference.rejected,
    }
    if margin:
        fields["margin"] = round(preference.margin, 4)
    return json.dumps(fields, ensure_ascii=False) + "\n"
