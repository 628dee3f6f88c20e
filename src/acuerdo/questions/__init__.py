"""The corpus of debate questions: write, screen, remove near-duplicates, group, split, search."""

from acuerdo.questions.distinct import SAME_ACROSS, SAME_MEANING, Distinct, Likeness
from acuerdo.questions.form import FORM_FAULTS, cleaned, form_fault
from acuerdo.questions.journal import Journal
from acuerdo.questions.ledger import WritingReport
from acuerdo.questions.lines import question_id, question_line, question_of
from acuerdo.questions.neighbours import Neighbours, index_for
from acuerdo.questions.overview import nearest_others, principal_plane
from acuerdo.questions.screening import (
    FilledIn,
    LabelledNeighbours,
    ReviewLog,
    ScreenParts,
    queue_table,
    reasons_in_words,
    screen,
    screened,
    take_queue_table,
)
from acuerdo.questions.search import (
    Hit,
    QuestionIndex,
    Wanted,
    best_first,
    search_index,
    similarities,
)
from acuerdo.questions.seeds import SEED_LANGUAGES, seeds
from acuerdo.questions.shipped import CORPUS_NAME, shipped_corpus
from acuerdo.questions.sides import LANGUAGES_WITH_SIDES, MISFITS, Sides, fits, sides_of
from acuerdo.questions.similar import similar_pairs, straddling_pairs
from acuerdo.questions.split_extending import Extension, Newcomers, extend
from acuerdo.questions.split_options import TIE, SplitOptions
from acuerdo.questions.split_state import SplitState, load_split, save_split
from acuerdo.questions.splitting import Split, placed, split
from acuerdo.questions.stored_vectors import corpus_hash, stored_vectors
from acuerdo.questions.suggest import suggest_from
from acuerdo.questions.topics import (
    DEFAULT_TOPICS,
    GROUPINGS,
    ChosenK,
    Topic,
    TopicOptions,
    Topics,
    choose_k,
    grouping_named,
    in_topics,
    key_words,
    prepared_for,
    projection,
    topics_of,
    without_frame,
)
from acuerdo.questions.vectors import VectorStore, embed_into
from acuerdo.questions.writing import WritingState, Written, write_questions
from acuerdo.questions.writing_options import WritingOptions, WritingParts, recipe_of

__all__ = [
    "CORPUS_NAME",
    "DEFAULT_TOPICS",
    "FORM_FAULTS",
    "GROUPINGS",
    "LANGUAGES_WITH_SIDES",
    "MISFITS",
    "SAME_ACROSS",
    "SAME_MEANING",
    "SEED_LANGUAGES",
    "TIE",
    "ChosenK",
    "Distinct",
    "Extension",
    "FilledIn",
    "Hit",
    "Journal",
    "LabelledNeighbours",
    "Likeness",
    "Neighbours",
    "Newcomers",
    "QuestionIndex",
    "ReviewLog",
    "ScreenParts",
    "Sides",
    "Split",
    "SplitOptions",
    "SplitState",
    "Topic",
    "TopicOptions",
    "Topics",
    "VectorStore",
    "Wanted",
    "WritingOptions",
    "WritingParts",
    "WritingReport",
    "WritingState",
    "Written",
    "best_first",
    "choose_k",
    "cleaned",
    "corpus_hash",
    "embed_into",
    "extend",
    "fits",
    "form_fault",
    "grouping_named",
    "in_topics",
    "index_for",
    "key_words",
    "load_split",
    "nearest_others",
    "placed",
    "prepared_for",
    "principal_plane",
    "projection",
    "question_id",
    "question_line",
    "question_of",
    "queue_table",
    "reasons_in_words",
    "recipe_of",
    "save_split",
    "screen",
    "screened",
    "search_index",
    "seeds",
    "shipped_corpus",
    "sides_of",
    "similar_pairs",
    "similarities",
    "split",
    "stored_vectors",
    "straddling_pairs",
    "suggest_from",
    "take_queue_table",
    "topics_of",
    "without_frame",
    "write_questions",
]
