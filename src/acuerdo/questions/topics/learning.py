"""scikit-learn and scipy, imported where they are needed: the core installs without them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from threadpoolctl import threadpool_limits

from acuerdo.domain.errors import SettingsError


def learning(module: str) -> Any:
    """Return a module such as "sklearn.cluster"; raises SettingsError if it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise SettingsError(
            "grouping questions into topics needs scikit-learn, which is not installed",
            fix="Run: pip install 'acuerdo[questions]'",
        ) from None


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep numerical libraries to one thread.

    Sums of several threads come in varying order, which would make equal seeds differ; and threads
    would compete with a language model for the same cores.
    """
    # A library that is loaded later would not be limited.
    learning("sklearn.cluster")
    with threadpool_limits(limits=1):
        yield
