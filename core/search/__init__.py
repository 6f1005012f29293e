"""Finding messages to read and conversations to open, by every condition of a selection, by words and by meaning.

What a search *matches*, and therefore what is counted, is words: every word of the subject, inflections and accents aside
(core/search_words.py), in one message. Meaning never counts: it ranks a list and adds rows to it, and those are told apart
(`found_by`). So a number that names a subject is always that of one SQL condition, whichever vectors a tenant has.
"""

from core.search.lists import find_conversations, find_messages, find_versions
from core.search.nearest import SearchVector, embed_ahead, embed_search
from core.search.ranked import search_conversations, search_messages
from core.search.rows import ConversationRow, Found, FoundBy, MessageRow, Neighbour, VersionCount, name_status

__all__ = [
    "ConversationRow",
    "Found",
    "FoundBy",
    "MessageRow",
    "Neighbour",
    "SearchVector",
    "VersionCount",
    "embed_ahead",
    "embed_search",
    "find_conversations",
    "find_messages",
    "find_versions",
    "name_status",
    "search_conversations",
    "search_messages",
]
