"""Predict agreement: of a few people with a few statements, or for a file of any length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from acuerdo.domain.ballots import BoolMatrix, FloatMatrix
from acuerdo.domain.errors import InputError
from acuerdo.domain.records import LIKERT_MAX, LIKERT_MIN
from acuerdo.domain.sheets import Sheet, Values
from acuerdo.domain.text import canonical
from acuerdo.ports import Progress, Scorer, Unwatched, Watch, stop_if_asked
from acuerdo.recipes import DEFAULT_SCORER
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import scorer_named


@dataclass(frozen=True, slots=True, eq=False)
class PredictedAgreement:
    """How much each person would agree with each statement; shape (people, statements) throughout.

    `expected` is on 1-7, higher is better, 4 is neutral; nan means "cannot say". `spread` is one
    standard deviation of what the person would say, in the same unit: 0 for known ratings, nan
    where `expected` is. `known` marks ratings that were given; everything else is a prediction.
    """

    expected: FloatMatrix
    spread: FloatMatrix
    known: BoolMatrix


def predict_agreement(
    question: str,
    opinions: Sequence[str] | Mapping[str, str],
    statements: Sequence[str],
    ratings: npt.ArrayLike | None = None,
    *,
    context: str = "",
    predictor: str = DEFAULT_SCORER,
    scorer: Scorer | None = None,
    settings: Settings | None = None,
    watch: Watch | None = None,
) -> PredictedAgreement:
    """Predict how much each person would agree with each statement.

    `opinions` has one text per person, "" where a person gave none: without a rating to go by the
    predictor cannot say anything about them. `ratings`, shape (people, statements), holds what is
    known already, 1-7, and nan elsewhere; it comes back as it is and moves the rest. `context` is
    background that everybody saw. `scorer` is a ready-made scorer, used as it is in place of the
    named `predictor`.

    >>> found = predict_agreement(
    ...     "Should the library open on Sundays?",
    ...     ["Yes, Sunday is the only day I can go.", ""],
    ...     ["The library opens on Sundays.", "The library stays closed on Sundays."],
    ...     ratings=[[7, np.nan], [np.nan, np.nan]],
    ... )
    >>> found.expected.shape, found.expected[0, 0].item(), found.spread[0, 0].item()
    ((2, 2), 7.0, 0.0)
    >>> found.known.tolist(), np.isnan(found.expected[1, 1]).item()
    ([[True, False], [False, False]], True)

    Raises InputError if the texts or ratings cannot be used, SettingsError for an unknown
    predictor, ModelError if its model cannot be used, Cancelled if the watcher stops.
    """
    watch = watch or Unwatched()
    sheet = _sheet(question, opinions, statements, ratings, context)
    shape = (len(sheet.opinions), len(sheet.statements))
    scorer = scorer or scorer_named(
        predictor, settings or read_settings(), watch, with_ratings=bool(sheet.known.any())
    )
    found = predicted_pairs([(np.arange(sheet.size), sheet)], sheet.size, scorer, watch)
    return PredictedAgreement(
        found.expected.reshape(shape), found.spread.reshape(shape), sheet.known.reshape(shape)
    )


@dataclass(frozen=True, slots=True, eq=False)
class PairsPredicted:
    """`expected` and `spread` as in `PredictedAgreement`, in a row: shape (pairs,)."""

    expected: Values
    spread: Values


def predicted_pairs(
    sheets: Iterable[tuple[npt.NDArray[np.integer], Sheet]], size: int, scorer: Scorer, watch: Watch
) -> PairsPredicted:
    """Return what is expected of all pairs, `size` of them on all sheets.

    Each sheet comes with the positions of its pairs. Known ratings are laid over the scorer's
    forecast, with spread 0.
    """
    expected, spread = np.full(size, np.nan), np.full(size, np.nan)
    done = 0
    for rows, sheet in sheets:
        stop_if_asked(watch)
        known = sheet.known
        if not known.all():
            forecast = scorer.score(sheet, _PartOfAll(watch, done, sheet.size, size))
            expected[rows], spread[rows] = forecast.expected, forecast.spread
        expected[rows[known]], spread[rows[known]] = sheet.ratings[known], 0
        done += sheet.size
        watch.report(Progress("predict", done, size))
    return PairsPredicted(expected, spread)


class _PartOfAll:
    """Shows the progress of one sheet as progress of all pairs."""

    def __init__(self, watch: Watch, before: int, size: int, total: int) -> None:
        self._watch = watch
        self._before, self._size, self._total = before, size, total

    def report(self, progress: Progress) -> None:
        if progress.stage != "predict":
            self._watch.report(progress)
            return
        share = progress.done / progress.total if progress.total else 1.0
        done = self._before + round(share * self._size)
        self._watch.report(Progress("predict", done, self._total, progress.note))

    def stopped(self) -> bool:
        return self._watch.stopped()


def _sheet(
    question: str,
    opinions: Sequence[str] | Mapping[str, str],
    statements: Sequence[str],
    ratings: npt.ArrayLike | None,
    context: str,
) -> Sheet:
    for name, texts in (("opinions", opinions), ("statements", statements)):
        if isinstance(texts, str):
            raise InputError(f"the {name} are one single text", fix="Pass a list of texts.")
    said = tuple(opinions.values()) if isinstance(opinions, Mapping) else tuple(opinions)
    people, columns = len(said), len(statements)
    sheet = Sheet(
        question=canonical(question),
        opinions=tuple(map(canonical, said)),
        statements=tuple(map(canonical, statements)),
        person=np.repeat(np.arange(people), columns),
        statement=np.tile(np.arange(columns), people),
        ratings=_known(ratings, (people, columns)).ravel(),
        context=canonical(context),
    )
    if not sheet.question:
        raise InputError("the question is empty", fix="Say what the people answered.")
    if "" in sheet.statements:
        raise InputError(
            f"statement {sheet.statements.index('') + 1} is empty", fix="Write it, or leave it out."
        )
    return sheet


def _known(ratings: npt.ArrayLike | None, shape: tuple[int, int]) -> FloatMatrix:
    if ratings is None:
        return np.full(shape, np.nan)
    try:
        known = np.asarray(ratings, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"the ratings are not numbers: {error}", fix=_RATINGS) from None
    if known.shape != shape:
        raise InputError(f"the ratings have shape {known.shape}, not {shape}", fix=_RATINGS)
    given = ~np.isnan(known)
    wrong = np.argwhere(given & ~((known >= LIKERT_MIN) & (known <= LIKERT_MAX)))
    if len(wrong):
        row, column = wrong[0].tolist()
        raise InputError(
            f"{known[row, column]} is not a rating from {LIKERT_MIN} to {LIKERT_MAX}",
            where=f"ratings[{row}, {column}]",
            fix=_RATINGS,
        )
    return known


_RATINGS = (
    f"Pass an array of people x statements with {LIKERT_MIN} to {LIKERT_MAX}, nan where unknown."
)
