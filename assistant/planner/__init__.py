"""From a question to its plan. `plan_question` is the one door."""

from assistant.planner.builtin import DAY_DOUBTS, find_asked_words, plan_question
from assistant.planner.catalogue import Catalog, CatalogError
from assistant.planner.choice import asks_for_more
from assistant.planner.lexicon import LANGUAGES, Language
from assistant.planner.question import PastTurn, Planned
from assistant.planner.reading import Doubt, LeftOut

__all__ = [
    "DAY_DOUBTS",
    "LANGUAGES",
    "Catalog",
    "CatalogError",
    "Doubt",
    "Language",
    "LeftOut",
    "PastTurn",
    "Planned",
    "asks_for_more",
    "find_asked_words",
    "plan_question",
]
