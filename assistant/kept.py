"""An answer that was kept, shown again: only what its viewer may still see.

A conversation or message that a kept answer shows may be gone by now (its channel was removed, its customer deleted it), or be no longer
the viewer's to read. Then its rows and citations are left out, and sentences that repeat its words are too. A role that may not ask any
more is shown nothing at all: see `threads`.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.compose.numbers import Language
from assistant.models import Turn, TurnEvent
from core.access import is_allowed
from core.models import Conversation, Message, User

# Letters that a sentence shares with a message by chance are fewer than the first; so many are looked for.
SHORTEST_QUOTE, COMPARED = 12, 30
HIDDEN: dict[Language, str] = {
    "pt": "O texto desta resposta citava mensagens que não podem mais ser mostradas. Pergunte de novo.",
    "en": "The text of this answer quoted messages that can no longer be shown. Ask again.",
    "es": "El texto de esta respuesta citaba mensajes que ya no se pueden mostrar. Pregunta de nuevo.",
}
LEFT_OUT: dict[Language, str] = {
    "pt": "Algumas mensagens desta resposta não podem mais ser mostradas.",
    "en": "Some messages of this answer can no longer be shown.",
    "es": "Algunos mensajes de esta respuesta ya no se pueden mostrar.",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """The ids that must not be shown any more, and the turns whose sentences quote what they named."""

    gone: frozenset[str] = frozenset()
    quoting: frozenset[uuid.UUID] = frozenset()
    languages: dict[uuid.UUID, Language] = field(default_factory=dict)

    def show_answer(self, turn: Turn) -> dict[str, Any] | None:
        """A turn's stored answer as it may be shown now."""
        return self._show(turn.answer, turn.id) if turn.answer else None

    def show_event(self, row: TurnEvent) -> dict[str, Any]:
        """What an event told, as it may be told again now."""
        data: dict[str, Any] = row.data
        if row.type == "turn.answered":
            return {**data, "answer": self._show(data["answer"], row.turn_id)}
        if row.type == "text.added" and row.turn_id in self.quoting:
            return {**data, "text": ""}
        return data if not self.gone else _drop(data, self.gone)

    def _show(self, answer: dict[str, Any], turn_id: uuid.UUID) -> dict[str, Any]:
        if self.gone.isdisjoint(_find_ids(answer)):
            return answer
        shown = _drop(answer, self.gone)
        language = self.languages[turn_id]
        text = HIDDEN[language] if turn_id in self.quoting else shown["text"]
        return {**shown, "text": text, "notes": [*shown["notes"], LEFT_OUT[language]]}


def look_up(viewer: User, turns: Iterable[Turn]) -> Kept:
    """What of these turns' answers the viewer may not see any more, inside the tenant's open scope. Two queries, however many turns."""
    answers: dict[uuid.UUID, dict[str, Any]] = {turn.id: turn.answer for turn in turns if turn.answer}
    named = [dict.fromkeys(_find_pairs(answer)) for answer in answers.values()]
    conversations = {found for pairs in named for key, found in pairs if key == "conversation_id"}
    messages = {found for pairs in named for key, found in pairs if key == "message_id"}
    gone = frozenset(conversations | messages)
    if not gone:
        return Kept()
    if is_allowed(viewer, action="read_conversations"):
        there = Conversation.objects.filter(id__in=conversations).values_list("id", flat=True)
        unspoken = Message.objects.filter(id__in=messages, is_deleted=False).values_list("id", flat=True)
        gone -= {str(found) for found in (*there, *unspoken)}
    if not gone:
        return Kept()
    quoting = frozenset(turn_id for turn_id, answer in answers.items() if _quotes(answer, gone))
    return Kept(gone, quoting, {turn_id: answer.get("language", "pt") for turn_id, answer in answers.items()})


def _quotes(answer: dict[str, Any], gone: frozenset[str]) -> bool:
    """Whether the sentences of an answer repeat words of what is gone, which is still cited beside them."""
    text = answer.get("text", "")
    said = (row.get("text") for row in _find_rows(answer) if not gone.isdisjoint(_get_ids(row)))
    return any(words.strip("… ")[:COMPARED] in text for words in said if isinstance(words, str) and len(words) >= SHORTEST_QUOTE)


def _drop(node: Any, gone: frozenset[str]) -> Any:
    """The same JSON without the rows that name what is gone."""
    if isinstance(node, dict):
        return {key: _drop(value, gone) for key, value in node.items()}
    if isinstance(node, list):
        return [_drop(one, gone) for one in node if not (isinstance(one, dict) and not gone.isdisjoint(_get_ids(one)))]
    return node


def _find_rows(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON that names a message or a conversation."""
    if isinstance(node, dict):
        if any(key in node for key in ("message_id", "conversation_id")):
            yield node
        for value in node.values():
            yield from _find_rows(value)
    elif isinstance(node, list):
        for value in node:
            yield from _find_rows(value)


def _find_pairs(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for row in _find_rows(answer):
        yield from ((key, str(row[key])) for key in ("message_id", "conversation_id") if row.get(key))


def _find_ids(answer: dict[str, Any]) -> set[str]:
    return {found for _, found in _find_pairs(answer)}


def _get_ids(row: dict[str, Any]) -> set[str]:
    return {str(row[key]) for key in ("message_id", "conversation_id") if row.get(key)}
