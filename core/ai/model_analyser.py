"""An analyser whose conclusions a model draws: ours is what is shown to it, what of its reply is believed, and the vectors.

Vectors are the embedded embedder's, so that search and themes work whoever analyses, and an analyser that is down leaves no hole.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from core.ai.embedded.embedder import DIMENSIONS, MODEL, EmbeddedEmbedder
from core.ai.embedded.messages import hash_masked, normalise_masked
from core.ai.replies import ConversationReply, MessageReply, Task, read_conversation_reply, read_messages_reply
from core.ai.roles import ConversationAnalysis, ConversationInput, MessageAnalysis, MessageInput, Vector
from core.ai.showing import (
    CONVERSATION_PROMPT,
    MESSAGES_PROMPT,
    PROMPT_VERSION,
    make_conversation_schema,
    make_messages_schema,
    show_conversation,
    show_messages,
    split_for_calls,
)
from core.privacy import mask

_LONGEST_VERSION = 40  # as it is stored
MIDDLE_SCORE = 3.0


class ModelAnalyser(ABC):
    """Batches in, analyses out, all of them or a ProviderError: never a part, never a guess."""

    name: str
    vector_model = MODEL
    dimensions = DIMENSIONS

    def __init__(self, model: str) -> None:
        self.version = name_version(model)

    @abstractmethod
    def ask(self, task: Task, instructions: str, payload: dict[str, Any], schema: dict[str, Any]) -> object:
        """What the model replied, as JSON of any shape. Raises ProviderError."""

    def hash_text(self, text: str) -> str:
        """The hash under which a text's vector is kept: that of the embedded analyser, whose vectors these are."""
        return hash_masked(mask(text).text)

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        """Analyse customer messages in order; one that comes twice, with the same before it, is asked about once."""
        shown = {_name_shown(message): message for message in messages}
        distinct = list(shown.values())
        replies: dict[object, MessageReply] = {}
        for places in split_for_calls(distinct):
            group = [distinct[place] for place in places]
            output = self.ask("analyse_messages", MESSAGES_PROMPT, show_messages(group), make_messages_schema(len(group)))
            replies.update(zip(map(_name_shown, group), read_messages_reply(output, count=len(group)), strict=True))
        masked = {message.text: mask(message.text).text for message in distinct}
        hashes = {text: self.hash_text(text) for text in masked}
        vectors = self._embed({hashes[text]: masked[text] for text in masked}, known_vectors or {})
        return [
            MessageAnalysis(
                sentiment=reply.sentiment,
                sentiment_score=round(reply.score, 4),
                emotion=reply.emotion,
                tone=reply.tone,
                masked_text=masked[message.text],
                text_hash=hashes[message.text],
                vector=vectors[hashes[message.text]],
                analyser=self.name,
                analyser_version=self.version,
            )
            for message, reply in ((message, replies[_name_shown(message)]) for message in messages)
        ]

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        """Analyse whole conversations in order, one a call: no customer's words stand beside another's."""
        return [self._judge(conversation) for conversation in conversations]

    def _judge(self, conversation: ConversationInput) -> ConversationAnalysis:
        names = tuple(theme.name for theme in conversation.themes)
        if any(turn.author == "customer" for turn in conversation.messages):
            output = self.ask("analyse_conversation", CONVERSATION_PROMPT, show_conversation(conversation), make_conversation_schema(names))
            reply = read_conversation_reply(output, themes=names)
        else:
            # Nobody to be satisfied yet: there is nothing to ask.
            reply = ConversationReply(satisfaction=MIDDLE_SCORE, theme=None, resolved=False)
        score = round(reply.satisfaction, 2)
        return ConversationAnalysis(
            satisfaction=conversation.rating if conversation.rating is not None else int(score + 0.5),
            score=score,
            theme=reply.theme,
            is_resolved=reply.resolved,
            parts={"base": MIDDLE_SCORE} | ({"model": round(score - MIDDLE_SCORE, 2)} if score != MIDDLE_SCORE else {}),
            analyser=self.name,
            analyser_version=self.version,
        )

    def _embed(self, texts: Mapping[str, str], known: Mapping[str, Vector]) -> dict[str, Vector]:
        vectors = {key: known[key][:DIMENSIONS] for key in texts if key in known}
        new = [key for key in texts if key not in vectors]
        prepared = [normalise_masked(texts[key]) for key in new]
        vectors.update(zip(new, EmbeddedEmbedder().embed_passages(prepared), strict=True))
        return vectors


def _name_shown(message: MessageInput) -> object:
    """What a model is shown of a message: the same gets the same answer, whenever it was written."""
    return message.text, tuple((turn.author, turn.text) for turn in message.before)


def name_version(model: str) -> str:
    """The version under which a model's conclusions are kept: that of our words and the model's name, cut where it is too long."""
    version = f"{PROMPT_VERSION}-{model or 'workflow'}"
    if len(version) > _LONGEST_VERSION:
        digest = hashlib.sha256(version.encode()).hexdigest()[:8]
        version = f"{version[: _LONGEST_VERSION - 9]}~{digest}"
    return version
