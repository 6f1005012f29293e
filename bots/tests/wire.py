"""What people write on WhatsApp, on its way through the stand-in gateway and its webhooks into the installation."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.test import Client
from django.utils import timezone

from bots.hear import hear_waiting
from bots.outbox import send_due
from bots.tests.conftest import Clock, Road
from core.hook_tokens import make_hook_token
from ingestion.process import process_batch
from tests.gateway.faults import Faults
from tests.gateway.receiver import WebhookReceiver
from tests.gateway.steps import Said


@dataclass(slots=True)
class Wire:
    """The gateway's webhooks on their way into the installation, as Django's routes take them."""

    road: Road
    receiver: WebhookReceiver
    taken: int = 0

    def say(self, phone: str, text: str) -> list[tuple[str, str]]:
        """Somebody writes to the number; what the gateway was given to send until all is quiet again."""
        before = len(self.road.find_sent())
        self.write(phone, text, at=timezone.now())
        for _ in range(2):
            self.take()
            hear_waiting(str(self.road.tenant.id))
            send_due(str(self.road.tenant.id), now=Clock(timezone.now() + timedelta(seconds=1)))
        self.take()
        return self.road.find_sent()[before:]

    def write(self, phone: str, text: str, *, at: datetime) -> None:
        """Somebody writes to the number."""
        said = Said(content={"conversation": text}, phone=phone, name="Alguém", at=int(at.timestamp()))
        self.road.gateway.deliver(self.road.instance, said)

    def take(self) -> None:
        """Post every webhook that came since to the channel's address, twice, and process what is stored."""
        self.road.gateway.wait_until_idle()
        token = self.find_token()
        for hook in self.receiver.hooks[self.taken :]:
            for _ in range(2):
                taken = Client().post(f"/hooks/evolution/{token}", json.dumps(hook.body), content_type="application/json")
                assert taken.status_code == 200
            self.taken += 1
        while process_batch(self.road.tenant.id, self.road.channel.id):
            pass

    def find_token(self) -> str:
        return make_hook_token(tenant_id=self.road.tenant.id, channel_id=self.road.channel.id, nonce="nonce")


@contextmanager
def wiring(road: Road) -> Iterator[Wire]:
    """The road's instance, posting its events to a receiver."""
    road.gateway.set_faults(Faults())
    with WebhookReceiver() as receiver:
        road.gateway.create_instance(road.instance, token=f"chave-{road.instance}", webhook_url=receiver.url)
        yield Wire(road, receiver)
