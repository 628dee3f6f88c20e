"""Train a run file as one of two processes, as `accelerate launch` starts them; and start both.

python two_processes.py RANK PORT RUN.toml FOLDER [fsdp]
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

SHARDS = {
    "ACCELERATE_USE_FSDP": "true",
    "FSDP_VERSION": "2",
    "FSDP_AUTO_WRAP_POLICY": "TRANSFORMER_BASED_WRAP",
    "FSDP_RESHARD_AFTER_FORWARD": "true",
    "FSDP_STATE_DICT_TYPE": "FULL_STATE_DICT",
    "FSDP_CPU_RAM_EFFICIENT_LOADING": "false",
}


def train_in_two(run_file: Path, folder: Path, *shards: str) -> None:
    """Start both processes and wait; fails with what they said."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = str(listening.getsockname()[1])
    said = [str(run_file), str(folder), *shards]
    started = [
        subprocess.Popen(
            [sys.executable, __file__, rank, port, *said], stderr=subprocess.PIPE, text=True
        )
        for rank in ("0", "1")
    ]
    for process in started:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors


def main(rank: str, port: str, run_file: str, folder: str, *shards: str) -> None:
    """Join the other process on the processor, and train."""
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
    # The environment comes first.
    from acuerdo.ports import Unwatched  # noqa: PLC0415
    from acuerdo.train import (  # noqa: PLC0415
        read_drafter_run,
        read_run,
        train_drafter,
        train_predictor,
    )

    path = Path(run_file)
    if tomllib.loads(path.read_text("utf-8"))["kind"] == "drafter":
        train_drafter(read_drafter_run(path), Path(folder), Unwatched())
    else:
        train_predictor(read_run(path), Path(folder), Unwatched())


if __name__ == "__main__":
    main(*sys.argv[1:])
