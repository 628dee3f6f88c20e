"""Where a server is: its address made whole, and what to say when nothing good comes from there."""

from __future__ import annotations

import re
from typing import Final

import httpx

from acuerdo.domain.errors import ModelError, SettingsError

_VERSION: Final = re.compile(r"/v\d+\w*(/|$)")
_ENDPOINT: Final = re.compile(r"/(chat/completions|completions|models|embeddings)$")
_SET_ADDRESS: Final = "Set OPENAI_BASE_URL to an address like http://127.0.0.1:8080/v1."
_SET_KEY: Final = "Set OPENAI_API_KEY to a key that this server knows."
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def whole_address(base_url: str) -> str:
    """Return the address to which `/chat/completions` is added: with `/v1`, without a slash.

    Takes it with or without `/v1` or another version part, and with the endpoint itself pasted.
    Raises SettingsError if it is no http(s) address or has a password in it.
    """
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise SettingsError("the server's address cannot be read", fix=_SET_ADDRESS) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise SettingsError("the server's address has no http:// and host", fix=_SET_ADDRESS)
    if url.userinfo or url.query:
        fix = "Give the address alone; the key goes into OPENAI_API_KEY."
        raise SettingsError("the server's address carries a password or parameters", fix=fix)
    path = _ENDPOINT.sub("", url.path.rstrip("/"))
    if not _VERSION.search(path):
        path += "/v1"
    return str(url.copy_with(path=path, fragment=None))


def checked_key(api_key: str) -> str:
    """Return the key without spaces around it; SettingsError if no header can hold it."""
    key = api_key.strip()
    if not (key.isascii() and key.isprintable()):
        raise SettingsError("the API key holds characters that no key has", fix=_SET_KEY)
    return key


def is_this_machine(address: str) -> bool:
    """Say whether a server runs on this machine, where no proxy should stand in between."""
    return httpx.URL(address).host in _LOOPBACK


def no_server(address: str) -> ModelError:
    """Nobody answers there."""
    what = "no server can be reached (nobody listens, unknown name, or certificate not trusted)"
    return ModelError(what, where=address, fix=f"Start the server. {_SET_ADDRESS}")


def turned_down(address: str, status: int, model: str, has_key: bool) -> ModelError:
    """The server answers, but would turn down every request alike."""
    if status in {401, 403} and not has_key:
        return ModelError(
            f"the server wants an API key (HTTP {status})", where=address, fix=_SET_KEY
        )
    if status == 401:
        return ModelError("the server did not accept the API key", where=address, fix=_SET_KEY)
    if status in {402, 403}:
        what = f"the server does not let this key use the model {model!r} (HTTP {status})"
        fix = f"Check the account behind the key, or: {_SET_KEY}"
        return ModelError(what, where=address, fix=fix)
    if status in {404, 405}:
        what = f"the server knows no model {model!r}, or no chat at this address (HTTP {status})"
        fix = f"{address}/models lists its models. {_SET_ADDRESS}"
        return ModelError(what, where=address, fix=fix)
    what = f"the server sends requests on to another address (HTTP {status})"
    return ModelError(what, where=address, fix="Set OPENAI_BASE_URL to the final address.")


def no_single_model(address: str, offered: tuple[str, ...]) -> ModelError:
    """No model was named and the server does not have exactly one."""
    if not offered:
        what = "no model is named and the server lists none"
    else:
        more = ", ..." if len(offered) > 5 else ""
        what = (
            f"no model is named and the server has {len(offered)}: {', '.join(offered[:5])}{more}"
        )
    return ModelError(what, where=address, fix="Name the model to use.")
