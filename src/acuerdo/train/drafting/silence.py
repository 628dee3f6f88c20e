"""Keeping the libraries' own bars, notes and warnings off the terminal: the watch tells it all."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import transformers

from acuerdo.neural import quietly

LOUD: Final = ("accelerate", "datasets", "peft", "torch", "transformers", "trl")


@contextmanager
def silence() -> Iterator[None]:
    """Let nothing through but errors while the block runs."""
    loggers = [logging.getLogger(name) for name in LOUD]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), quietly(transformers):
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
