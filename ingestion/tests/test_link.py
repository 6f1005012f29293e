"""How a channel's link to WhatsApp stands, as the gateway's events tell it."""

from core.models import Channel, ChannelOutage, GatewayConnection
from ingestion.tests.evolution.payloads import OWN, jid
from ingestion.tests.test_process import connection as connection
from ingestion.tests.test_process import run, tell


def read_connection() -> tuple[str, str, str, str]:
    return GatewayConnection.objects.values_list("state", "state_detail", "qr_image", "pairing_code").get()


def test_the_link_to_whatsapp_is_shown_as_the_gateway_tells_it(channel: Channel, connection: GatewayConnection) -> None:
    image = "data:image/png;base64,iVBORw0KGgo="
    tell(channel, {"qrcode": {"base64": image, "pairingCode": "ABCD1234", "code": "2@x"}}, event="qrcode.updated")
    run(channel)
    assert read_connection() == ("connecting", "", image, "ABCD1234")
    tell(channel, {"state": "open", "statusReason": 200, "wuid": jid(OWN)}, event="connection.update", at="2026-11-23T11:00:02.000Z")
    run(channel)
    assert read_connection() == ("open", "", "", "")
    channel.refresh_from_db()
    assert channel.phone == OWN
    tell(channel, {"state": "close", "statusReason": 401}, event="connection.update", at="2026-11-23T11:00:03.000Z")
    run(channel)
    assert read_connection() == ("closed", "401", "", "")
    tell(channel, {"message": "QR code limit reached", "statusCode": 500}, event="qrcode.updated", at="2026-11-23T11:00:04.000Z")
    run(channel)
    assert read_connection() == ("closed", "QR code limit reached", "", "")
    # The same state once more, later, is news.
    tell(channel, {"state": "open", "statusReason": 200}, event="connection.update", at="2026-11-23T19:00:00.000Z")
    run(channel)
    assert read_connection()[0] == "open"
    # Its phone was linked anew: what was sent meanwhile is not known.
    (outage,) = ChannelOutage.objects.all()
    assert (outage.is_unlinked, outage.until_at is not None) == (True, True)
