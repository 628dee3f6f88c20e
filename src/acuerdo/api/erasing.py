"""What is kept of people's texts on this machine, and how to erase it."""

from __future__ import annotations

from dataclasses import dataclass

from acuerdo.domain.errors import InputError
from acuerdo.domain.records import PersonId, SessionId
from acuerdo.settings import Settings, read_settings
from acuerdo.wiring import reply_folder


@dataclass(frozen=True, slots=True)
class Kept:
    """Model replies in the cache: how many, and their size in bytes."""

    replies: int
    bytes: int
    sessions: tuple[str, ...]


def kept_replies(settings: Settings | None = None) -> Kept:
    """Return what the cache of model replies holds."""
    entries = list(reply_folder(settings or read_settings()).entries())
    sessions = {about.session for entry in entries for about in entry.about if about.session}
    return Kept(len(entries), sum(entry.size for entry in entries), tuple(sorted(sessions)))


def forget_replies(
    *,
    session: str = "",
    person: str = "",
    everything: bool = False,
    settings: Settings | None = None,
) -> int:
    """Erase cached replies made from a session's or a person's texts; return how many.

    Raises InputError unless a session, a person or everything is named.
    """
    folder = reply_folder(settings or read_settings())
    if everything:
        return folder.prune(0)
    if not (session or person):
        raise InputError(
            "nothing was named to forget",
            fix="Name a session (--session), a person (--person), or everything (--all).",
        )
    return folder.forget(
        SessionId(session) if session else None, PersonId(person) if person else None
    )
