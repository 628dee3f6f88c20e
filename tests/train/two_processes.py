"""Train a run file as one of several processes; what `accelerate launch` starts in a test.

python two_processes.py RANK PORT RUN.toml FOLDER
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(rank: str, port: str, run_file: str, folder: str) -> None:
    """Join two processes on the processor, and train."""
    os.environ |= {
        "RANK": rank,
        "LOCAL_RANK": rank,
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": port,
        "ACCELERATE_USE_CPU": "true",
        "OMP_NUM_THREADS": "1",
    }
    from acuerdo.ports import Unwatched  # noqa: PLC0415 - the environment comes first
    from acuerdo.train import read_run, train_predictor  # noqa: PLC0415

    train_predictor(read_run(Path(run_file)), Path(folder), Unwatched())


if __name__ == "__main__":
    main(*sys.argv[1:])
