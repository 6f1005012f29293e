"""Our own labelled conversations as a tenant's rows: messages with their texts' vectors, nothing else that a search looks at."""

from datetime import timedelta

from django.utils import timezone

from core.ai.embedded.embedder import MODEL, EmbeddedEmbedder
from core.ai.embedded.messages import hash_masked
from core.ai.embedded.service_talk import read_service_talk
from core.ai.roles import pad_vector
from core.compute import Selection
from core.models import Channel, Contact, Conversation, Message, MessageAnalysis, Role, Tenant, TextVector, User
from core.periods import Period
from core.privacy import mask

BATCH = 128


def make_viewer(tenant: Tenant) -> User:
    """Somebody of the tenant who may ask; not stored."""
    return User(tenant=tenant, email="eval@evosense.example", name="Eval", role=Role.MANAGER, is_active=True)


def fill_tenant() -> tuple[dict[str, str], Selection]:
    """Store every conversation in the open scope: the key of each customer message by its id, and the selection of all of them.

    A message's key is its conversation's id and its place among the turns, such as "delivery-001:4".
    """
    now = timezone.now()
    channel = Channel.objects.create(name="Eval")
    messages, analyses, keys = [], [], {}
    masked: dict[str, str] = {}  # hash → masked text
    for talk in read_service_talk():
        contact = Contact.objects.create(name=talk.id)
        conversation = Conversation.objects.create(
            channel=channel, contact=contact, chat_key=talk.id, started_at=now, last_message_at=now, message_count=len(talk.turns)
        )
        for place, turn in enumerate(talk.turns):
            message = Message(
                channel=channel, conversation=conversation, provider_id=f"{talk.id}:{place}", chat_key=talk.id, author=turn.author,
                text=turn.text, sent_at=now + timedelta(seconds=place), position=place,
            )  # fmt: skip
            messages.append(message)
            if turn.author == "customer":
                shown = mask(turn.text).text
                masked[hash_masked(shown)] = shown
                keys[str(message.id)] = message.provider_id
                analyses.append(
                    MessageAnalysis(
                        message=message,
                        analyser="eval",
                        analyser_version="1",
                        analysed_at=now,
                        text_hash=hash_masked(shown),
                        sentiment="neutral",
                        sentiment_score=0.0,
                        emotion="neutral",
                        tone="neutral",
                    )
                )
    Message.objects.bulk_create(messages, batch_size=1000)
    MessageAnalysis.objects.bulk_create(analyses, batch_size=1000)
    embedder, hashes = EmbeddedEmbedder(), list(masked)
    for start in range(0, len(hashes), BATCH):
        page = hashes[start : start + BATCH]
        vectors = embedder.embed_passages([masked[one] for one in page])
        TextVector.objects.bulk_create(
            TextVector(model=MODEL, text_hash=text_hash, vector=pad_vector(vector)) for text_hash, vector in zip(page, vectors, strict=True)
        )
    day = now.date()
    return keys, Selection(period=Period(day - timedelta(days=2), day + timedelta(days=2)), clock=now)
