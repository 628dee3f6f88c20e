"""Screens on what models and people write: why a draft cannot stand."""

from acuerdo.guard.language import LANGUAGES, detect_language
from acuerdo.guard.screen import StandardScreen

__all__ = ["LANGUAGES", "StandardScreen", "detect_language"]
