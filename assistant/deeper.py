"""“Detalhar”, said of the answer before: the next step that it offered, one level deeper, is what is asked."""

import uuid

from assistant.compose.words import get_book
from assistant.models import Turn
from assistant.planner import LANGUAGES, Language, asks_for_more


def restate_deeper(question: str, *, thread_id: uuid.UUID, before: int) -> str:
    """The step that the thread's last answer before turn number `before` offered, where a question only asks for more; else the question.

    Inside the tenant's scope. A step into what stood out comes before a split that was not looked at yet.
    """
    languages = [language for language in LANGUAGES if asks_for_more(question, language=language)]
    if not languages:
        return question
    earlier = Turn.objects.filter(thread_id=thread_id, number__lt=before, status=Turn.Status.ANSWERED, answer__isnull=False)
    answer = earlier.order_by("-number").values_list("answer", flat=True).first() or {}
    offered = [str(one) for one in answer.get("suggestions", ())]
    known = answer.get("language")
    return next(iter(_find_steps(offered, known) if known in LANGUAGES else ()), question)


def _find_steps(offered: list[str], language: Language) -> list[str]:
    book = get_book(language)
    into = book.say("suggest.deeper", name="")
    splits = {book.say(f"suggest.by.{dimension}") for dimension in ("agent", "channel", "theme", "day")}
    return [one for one in offered if one.startswith(into)] + [one for one in offered if one in splits]
