"""Runs a coroutine to its end from ordinary code, even from inside somebody else's event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


def run_in_background(work: Coroutine[None, None, Result]) -> Result:
    """Run `work` on an event loop in a thread of its own; return its result or raise its error.

    If the caller is interrupted (Ctrl-C), `work` is cancelled and left to tidy up behind.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=_serve, args=(loop,), name="acuerdo-requests", daemon=True).start()
    running = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return running.result()
    finally:
        running.cancel()
        loop.call_soon_threadsafe(loop.stop)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    # asyncio.run would wait for look-ups of host names, which can hang long after a cancel.
    loop.run_forever()
    loop.run_until_complete(_cancel_rest())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


async def _cancel_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
