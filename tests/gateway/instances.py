"""One WhatsApp number that the gateway serves, and the shapes in which its settings are shown."""

import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.gateway.shapes import EVENTS, format_instant
from tests.gateway.steps import Json
from tests.gateway.store import make_row_id

SETTINGS: Json = {
    "rejectCall": False,
    "msgCall": "",
    "groupsIgnore": False,
    "alwaysOnline": False,
    "readMessages": False,
    "readStatus": False,
    "syncFullHistory": False,
    "wavoipToken": "",
}


@dataclass(slots=True, kw_only=True)
class Instance:
    """The gateway's row of a number. `webhook` and `websocket` are rows as the API shows them, or None."""

    name: str
    token: str
    integration: str = "WHATSAPP-BAILEYS"
    number: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "close"  # "open", "close" or "connecting"
    owner: str | None = None  # digits of our own number, once it was paired
    profile_name: str | None = None
    reason_code: int | None = None
    disconnected_at: str | None = None
    created_at: str = field(default_factory=lambda: format_instant(time.time()))
    webhook: Json | None = None
    websocket: Json | None = None
    settings: Json = field(default_factory=lambda: dict(SETTINGS))
    qr_count: int = 0

    @property
    def owner_jid(self) -> str | None:
        return f"{self.owner}@s.whatsapp.net" if self.owner else None

    def to_row(self) -> Json:
        return asdict(self)

    def set_webhook(self, wanted: Json) -> Json:
        """The row that a wish for a webhook makes: other names than the wish has."""
        fields = {
            "url": wanted["url"],
            "headers": wanted.get("headers") or {},
            "enabled": wanted["enabled"],
            "events": wanted["events"] or EVENTS,
            "webhookByEvents": bool(wanted.get("byEvents")),
            "webhookBase64": bool(wanted.get("base64")),
        }
        self.webhook = self._make_row(self.webhook, fields)
        return self.webhook

    def set_websocket(self, wanted: Json) -> Json:
        self.websocket = self._make_row(self.websocket, {"enabled": wanted["enabled"], "events": wanted["events"] or EVENTS})
        return self.websocket

    def show_created(self) -> Json:
        """What POST /instance/create answers."""
        webhook: Json = {}
        if self.webhook is not None:
            names = {
                "webhookUrl": "url",
                "webhookHeaders": "headers",
                "webhookByEvents": "webhookByEvents",
                "webhookBase64": "webhookBase64",
            }
            webhook = {shown: self.webhook[name] for shown, name in names.items() if self.webhook[name] != {}}
        return {
            "instance": {
                "instanceName": self.name,
                "instanceId": self.id,
                "integration": self.integration,
                "webhookWaBusiness": None,
                "accessTokenWaBusiness": "",
                "status": self.state,
            },
            "hash": self.token,
            "webhook": webhook,
            "websocket": {"enabled": self.websocket["enabled"]} if self.websocket else {},
            "rabbitmq": {},
            "nats": {},
            "sqs": {},
            "settings": self.settings,
        }

    def show(self, counts: dict[str, int]) -> Json:
        """An item of GET /instance/fetchInstances, its token in clear."""
        reason = None if self.reason_code is None else f'{{"error":{{"output":{{"statusCode":{self.reason_code}}}}}}}'
        nothing: dict[str, Any] = dict.fromkeys(("Chatwoot", "Proxy", "Rabbitmq", "Nats", "Sqs"))
        return {
            "id": self.id,
            "name": self.name,
            "connectionStatus": self.state,
            "ownerJid": self.owner_jid,
            "profileName": self.profile_name,
            "profilePicUrl": None,
            "integration": self.integration,
            "number": self.number,
            "businessId": None,
            "token": self.token,
            "clientName": "evolution",
            "disconnectionReasonCode": self.reason_code,
            "disconnectionObject": reason,
            "disconnectionAt": self.disconnected_at,
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
            **nothing,
            "Websocket": self.websocket,
            "Setting": {"id": f"cm{self.id.replace('-', '')[:23]}", **self.settings, "instanceId": self.id},
            "_count": counts,
        }

    def _make_row(self, old: Json | None, fields: Json) -> Json:
        now = format_instant(time.time())
        kept = {"id": make_row_id(), "createdAt": now} if old is None else {"id": old["id"], "createdAt": old["createdAt"]}
        return {"id": kept["id"], **fields, "createdAt": kept["createdAt"], "updatedAt": now, "instanceId": self.id}
