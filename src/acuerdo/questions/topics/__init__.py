"""Questions grouped into topics by what they mean: prepared, clustered, named, laid out."""

from acuerdo.questions.topics.choosing import ChosenK, choose_k
from acuerdo.questions.topics.frames import without_frame
from acuerdo.questions.topics.grouping import (
    DEFAULT_TOPICS,
    TopicOptions,
    prepared_for,
    topics_of,
)
from acuerdo.questions.topics.key_words import key_words
from acuerdo.questions.topics.methods import GROUPINGS, NOISE, Grouping, grouping_named
from acuerdo.questions.topics.projecting import projection
from acuerdo.questions.topics.values import Topic, Topics, in_topics

__all__ = [
    "DEFAULT_TOPICS",
    "GROUPINGS",
    "NOISE",
    "ChosenK",
    "Grouping",
    "Topic",
    "TopicOptions",
    "Topics",
    "choose_k",
    "grouping_named",
    "in_topics",
    "key_words",
    "prepared_for",
    "projection",
    "topics_of",
    "without_frame",
]
