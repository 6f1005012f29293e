"""From a question to its plan. `plan_question` is the one door."""

from assistant.planner.builtin import find_asked_words, plan_question
from assistant.planner.catalogue import Catalog, CatalogError
from assistant.planner.lexicon import LANGUAGES, Language
from assistant.planner.question import PastTurn, Planned
from assistant.planner.reading import Doubt

__all__ = ["LANGUAGES", "Catalog", "CatalogError", "Doubt", "Language", "PastTurn", "Planned", "find_asked_words", "plan_question"]
