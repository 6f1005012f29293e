"""The rest of a list on WhatsApp: "ver mais" goes on where the message ended, page by page, as of the moment of the answer."""

from collections.abc import Sequence
from dataclasses import asdict

from assistant.compose.numbers import Language
from assistant.kept import look_up
from assistant.models import Turn
from assistant.plan import Plan
from assistant.reading import find_conversation_page, find_message_page
from assistant.report import get_moment
from bots.markup import cut, find_first_name, neutralise
from bots.shape import LONGEST_QUOTE, Shaped, Step, write_conversation, write_steps
from bots.words import say
from core.models import User
from core.search import ConversationRow, MessageRow

# So many rows, each with a number that opens it, and one more number to go on, are read at a glance.
PAGE = 5


def show_more(viewer: User, turn_id: str, *, offset: int) -> Shaped:
    """The next rows of an answer's list, from `offset` on; each number opens a conversation, the last one goes on.

    Inside the open scope: the rows are found anew with what the viewer may see by now.
    """
    turn = Turn.objects.filter(id=turn_id, thread__viewer=viewer, answer__isnull=False, plan__isnull=False).first()
    if turn is None or look_up(viewer, [turn]).show_answer(turn) is None:
        return Shaped(say("not_there", _read_language(viewer.language)))
    language, plan, moment = _read_language(turn.language), Plan.from_dict(turn.plan), get_moment(viewer, turn.as_of)
    rows: Sequence[ConversationRow | MessageRow]
    if plan.intent == "conversations":
        conversations = find_conversation_page(viewer, plan, moment=moment, limit=PAGE, offset=offset)
        rows, total = conversations.rows, conversations.total
        lines = [write_conversation(asdict(row), language) for row in conversations.rows]
    else:
        messages = find_message_page(viewer, plan, moment=moment, limit=PAGE, offset=offset)
        rows, total = messages.rows, messages.total
        lines = [f"> “{cut(neutralise(row.text), LONGEST_QUOTE)}” — {find_first_name(row.contact, language)}" for row in messages.rows]
    if not rows:
        return Shaped(say("not_there", language))
    end = offset + len(rows)
    steps = [
        Step(
            say("see_conversation", language, name=find_first_name(row.contact, language)),
            {"do": "conversation", "conversation_id": row.conversation_id},
        )
        for row in {row.conversation_id: row for row in rows}.values()
    ]
    if end < total:
        steps.append(Step(say("see_more", language), {"do": "more", "turn_id": turn_id, "offset": end}))
    head = say("page", language, start=str(offset + 1), end=str(end), total=str(max(total, end)))
    foot = write_steps(steps, language=language)
    return Shaped("\n\n".join((head, "\n".join(lines), foot.text)), foot.choices)


def _read_language(code: str) -> Language:
    return code if code in ("en", "es") else "pt"  # type: ignore[return-value]
