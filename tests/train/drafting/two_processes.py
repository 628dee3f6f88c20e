"""Tune a drafting model as one of several processes; what `accelerate launch` starts in a test.

python two_processes.py RANK PORT RUN.toml FOLDER [fsdp]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SHARDS = {
    "ACCELERATE_USE_FSDP": "true",
    "FSDP_VERSION": "2",
    "FSDP_AUTO_WRAP_POLICY": "TRANSFORMER_BASED_WRAP",
    "FSDP_RESHARD_AFTER_FORWARD": "true",
    "FSDP_STATE_DICT_TYPE": "FULL_STATE_DICT",
    "FSDP_CPU_RAM_EFFICIENT_LOADING": "false",
}


def main(rank: str, port: str, run_file: str, folder: str, *shards: str) -> None:
    """Join two processes on the processor, and tune."""
    os.environ |= {
        "RANK": rank,
        "LOCAL_RANK": rank,
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": port,
        "ACCELERATE_USE_CPU": "true",
        "OMP_NUM_THREADS": "1",
        **(SHARDS if shards else {}),
    }
    from acuerdo.ports import Unwatched  # noqa: PLC0415 - the environment comes first
    from acuerdo.train import read_drafter_run, train_drafter  # noqa: PLC0415

    train_drafter(read_drafter_run(Path(run_file)), Path(folder), Unwatched())


if __name__ == "__main__":
    main(*sys.argv[1:])
