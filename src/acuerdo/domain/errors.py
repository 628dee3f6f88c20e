"""One tree for everything that can go wrong and that a person can do something about.

    AcuerdoError
    ├── InputError          what was handed in cannot be used (file, row, field)
    ├── SettingsError       a setting or option is wrong or missing
    ├── ModelError          a language model or embedding model cannot be used at all
    │   ├── WeightsError    weights are missing, damaged or not the pinned ones
    │   └── BudgetExceeded  the token, cost or time ceiling was reached
    ├── StorageError        the disk is full, read-only or unreadable
    └── Cancelled           the person or the caller stopped the work

A single failed model *request* is not an exception: it is a `Fault` value, so that one bad reply
never takes a round down.
"""

from __future__ import annotations


class AcuerdoError(Exception):
    """Says what was wrong, where, and what to do about it."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.fix = fix
        super().__init__(str(self))

    def __str__(self) -> str:
        message = f"{self.where}: {self.what}" if self.where else self.what
        return f"{message}\n{self.fix}" if self.fix else message


class InputError(AcuerdoError):
    """What was handed in cannot be used."""


class SettingsError(AcuerdoError):
    """A setting or option is wrong or missing."""


class ModelError(AcuerdoError):
    """A language model or embedding model cannot be used at all."""


class WeightsError(ModelError):
    """Weights are missing, damaged or not the pinned ones."""


class BudgetExceeded(ModelError):  # noqa: N818 - the field's word for it
    """The token, cost or time ceiling was reached."""


class StorageError(AcuerdoError):
    """The disk is full, read-only or unreadable."""


class Cancelled(AcuerdoError):  # noqa: N818 - a stop, not a failure
    """The person or the caller stopped the work."""

    def __init__(self, what: str = "Stopped before the end.") -> None:
        super().__init__(what, fix="Run the same command again to go on: finished work is kept.")
