"""From a question to an answer. Imports core."""
