"""`acuerdo find` with a model on a server: one setting away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acuerdo.cli.app import make_app
from tests.llm.fault_server import FakeServer

OPINIONS = "Ana: We need a quiet street at night.\nBen: My shop lives from people who stop here.\n"


def find(tmp_path: Path, *options: str) -> tuple[int, dict[str, object]]:
    file = tmp_path / "opinions.txt"
    file.write_text(OPINIONS)
    given = ["find", str(file), "-q", "What about the street?", "-n", "4", "--json", "--quiet"]
    result = CliRunner().invoke(make_app(), [*given, *options])
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACUERDO_CACHE_DIR", str(tmp_path / "cache"))


def test_the_address_alone_is_enough_and_a_second_run_asks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        code, first = find(tmp_path)
        asked = len(server.seen)
        _, second = find(tmp_path)

        assert (code, asked) == (0, len(server.seen))
    assert asked >= 4
    assert second["statement"] == first["statement"]
    assert {c["origin"] for c in first["candidates"]} == {"model", "extractive", "no_statement"}


def test_a_server_that_only_fails_still_leaves_the_extractive_candidate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACUERDO_RETRIES", "0")
    with FakeServer("server_error") as server:
        code, found = find(tmp_path, "--base-url", server.url, "--model", "fake")

    assert code == 0
    assert found["degraded"] is True
    assert {c["origin"] for c in found["candidates"]} == {"extractive", "no_statement"}
    assert found["problems"][0]["kind"] == "server_error"
