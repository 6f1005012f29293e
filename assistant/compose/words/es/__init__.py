"""Spanish."""

from assistant.compose.words.es import labels, names, sentences

TABLES = (
    names.TIME, names.NAMES, names.SCOPE, sentences.SENTENCES, sentences.TALK, labels.COLUMNS, labels.NOTES, labels.SUGGESTIONS,
)  # fmt: skip
