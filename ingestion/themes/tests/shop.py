"""A shop's conversations without a theme, with vectors made by hand: six about invoices, six about parking, four about something each."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from core.ai.embedded.embedder import DIMENSIONS, MODEL
from core.ai.embedded.messages import hash_masked
from core.ai.roles import pad_vector
from core.discovery.tests.crowd import INVOICE, OTHERS, PARKING, make_vector
from core.models import Channel, Contact, Conversation, ConversationAnalysis, Message, MessageAnalysis, Tenant, TextVector
from core.privacy import mask
from core.tenancy import scope

NOW = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)
Said = Sequence[tuple[str, str | None]]
EVERYTHING: Said = (
    *((text, "invoice") for text in INVOICE),
    *((text, "parking") for text in PARKING),
    *((text, None) for text in OTHERS),
)


def fill(tenant: Tenant, said: Said = EVERYTHING, *, key: str = "a", now: datetime = NOW, analyser: str = "test") -> list[Conversation]:
    """A conversation a text, each of a customer of its own, one a day back from `now`; analysed, and of no theme."""
    made = []
    with scope(tenant.id):
        channel, _ = Channel.objects.get_or_create(name="Suporte")
        for number, (text, subject) in enumerate(said):
            at = now - timedelta(days=number + 1)
            contact = Contact.objects.create(name=f"Cliente {key} {number}")
            conversation = Conversation.objects.create(
                channel=channel, contact=contact, chat_key=f"{key}-{number}", started_at=at, last_message_at=at, message_count=1
            )
            message = Message.objects.create(
                channel=channel, conversation=conversation, contact=contact, provider_id=f"{key}-{number}", chat_key=conversation.chat_key,
                author="customer", text=text, sent_at=at,
            )  # fmt: skip
            text_hash = hash_masked(mask(text).text)
            MessageAnalysis.objects.create(
                message=message, analyser=analyser, analyser_version="1", analysed_at=at, text_hash=text_hash, sentiment="neutral",
                sentiment_score=0.0, emotion="neutral", tone="neutral",
            )  # fmt: skip
            ConversationAnalysis.objects.create(
                conversation=conversation, analyser=analyser, analyser_version="1", analysed_at=at, revision=1, satisfaction=3, score=3.0,
                is_resolved=True,
            )  # fmt: skip
            vector = np.zeros(DIMENSIONS, dtype=np.float32)
            hand = make_vector(number, subject)
            vector[: len(hand)] = hand
            TextVector.objects.get_or_create(model=MODEL, text_hash=text_hash, defaults={"vector": pad_vector(vector)})
            made.append(conversation)
    return made
