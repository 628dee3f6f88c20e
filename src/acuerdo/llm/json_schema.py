"""Finds the JSON object in a reply and checks its shape: for servers that cannot enforce one."""

from __future__ import annotations

import json
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError

_JSON: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)
# A reply of nothing but braces must not cost a try for each of them.
_MOST_BRACES: Final = 20
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}


def object_in(text: str) -> str | None:
    """Return the first whole JSON object in a text, without the words or fences around it."""
    decoder = json.JSONDecoder()
    start = -1
    for _ in range(_MOST_BRACES):
        start = text.find("{", start + 1)
        if start < 0:
            return None
        try:
            _, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        return text[start:end]
    return None


def conforms(text: str, schema: str) -> bool:
    """Say whether a JSON text has the shape of a JSON schema.

    Checks `type`, `required`, `properties`, `additionalProperties: false`, `items` and `enum`, at
    every depth; other keywords are not looked at.
    """
    try:
        value = _JSON.validate_json(text)
    except ValidationError:
        return False
    return _fits(value, _JSON.validate_json(schema))


def _fits(value: JsonValue, schema: JsonValue) -> bool:
    if not isinstance(schema, dict):
        return True
    if not _has_type(value, schema.get("type")):
        return False
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema)
    if isinstance(value, list):
        return all(_fits(item, schema.get("items")) for item in value)
    return True


def _has_type(value: JsonValue, wanted: JsonValue) -> bool:
    names = wanted if isinstance(wanted, list) else [wanted]
    known = [name for name in names if isinstance(name, str) and name in _TYPES]
    if not known:
        return True
    if isinstance(value, bool):
        return "boolean" in known
    return any(isinstance(value, _TYPES[name]) for name in known)


def _object_fits(value: dict[str, JsonValue], schema: dict[str, JsonValue]) -> bool:
    required = schema.get("required")
    if isinstance(required, list) and any(key not in value for key in required):
        return False
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    if schema.get("additionalProperties") is False and value.keys() - known.keys():
        return False
    return all(_fits(item, known.get(key)) for key, item in value.items())
