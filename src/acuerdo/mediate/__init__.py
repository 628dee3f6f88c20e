"""The heart: one round from opinions to a result, pure over the ports."""

from acuerdo.mediate.parts import Parts
from acuerdo.mediate.pipeline import mediate

__all__ = ["Parts", "mediate"]
