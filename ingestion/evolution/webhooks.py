"""What a gateway is told about where to send its webhooks."""

from collections.abc import Sequence
from typing import Any

# Every event that means something to us, as the gateway's settings name it. Presence, chats and labels would only be noise.
EVENTS = (
    "QRCODE_UPDATED MESSAGES_SET MESSAGES_UPSERT MESSAGES_EDITED MESSAGES_UPDATE MESSAGES_DELETE SEND_MESSAGE SEND_MESSAGE_UPDATE "
    "CONTACTS_UPSERT CONTACTS_UPDATE CONNECTION_UPDATE STATUS_INSTANCE REMOVE_INSTANCE LOGOUT_INSTANCE"
).split()


def make_webhook(url: str, jwt_key: str, events: Sequence[str] = EVENTS, *, is_enabled: bool = True) -> dict[str, Any]:
    """The gateway's setting of a webhook. It must name its events, or the gateway fails."""
    return {
        "enabled": is_enabled,
        "url": url,
        "headers": {"jwt_key": jwt_key} if jwt_key else {},
        "byEvents": False,
        "base64": False,
        "events": list(events),
    }
