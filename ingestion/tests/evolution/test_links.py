"""A customer who was heard under a hidden address and under a phone becomes one contact once the store tells that the two are one.

Gateway 2.3.7 puts the phone over the `@lid` in its event; only the row of its store has both (see the samples' shapes in `tests/gateway`).

    09:00  "oi, é a Bia"            event: @lid alone            row: @lid alone
    09:05  "meu pedido não chegou"  event: the phone alone       row: @lid, and the phone beside it
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.models import Contact, ContactIdentity, Conversation, Message
from core.tenancy import scope
from ingestion.evolution.backfill import read_back
from ingestion.inbox import store_event
from ingestion.tests.evolution.channels import INSTANCE, TOKEN, Shop, make_shop
from tests.gateway.faults import Options
from tests.gateway.messages import text
from tests.gateway.server import Gateway
from tests.gateway.steps import Said

NINE = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHONE, LID = "5511988887777", "204886317710233"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(options=Options(version="2.3.7", tells_contacts=False)) as gateway:
        gateway.create_instance(INSTANCE, token=TOKEN)
        yield gateway


@pytest.fixture
def shop(db: None, gateway: Gateway) -> Shop:
    return make_shop(gateway.url)


def hear(shop: Shop, message_id: str, address: str, words: str, at: datetime) -> None:
    """An event as 2.3.7 tells it."""
    key = {"remoteJid": address, "fromMe": False, "id": message_id}
    data = {"key": key, "pushName": "Bia", "message": {"conversation": words}, "messageTimestamp": int(at.timestamp())}
    with scope(shop.tenant_id):
        store_event(shop.channel_id, road="webhook", name="messages.upsert", payload={"event": "messages.upsert", "data": data})
    shop.process()


def test_the_store_tells_that_two_are_one(gateway: Gateway, shop: Shop) -> None:
    later = NINE + timedelta(minutes=5)
    gateway.deliver(INSTANCE, Said(content=text("oi, é a Bia"), phone=None, lid=LID, message_id="AC1", at=int(NINE.timestamp())))
    gateway.deliver(
        INSTANCE, Said(content=text("meu pedido não chegou"), phone=PHONE, lid=LID, message_id="AC2", at=int(later.timestamp()))
    )
    hear(shop, "AC1", f"{LID}@lid", "oi, é a Bia", NINE)
    hear(shop, "AC2", f"{PHONE}@s.whatsapp.net", "meu pedido não chegou", later)
    with scope(shop.tenant_id):
        assert Contact.objects.filter(conversations__isnull=False).distinct().count() == 2
    for _ in range(2):  # the second time there is nothing left to do
        read_back(shop.tenant_id, shop.connection, since=NINE - timedelta(hours=1), until=NINE + timedelta(hours=1))
        shop.process()
        with scope(shop.tenant_id):
            conversation = Conversation.objects.get()
            assert list(Message.objects.order_by("sent_at").values_list("provider_id", "conversation_id", "contact_id")) == [
                ("AC1", conversation.id, conversation.contact_id),
                ("AC2", conversation.id, conversation.contact_id),
            ]
            identities = ContactIdentity.objects.filter(contact_id=conversation.contact_id).order_by("kind")
            assert list(identities.values_list("kind", "value")) == [("lid", LID), ("phone", PHONE)]
