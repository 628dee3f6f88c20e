"""Replies are replayed, survive damage, and can be found and removed for a session or person."""

from __future__ import annotations

import errno
import json
import os
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from acuerdo.domain.completions import About, Completion, Fault, Message, Request, Usage
from acuerdo.domain.errors import Cancelled, StorageError
from acuerdo.domain.records import PersonId, SessionId
from acuerdo.llm import CachedModel, ScriptedModel
from acuerdo.ports import Unwatched
from tests.llm.asking import StopsWhen, ask, make_request, only

ANA, BEN = PersonId("Ana"), PersonId("Ben")
FIRST, SECOND = SessionId("first"), SessionId("second")
WHOLE = Request(
    messages=(Message("user", "Unmistakable words of Ana"),),
    seed=5,
    choices=("1", "2"),
    about=About(FIRST, (ANA, BEN)),
)


def numbered() -> ScriptedModel:
    return ScriptedModel([f"Reply {number}." for number in range(100)])


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def about(session: SessionId, *people: PersonId) -> About:
    return About(session, people)


def test_a_second_run_replays_the_first_and_costs_nothing(tmp_path: Path) -> None:
    requests = [make_request(seed=seed) for seed in range(4)]
    first = ask(CachedModel(numbered(), tmp_path), *requests)
    model = numbered()
    second = ask(CachedModel(model, tmp_path), *reversed(requests))
    assert [reply.text for reply in second] == [reply.text for reply in reversed(first)]
    assert model.seen == ()
    assert {reply.usage for reply in second} == {Usage(cached=1)}
    assert {reply.usage.cached for reply in first} == {0}


def test_finish_and_probabilities_are_kept(tmp_path: Path) -> None:
    kept = Completion("2", "length", probabilities=(0.25, 0.75))
    ask(CachedModel(ScriptedModel([kept]), tmp_path), WHOLE)
    again = only(CachedModel(numbered(), tmp_path), WHOLE)
    assert again == replace(kept, usage=Usage(cached=1))


OTHERS: dict[str, Any] = {
    "messages": (Message("system", "Unmistakable words of Ana"),),
    "seed": 6,
    "max_tokens": 321,
    "temperature": 0.81,
    "top_p": 0.99,
    "stop": ("\n",),
    "choices": ("2", "1"),
    "schema": "{}",
    "prefix": "1",
}


def test_every_parameter_of_a_request_is_covered_here() -> None:
    assert OTHERS.keys() | {"about"} == {field.name for field in fields(Request)}


@pytest.mark.parametrize("field", OTHERS)
def test_every_parameter_makes_another_request(field: str, tmp_path: Path) -> None:
    model = ScriptedModel(lambda request: request.choices[0])
    cached = CachedModel(model, tmp_path)
    ask(cached, WHOLE, replace(WHOLE, **{field: OTHERS[field]}))
    assert len(model.seen) == 2


def test_another_model_is_another_request(tmp_path: Path) -> None:
    ask(CachedModel(ScriptedModel(["a"], name="one"), tmp_path), make_request())
    assert only(CachedModel(ScriptedModel(["b"], name="two"), tmp_path)).text == "b"


def test_the_same_request_in_one_call_is_sent_once(tmp_path: Path) -> None:
    model = numbered()
    replies = ask(CachedModel(model, tmp_path), *[make_request()] * 3)
    assert len(model.seen) == 1
    assert [reply.text for reply in replies] == ["Reply 0."] * 3
    assert sum((reply.usage for reply in replies), Usage()).requests == 1


def test_faults_are_never_kept(tmp_path: Path) -> None:
    ask(CachedModel(ScriptedModel([Fault("timeout", "late")]), tmp_path))
    assert files(tmp_path) == []
    assert only(CachedModel(numbered(), tmp_path)).text == "Reply 0."


def test_replies_before_a_stop_are_kept(tmp_path: Path) -> None:
    model = numbered()
    requests = [make_request(seed=seed) for seed in range(5)]
    with pytest.raises(Cancelled):
        cached = CachedModel(model, tmp_path)
        cached.complete(requests, StopsWhen(lambda: len(model.seen) == 3))
    rest = numbered()
    ask(CachedModel(rest, tmp_path), *requests)
    assert [request.seed for request in rest.seen] == [3, 4]


# What lies on disk


def test_entries_hold_no_prompt_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    directory = tmp_path / "new" / "cache"
    ask(CachedModel(ScriptedModel(["1"]), directory), WHOLE)
    (entry,) = files(directory)
    assert "Unmistakable" not in entry.read_text() + str(entry)
    assert entry.stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == entry.parent.stat().st_mode & 0o777 == 0o700


DAMAGES = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "zeros": lambda content: bytes(len(content)),
    "binary": lambda content: b"\xff\xfe" + content,
    "other version": lambda content: content.replace(b'"format": 1', b'"format": 0'),
    "other type": lambda content: content.replace(b'"1"', b"1"),
    "wrong count": lambda content: content.replace(b"[1.0, 0.0]", b"[1.0]"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_entries_are_missing_and_written_anew(damage: str, tmp_path: Path) -> None:
    ask(CachedModel(ScriptedModel(["1"]), tmp_path), WHOLE)
    (entry,) = files(tmp_path)
    before = entry.read_bytes()
    entry.write_bytes(DAMAGES[damage](before))
    assert entry.read_bytes() != before
    assert only(CachedModel(ScriptedModel(["2"]), tmp_path), WHOLE).text == "2"
    assert only(CachedModel(ScriptedModel(["1"]), tmp_path), WHOLE).text == "2"


def test_a_full_disk_costs_no_reply_and_is_noted_once(tmp_path: Path, monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    model = CachedModel(numbered(), tmp_path)
    monkeypatch.setattr(Path, "replace", full)
    replies = ask(model, make_request(seed=1), make_request(seed=2))
    assert [reply.text for reply in replies] == ["Reply 0.", "Reply 1."]
    assert len(model.notes) == 1
    assert "No space left" in model.notes[0]
    assert files(tmp_path) == []


def test_a_directory_that_cannot_be_made_is_noted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    model = CachedModel(numbered(), tmp_path / "file" / "cache")
    assert only(model).text == "Reply 0."
    assert len(model.notes) == 1
    assert list(model.entries()) == []


def test_threads_can_share_a_directory(tmp_path: Path) -> None:
    requests = [make_request(seed=seed) for seed in range(20)]
    found: list[list[str]] = []

    def run() -> None:
        model = ScriptedModel(lambda request: f"Reply {request.seed}.")
        found.append([reply.text for reply in ask(CachedModel(model, tmp_path), *requests)])

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[f"Reply {seed}." for seed in range(20)]] * 6
    assert len(files(tmp_path)) == 20


# Erasure


def test_an_entry_names_every_session_it_served(tmp_path: Path) -> None:
    cached = CachedModel(numbered(), tmp_path)
    ask(cached, make_request(about=about(FIRST, ANA, BEN)))
    ask(cached, make_request(about=about(SECOND, BEN)))
    ask(cached, make_request(about=about(SECOND, BEN)))
    (entry,) = cached.entries()
    assert set(entry.about) == {about(FIRST, ANA, BEN), about(SECOND, BEN)}
    assert cached.size == entry.size == sum(path.stat().st_size for path in files(tmp_path))


@pytest.mark.parametrize(
    ("session", "person", "left"),
    [
        (FIRST, None, {"3", "4"}),
        (FIRST, ANA, {"2", "3", "4"}),
        (FIRST, BEN, {"3", "4"}),
        (None, ANA, {"2", "4"}),
        (SECOND, BEN, {"1", "2", "3", "4"}),
        (SessionId("third"), None, {"1", "2", "3", "4"}),
    ],
)
def test_a_session_or_person_can_be_forgotten(session, person, left, tmp_path: Path) -> None:
    cached = CachedModel(ScriptedModel(lambda request: request.messages[0].content), tmp_path)
    ask(
        cached,
        make_request("1", about=about(FIRST, ANA, BEN)),
        make_request("2", about=about(FIRST, BEN)),
        make_request("3", about=about(SECOND, ANA)),
        make_request("4"),
    )
    assert cached.forget(session, person) == 4 - len(left)
    assert {json.loads(path.read_text())["text"] for path in files(tmp_path)} == left


def test_an_entry_of_two_sessions_is_forgotten_for_both(tmp_path: Path) -> None:
    cached = CachedModel(numbered(), tmp_path)
    for session in (FIRST, SECOND):
        ask(cached, make_request(about=about(session, ANA)))
    assert cached.forget(FIRST) == 1
    assert files(tmp_path) == []


def test_forgetting_takes_damaged_entries_and_leftovers_with_it(tmp_path: Path) -> None:
    cached = CachedModel(numbered(), tmp_path)
    ask(cached, make_request(seed=1, about=about(FIRST, ANA)), make_request(seed=2))
    damaged, whole = files(tmp_path)
    damaged.write_text("{")
    (whole.parent / "tmpabc.part").write_text("half a reply")
    (tmp_path / "mine.json").write_text("not the cache's")
    cached.forget(SECOND)
    assert files(tmp_path) == sorted([whole, tmp_path / "mine.json"])


def test_what_cannot_be_removed_is_an_error(tmp_path: Path, monkeypatch) -> None:
    def stuck(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    cached = CachedModel(numbered(), tmp_path)
    ask(cached, make_request(about=about(FIRST, ANA)))
    monkeypatch.setattr(Path, "unlink", stuck)
    with pytest.raises(StorageError, match="Permission denied"):
        cached.forget(FIRST)


def test_forgetting_nobody_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="session"):
        CachedModel(numbered(), tmp_path).forget()


def test_the_oldest_entries_are_pruned_first(tmp_path: Path) -> None:
    cached = CachedModel(numbered(), tmp_path)
    for seed in range(4):
        before = set(files(tmp_path))
        ask(cached, make_request(seed=seed))
        (new,) = set(files(tmp_path)) - before
        os.utime(new, (seed, seed))
    assert cached.prune(cached.size // 2) == 2
    rest = numbered()
    cached.complete([make_request(seed=seed) for seed in (2, 3)], Unwatched())
    ask(CachedModel(rest, tmp_path), *(make_request(seed=seed) for seed in range(4)))
    assert [request.seed for request in rest.seen] == [0, 1]
