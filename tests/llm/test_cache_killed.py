"""A process killed while it writes leaves a cache that still works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from acuerdo.llm import CachedModel, ScriptedModel
from tests.llm.asking import ask, make_request

WRITER = """
import sys
from pathlib import Path
from acuerdo.llm import CachedModel, ScriptedModel
from acuerdo.ports import Unwatched
from acuerdo.domain.completions import Message, Request

cached = CachedModel(ScriptedModel(lambda request: "word " * 5000), Path(sys.argv[1]))
for seed in range(10_000):
    cached.complete([Request((Message("user", "What do we agree on?"),), seed=seed)], Unwatched())
    if seed == 3:
        print("ready", flush=True)
"""


def test_a_killed_writer_leaves_whole_entries(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.kill()
    model = ScriptedModel(["new"])
    replies = ask(CachedModel(model, tmp_path), *(make_request(seed=seed) for seed in range(6)))
    assert {reply.text for reply in replies} <= {"word " * 5000, "new"}
    assert {request.seed for request in model.seen} <= {4, 5}
