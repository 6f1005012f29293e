"""Portuguese of Brazil."""

from assistant.compose.words.pt import labels, names, sentences

TABLES = (
    names.TIME, names.NAMES, names.SCOPE, sentences.SENTENCES, sentences.TALK, labels.COLUMNS, labels.NOTES, labels.SUGGESTIONS,
)  # fmt: skip
