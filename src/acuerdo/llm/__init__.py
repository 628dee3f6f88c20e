"""Language models and embedding models: embedded, on servers, cached, budgeted, scripted.

Order of wrapping: `CachedModel(BudgetedModel(model, budget), directory)`, so that what the cache
knows costs nothing.
"""

from acuerdo.llm.adapter_export import Label, export_adapter
from acuerdo.llm.adapters import Adapter, fitting_adapter, read_adapter, shipped_adapter
from acuerdo.llm.budget import Budget, BudgetedModel
from acuerdo.llm.cache import CachedModel
from acuerdo.llm.chat_templates import ChatWriter, recognise, template_named
from acuerdo.llm.embedded import EmbeddedModel
from acuerdo.llm.embeddings import HashedEmbedder, SentenceEncoder
from acuerdo.llm.entries import CacheEntry, Folder
from acuerdo.llm.gguf import read_header
from acuerdo.llm.next_tokens import next_token_logs
from acuerdo.llm.openai import OpenAIModel
from acuerdo.llm.retry import Backoff
from acuerdo.llm.scripted import ScriptedModel
from acuerdo.llm.universal_sentence_encoder import encoder_parts
from acuerdo.llm.weights import WEIGHTS, fetch, is_intact, remove

__all__ = [
    "WEIGHTS",
    "Adapter",
    "Backoff",
    "Budget",
    "BudgetedModel",
    "CacheEntry",
    "CachedModel",
    "ChatWriter",
    "EmbeddedModel",
    "Folder",
    "HashedEmbedder",
    "Label",
    "OpenAIModel",
    "ScriptedModel",
    "SentenceEncoder",
    "encoder_parts",
    "export_adapter",
    "fetch",
    "fitting_adapter",
    "is_intact",
    "next_token_logs",
    "read_adapter",
    "read_header",
    "recognise",
    "remove",
    "shipped_adapter",
    "template_named",
]
