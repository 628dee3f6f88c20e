"""Fine-tuning of drafting models: run files in, run folders with an adapter out."""

from acuerdo.train.drafting.drafter import train_drafter
from acuerdo.train.drafting.runs import DrafterRun, read_drafter_run

__all__ = ["DrafterRun", "read_drafter_run", "train_drafter"]
