"""An analyser that keeps a rule instead of a model, so that tests read ten thousand conversations in seconds; and the rows it reads.

The rule, which a reader can do in their head: a message with "ótimo" is positive (0.8), one with "ruim" negative (−0.8), others neutral.
A conversation's score is 3 + 2 × the last customer message's sentiment score (4.6, 1.4 or 3.0); it is resolved where that is
positive; its theme is the first whose name it says. Version "2" differs in one thing: "demora" is negative too.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.ai import analysers
from core.ai.roles import ConversationAnalysis, ConversationInput, MessageAnalysis, MessageInput, Sentiment, Vector
from core.models import Agent, Channel, Contact, Conversation, Message, Tenant, Theme
from core.tenancy import scope, unscoped_directory

BEGIN = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
BAD = {"1": ("ruim",), "2": ("ruim", "demora"), "2b": ("ruim", "demora")}


@dataclass
class QuickAnalyser:
    """The rule above; `read` counts how often each conversation's last text was judged."""

    version: str = "1"
    name: str = "quick"
    vector_model: str = "quick"
    dimensions: int = 4
    judged: int = 0
    calls: list[int] = field(default_factory=list)  # messages asked for, a call
    embedded: Counter[str] = field(default_factory=Counter)  # texts whose vector was computed

    def hash_text(self, text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def analyse_messages(
        self, messages: Sequence[MessageInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[MessageAnalysis]:
        self.calls.append(len(messages))
        new = {message.text for message in messages if self.hash_text(message.text) not in (known_vectors or {})}
        self.embedded.update(new)
        return [self._read(message.text) for message in messages]

    def analyse_conversations(
        self, conversations: Sequence[ConversationInput], *, known_vectors: Mapping[str, Vector] | None = None
    ) -> list[ConversationAnalysis]:
        self.judged += len(conversations)
        return [self._judge(conversation) for conversation in conversations]

    def _read(self, text: str) -> MessageAnalysis:
        sentiment, score = self._feel(text)
        return MessageAnalysis(
            sentiment=sentiment, sentiment_score=score, emotion="neutral", tone="neutral", masked_text=text,
            text_hash=self.hash_text(text), vector=np.array([1, 0, 0, 0], dtype=np.float32),
            analyser=self.name, analyser_version=self.version,
        )  # fmt: skip

    def _feel(self, text: str) -> tuple[Sentiment, float]:
        if "ótimo" in text:
            return "positive", 0.8
        return ("negative", -0.8) if any(word in text for word in BAD[self.version]) else ("neutral", 0.0)

    def _judge(self, conversation: ConversationInput) -> ConversationAnalysis:
        said = [turn.text for turn in conversation.messages if turn.author == "customer"]
        mood = self._feel(said[-1])[1] if said else 0.0
        score = round(3.0 + 2.0 * mood, 2)
        return ConversationAnalysis(
            satisfaction=conversation.rating if conversation.rating is not None else int(score + 0.5),
            score=score,
            theme=next((theme.name for theme in conversation.themes if any(theme.name.lower() in text for text in said)), None),
            is_resolved=mood > 0,
            parts={"base": 3.0, "mood_at_end": round(2.0 * mood, 2)},
            analyser=self.name,
            analyser_version=self.version,
        )


def install(monkeypatch: pytest.MonkeyPatch, *found: QuickAnalyser) -> None:
    """Let this installation run these, and no other analyser; of one name the last is the installed one."""
    by_version = {(one.name, one.version): one for one in found}
    monkeypatch.setattr(analysers, "find_version", lambda name, version: by_version.get((name, version)))
    for module in ("ingestion.promotion", "ingestion.rescore", "ingestion.switch"):
        monkeypatch.setattr(f"{module}.find_version", lambda name, version: by_version.get((name, version)))
    monkeypatch.setattr("ingestion.tasks.get_analyser", lambda: found[-1])


def make_tenant(slug: str) -> Tenant:
    with unscoped_directory(reason="test"):
        return Tenant.objects.create(name=slug.title(), slug=slug)


def fill(
    tenant: Tenant, texts: Sequence[str], *, times: int = 1, begin: datetime = BEGIN, ratings: Mapping[int, int] | None = None
) -> None:
    """A conversation a text, `times` over, one an hour from `begin` on: the customer's text, and an agent's answer a minute later.

    `ratings` gives the note that the customer typed, by the conversation's number.
    """
    with scope(tenant.id):
        channel, _ = Channel.objects.get_or_create(name="Suporte")
        agent, _ = Agent.objects.get_or_create(name="Ana")
        for name in ("Entrega", "Pix"):
            Theme.objects.get_or_create(name=name)
        contact = Contact.objects.create(name="Mariana")
        conversations, messages = [], []
        for number, text in enumerate(list(texts) * times):
            at = begin + timedelta(hours=number)
            conversation = Conversation(
                channel=channel, contact=contact, agent=agent, chat_key=f"{begin:%m%d%H%M}-{number}", started_at=at,
                last_message_at=at + timedelta(minutes=1), message_count=2, customer_message_count=1, first_response_seconds=60,
                rating=(ratings or {}).get(number),
            )  # fmt: skip
            conversations.append(conversation)
            for place, (author, said) in enumerate((("customer", text), ("agent", "vou ver"))):
                messages.append(
                    Message(
                        channel=channel,
                        conversation=conversation,
                        chat_key=conversation.chat_key,
                        author=author,
                        text=said,
                        provider_id=f"{conversation.chat_key}-{place}",
                        sent_at=at + timedelta(minutes=place),
                        position=place,
                        contact=contact if author == "customer" else None,
                        agent=agent if author == "agent" else None,
                        response_seconds=60 if author == "agent" else None,
                    )
                )
        Conversation.objects.bulk_create(conversations, batch_size=2000)
        Message.objects.bulk_create(messages, batch_size=2000)
