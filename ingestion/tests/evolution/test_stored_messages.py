"""Messages as the gateway's store tells them: in the event's shape, with later states, edited rows and rows that were taken back."""

from datetime import UTC, datetime
from typing import Any

from ingestion.evolution.events import understand_stored
from ingestion.evolution.types import MessageDeleted, MessageEdited, MessageSeen, NotAMessage
from ingestion.tests.evolution.payloads import (
    GROUP,
    OWN,
    SECONDS,
    SENT_AT,
    key,
    tell_message,
    text,
)
from ingestion.types import IncomingMessage

# -- read back -----------------------------------------------------------------------------------------------------------


def make_row_id(at: datetime) -> str:
    """A row's id as the gateway's database makes it: a cuid, with its time in base 36."""
    milliseconds, digits = int(at.timestamp() * 1000), ""
    while milliseconds:
        milliseconds, digit = divmod(milliseconds, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return f"c{digits}0007307dv6egbupy"


def recover(data: dict[str, Any], *states: str, stored_at: datetime = SENT_AT) -> IncomingMessage:
    record = {"id": make_row_id(stored_at), **data, "MessageUpdate": [{"status": state} for state in states]}
    happening, *_ = understand_stored(record, self_phone=OWN)
    assert isinstance(happening, MessageSeen)
    return happening.message


def test_a_stored_message_is_the_one_that_came_live_but_for_its_road() -> None:
    live = tell_message(text("oi"))
    stored = recover(text("oi"))
    assert (stored.source, live.source) == ("recovered", "live")
    assert stored.provider_id == live.provider_id
    assert (stored.chat_key, stored.text, stored.sent_at) == (live.chat_key, live.text, live.sent_at)


def test_how_far_our_stored_message_had_got_is_the_furthest_of_its_states() -> None:
    ours = text("oi", key=key(ours=True))
    assert recover(ours, "READ", "SERVER_ACK", "DELIVERY_ACK").delivery == "read"
    assert recover(ours, "EDITED").delivery is None
    assert recover(text("oi"), "READ").delivery is None


def test_an_edited_stored_message_stands_where_it_was_first_stored_not_where_it_was_edited() -> None:
    edited_at = SECONDS + 600
    assert recover(text("oi, tudo certo?", at=edited_at), "EDITED", "SERVER_ACK").sent_at == SENT_AT
    # An id that tells no time, or the time of another day, leaves the time of the edit: the best that is known.
    edit_time = datetime.fromtimestamp(edited_at, UTC)
    assert recover(text("oi", at=edited_at), "EDITED", stored_at=datetime(2026, 11, 20, tzinfo=UTC)).sent_at == edit_time
    happening, edit = understand_stored({**text("oi", at=edited_at), "id": "row-1", "MessageUpdate": [{"status": "EDITED"}]})
    assert edit == MessageEdited(provider_id="3EB0A1", text="oi", edited_at=edit_time)
    assert isinstance(happening, MessageSeen)
    assert (happening.message.sent_at, happening.message.is_edited) == (edit_time, True)


def test_a_stored_message_without_content_was_taken_back() -> None:
    row = {**text("oi"), "message": None}
    [happening] = understand_stored(row)
    assert isinstance(happening, MessageSeen)
    told = happening.message
    assert (told.provider_id, told.is_deleted, told.text, told.sent_at, told.author) == ("3EB0A1", True, "", SENT_AT, "customer")
    # Without a time it can't be placed; where it is known already, it is taken back.
    assert understand_stored({**row, "messageTimestamp": None}) == [MessageDeleted(provider_id="3EB0A1")]
    assert understand_stored({**row, "messageType": None}) == [NotAMessage(what="message without content")]
    assert understand_stored({**row, "key": key(remote=GROUP)}) == [NotAMessage(what="group")]


def test_an_older_gateway_calls_states_deleted_that_are_not() -> None:
    assert recover(text("oi"), "DELETED").is_deleted is False
