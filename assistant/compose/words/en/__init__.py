"""English."""

from assistant.compose.words.en import conversations, labels, names, sentences

TABLES = (
    names.TIME, names.NAMES, names.SCOPE, sentences.SENTENCES, sentences.TALK, labels.COLUMNS, labels.NOTES, labels.SUGGESTIONS,
    conversations.CONVERSATION,
)  # fmt: skip
