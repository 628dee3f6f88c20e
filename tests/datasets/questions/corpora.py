"""Corpora to read and write in tests."""

from __future__ import annotations

import json

PUBLISHED = [
    {
        "id": f"S{number}",
        "question": f"Should the town  build {thing}? “Now”…",
        "affirming_statement": f"The town should build {thing}.",
        "negating_statement": f"The town should NOT build {thing}.",
        "topic": number,
        "split": split,
    }
    for number, (thing, split) in enumerate(
        [("a café", "train"), ("=a library", "iid_test"), ("two schools", "ood_test")]
    )
]


def published_json(entries: int = 0) -> bytes:
    """Return a corpus in the published form, of `entries` questions if that is not 0."""
    listed = PUBLISHED
    if entries:
        listed = [{**PUBLISHED[0], "id": f"S{number}"} for number in range(entries)]
    return (json.dumps(listed, indent=2, ensure_ascii=False) + "\n").encode()
