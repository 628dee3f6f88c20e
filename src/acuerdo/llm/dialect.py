"""How a request is written for one server: what the server cannot do is left out or said otherwise.

"OpenAI-compatible" servers differ in the fields they accept. A `Dialect` is the set of things a
server has been found not to do; it starts empty and only grows, so adapting always ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from acuerdo.domain.completions import Request

Dialect = frozenset[str]
Payload = dict[str, JsonValue]

PLAIN: Final[Dialect] = frozenset()
OPEN_ANSWERS: Final = "open answers"
"""The model's own first token is mostly none of the choices: it has to be nudged to them."""

MOST_TOP_TOKENS: Final = 20
FEWER_TOP_TOKENS: Final = 5
_NUDGE: Final = 50.0
_SEED_MASK: Final = 0x7FFF_FFFF

NOTES: Final[Mapping[str, str]] = {
    "seed": "does not take `seed`: only the cache can repeat a run exactly",
    "temperature": "does not take `temperature`: its own default is used",
    "top_p": "does not take `top_p`: its own default is used",
    "stop": "does not take `stop`: replies are cut afterwards",
    "max_tokens": "takes `max_completion_tokens` instead of `max_tokens`",
    "max_completion_tokens": "takes no limit on tokens",
    "response_format": "does not enforce JSON schemas: they are asked for and checked",
    "logprobs": "gives no token probabilities: a prompted judge cannot use it",
    "top_logprobs": f"gives at most {FEWER_TOP_TOKENS} token probabilities",
    OPEN_ANSWERS: "needs `logit_bias` to answer with one of the choices",
}
"""What each finding means, as the end of a sentence that begins with the server."""

# `logit_bias` and its companions are only ever sent on trial, so they need no note.
_ADAPTABLE: Final = (*NOTES, "logit_bias", "post_sampling_probs", "top_k", "min_p")
_PLAIN_WORDS: Final = frozenset({"seed", "temperature", "stop"})
_JSON_OBJECT: Final[TypeAdapter[Payload]] = TypeAdapter(Payload)


def payload(request: Request, model: str, dialect: Dialect) -> Payload:
    """Return the body of a chat completion request.

    Choices are read at temperature 1, where what a server reports is the model's own distribution
    whether it scales the probabilities or not. Seeds are sent as 31 bits, which every server
    takes; llama.cpp would read the largest 32-bit one as "random".
    """
    body: Payload = {"model": model, "messages": _messages(request, dialect)}
    body |= _limit(1 if request.choices else request.max_tokens, dialect)
    body |= {"temperature": 1.0 if request.choices else request.temperature}
    body |= {"seed": request.seed & _SEED_MASK}
    if request.choices:
        body |= _choice_fields(request, dialect)
    elif request.top_p != 1.0:
        body |= {"top_p": request.top_p}
    if request.stop:
        body |= {"stop": list(request.stop)}
    if request.schema:
        body |= {"response_format": _response_format(request.schema)}
    return {field: value for field, value in body.items() if not _left_out(field, dialect)}


def rejected_field(error_text: str, sent: Payload, dialect: Dialect) -> str | None:
    """Return the field that a server complains about in the body of a 400, None if it is none.

    Servers name the field in `error.param`, in quotes, after "parameter", or bare in a sentence;
    the bare form does not count for everyday words, since a message may quote what people wrote.
    """
    for field in _ADAPTABLE:
        if field in sent and field not in dialect and _names(error_text, field):
            return field
    return None


def _names(text: str, field: str) -> bool:
    name = re.escape(field)
    # Quotes inside a JSON text come with a backslash.
    quoted = rf"['\"`]{name}\\?['\"`]|(?:parameter|argument|property):? {name}\b"
    return re.search(quoted if field in _PLAIN_WORDS else rf"(?<!\w){name}(?!\w)", text) is not None


def _left_out(field: str, dialect: Dialect) -> bool:
    return field in dialect and field != "top_logprobs"


def _limit(tokens: int, dialect: Dialect) -> Payload:
    return {"max_completion_tokens" if "max_tokens" in dialect else "max_tokens": tokens}


def _choice_fields(request: Request, dialect: Dialect) -> Payload:
    top = FEWER_TOP_TOKENS if "top_logprobs" in dialect else MOST_TOP_TOKENS
    fields: Payload = {"logprobs": True, "top_logprobs": top}
    if OPEN_ANSWERS in dialect:
        # llama.cpp takes words here; the same nudge for all keeps their proportions. It reports
        # the nudged probabilities only after sampling and only if sampling cuts nothing off.
        fields |= {"logit_bias": [[choice, _NUDGE] for choice in request.choices]}
        fields |= {"post_sampling_probs": True, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
    return fields


def _response_format(schema: str) -> Payload:
    shape = _JSON_OBJECT.validate_json(schema)
    # OpenAI's strict mode refuses schemas that leave room for further keys.
    strict = shape.get("additionalProperties") is False
    return {
        "type": "json_schema",
        "json_schema": {"name": "reply", "schema": shape, "strict": strict},
    }


def _messages(request: Request, dialect: Dialect) -> list[JsonValue]:
    messages: list[JsonValue] = [
        {"role": message.role, "content": message.content} for message in request.messages
    ]
    if request.schema and "response_format" in dialect:
        last = request.messages[-1]
        shape = json.dumps(json.loads(request.schema), ensure_ascii=False)
        wish = f"Answer with one JSON object and nothing else. It must fit this schema:\n{shape}"
        messages[-1] = {"role": last.role, "content": f"{last.content}\n\n{wish}"}
    return messages
