"""A tenant with a channel at the stand-in gateway, and its inbox processed as a worker does."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from core.models import Channel, GatewayConnection, Message, RawEvent, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.process import process_batch

TOKEN = "chave-secreta-1"
INSTANCE = "loja-1"


@dataclass(frozen=True)
class Shop:
    """A tenant's channel and its connection, read anew with each use."""

    tenant_id: uuid.UUID
    channel_id: uuid.UUID

    @property
    def connection(self) -> GatewayConnection:
        with scope(self.tenant_id):
            return GatewayConnection.objects.get(channel_id=self.channel_id)

    def change(self, **values: object) -> None:
        """Change the connection."""
        with scope(self.tenant_id):
            GatewayConnection.objects.filter(channel_id=self.channel_id).update(**values)

    def process(self) -> None:
        """Do with the inbox what a worker does."""
        while process_batch(self.tenant_id, self.channel_id, 500):
            pass

    def find_message_ids(self) -> list[str]:
        """The ids of the stored messages, in the order in which they were sent."""
        with scope(self.tenant_id):
            return list(
                Message.objects.filter(channel_id=self.channel_id).order_by("sent_at", "provider_id").values_list("provider_id", flat=True)
            )

    def get_message(self, provider_id: str) -> Message:
        with scope(self.tenant_id):
            return Message.objects.get(channel_id=self.channel_id, provider_id=provider_id)

    def find_events(self, road: str) -> list[tuple[str, str]]:
        """(name, state) of what the inbox holds of one road, in order."""
        with scope(self.tenant_id):
            return list(
                RawEvent.objects.filter(channel_id=self.channel_id, road=road).order_by("received_at", "id").values_list("name", "state")
            )

    def find_told_ids(self, road: str) -> list[str]:
        """The message ids of the inbox's events of one road, in order."""
        with scope(self.tenant_id):
            events = RawEvent.objects.filter(channel_id=self.channel_id, road=road).order_by("received_at", "id")
            return [event.body["data"]["key"]["id"] for event in events if event.name in ("messages.upsert", "messages.stored")]


def make_shop(
    base_url: str, *, name: str = "Casa Lua", slug: str = "casa-lua", instance: str = INSTANCE, created_at: datetime | None = None
) -> Shop:
    """A tenant with one channel."""
    with unscoped_directory(reason="tests"):
        tenant = Tenant.objects.create(name=name, slug=slug)
    with scope(tenant.id):
        channel = Channel.objects.create(name="WhatsApp", kind=Channel.Kind.EVOLUTION, phone="5511900000003")
        connection = GatewayConnection(channel=channel, base_url=base_url, instance=instance)
        connection.token = TOKEN
        connection.save()
        if created_at is not None:
            GatewayConnection.objects.filter(id=connection.id).update(created_at=created_at)
    return Shop(tenant.id, channel.id)
