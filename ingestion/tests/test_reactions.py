"""A reaction hangs on its message: it opens and ends nothing, nobody waits because of it, nothing is counted or analysed of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.ai.analysers import get_analyser
from core.compute import Selection, compute_metrics
from core.models import Channel, Conversation, Message, MessageAnalysis
from core.periods import Period
from core.search import find_conversations, find_messages
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.changes import apply_changes
from ingestion.completeness import count_waiting
from ingestion.evolution.types import MessageDeleted
from ingestion.record import record_messages
from ingestion.tests.live import LATER, react, take_in, tell, write_chats, write_everything
from tests.cast import Cast

PHONE = "5531988887777"
DAY = 24 * 60


def read_conversation() -> tuple[int, int, object, int | None, bool, int]:
    one = Conversation.objects.get()
    return one.message_count, one.customer_message_count, one.waiting_since_at, one.first_response_seconds, one.is_closed, one.revision


@pytest.mark.parametrize(("minutes", "who"), [(6, "c"), (90, "c"), (DAY, "c"), (30 * DAY, "c"), (3, "a"), (90, "a")])
def test_a_reaction_changes_nothing_of_its_conversation(channel: Channel, minutes: float, who: str) -> None:
    told = [tell(0, "c", "oi", chat=PHONE), tell(5, "a", "pronto, um ótimo dia!", chat=PHONE, id="1")]
    record_messages(channel, told, as_of=LATER)
    before, last = read_conversation(), Conversation.objects.get().last_message_at
    recorded = record_messages(channel, [react(minutes, who, "👍", chat=PHONE, to="1")], as_of=LATER)
    assert (recorded.new, recorded.conversation_ids) == (1, set())
    assert (read_conversation(), Conversation.objects.get().last_message_at) == (before, last)
    reaction = Message.objects.get(kind="reaction")
    assert (reaction.text, reaction.quoted_id, reaction.conversation) == ("👍", "1", Conversation.objects.get())
    assert reaction.response_seconds is None


def test_a_reaction_to_what_we_do_not_have_opens_no_conversation_and_finds_it_later(channel: Channel) -> None:
    record_messages(channel, [react(5, "c", "👍", chat=PHONE, to="1"), react(6, "a", "❤️", chat=PHONE, to="1")], as_of=LATER)
    assert (Conversation.objects.count(), Message.objects.filter(conversation=None).count()) == (0, 2)
    record_messages(channel, [tell(0, "a", "oi", chat=PHONE, id="1")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | a:oi / c:👍 / a:❤️"]
    assert read_conversation()[:2] == (1, 0)


def test_it_goes_where_its_message_goes(channel: Channel) -> None:
    """A message in between joins two conversations; then a goodbye parts them again."""
    record_messages(channel, [tell(0, "c", "a", chat=PHONE), tell(14 * 60, "c", "b", chat=PHONE, id="b")], as_of=LATER)
    record_messages(channel, [react(15 * 60, "a", "👍", chat=PHONE, to="b")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:a || c:b / a:👍"]
    record_messages(channel, [tell(7 * 60, "c", "x", chat=PHONE, id="x")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:a / c:x / c:b / a:👍"]
    record_messages(channel, [tell(7 * 60, "c", "era só isso, tchau", chat=PHONE, id="x", is_edited=True)], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:a / c:era só isso, tchau || c:b / a:👍"]


TOLD = [
    tell(0, "a", "oi", chat=PHONE, id="1"),
    react(1, "c", "👍", chat=PHONE, to="1", id="r1"),
    react(2, "c", "❤️", chat=PHONE, to="1", id="r2"),
    react(3, "c", "", chat=PHONE, to="1", id="r3"),
    react(4, "a", "🎉", chat=PHONE, to="1", id="r4"),
]


@pytest.mark.parametrize(("known", "shown"), [(2, ["👍"]), (3, ["❤️"]), (4, []), (5, ["🎉"])])
@pytest.mark.parametrize("is_reversed", [False, True])
def test_the_last_reaction_counts_and_none_once_it_is_taken_back(channel: Channel, known: int, shown: list[str], is_reversed: bool) -> None:
    for message in reversed(TOLD[:known]) if is_reversed else TOLD[:known]:
        record_messages(channel, [message], as_of=LATER)
    conversation = Conversation.objects.get()
    assert list(Message.objects.filter(conversation=conversation, kind="reaction").values_list("text", flat=True)) == shown
    assert (Message.objects.count(), conversation.revision) == (known, 1)
    before = write_everything()
    assert record_messages(channel, TOLD[:known], as_of=LATER).new == 0
    assert write_everything() == before


def test_a_reaction_that_is_deleted_is_gone(channel: Channel) -> None:
    take_in(channel, TOLD[:2])
    apply_changes(channel, [MessageDeleted(provider_id="r1")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | a:oi"]
    assert (Message.objects.get(provider_id="r1").kind, read_conversation()[-1]) == ("reaction", 1)


def test_what_could_not_be_read_and_was_a_reaction_leaves_its_conversation(channel: Channel) -> None:
    take_in(channel, [tell(0, "a", "oi", chat=PHONE, id="1"), tell(DAY, "c", "", chat=PHONE, id="r", kind="unsupported")])
    assert Conversation.objects.count() == 2
    take_in(channel, [react(DAY, "c", "👍", chat=PHONE, to="1", id="r")])
    assert write_chats() == [f"{PHONE} | {PHONE} | a:oi / c:👍"]


def test_in_a_group_everybody_has_a_reaction_of_their_own(channel: Channel) -> None:
    group: dict[str, Any] = {"chat": "1@g.us", "is_group": True}
    take_in(channel, [tell(0, "c", "oi", id="1", sender_phone="5511911112222", **group)])
    people = ["5511911112222", "5511933334444", "5511933334444"]
    take_in(channel, [react(1 + n, "c", "👍❤🎉"[n], to="1", id=f"r{n}", sender_phone=phone, **group) for n, phone in enumerate(people)])
    assert list(Message.objects.filter(kind="reaction", is_deleted=False).order_by("sent_at").values_list("text", flat=True)) == [
        "👍",
        "🎉",
    ]


def test_nothing_is_analysed_or_counted_of_a_reaction(cast: Cast) -> None:
    day = datetime(2026, 11, 16, 15, 30, tzinfo=UTC)
    selection = Selection(period=Period(start=day.date(), end=day.date()), clock=day)
    with scope(cast.tenant.id):
        channel = Channel.objects.get(name="Suporte")
        analyse_waiting(cast.tenant.id, get_analyser())

        def look() -> tuple[object, ...]:
            counted = compute_metrics(cast.alice, selection, metrics=["messages", "conversations"])[0].values
            found = find_messages(cast.alice, selection, limit=9)
            excerpt = find_conversations(cast.alice, selection, limit=9).rows[0].excerpt
            return counted, found.total, excerpt, MessageAnalysis.objects.count(), count_waiting()

        before = look()
        reaction = react(0, "c", "👎", chat=PHONE, to="msg-1")
        assert record_messages(channel, [replace(reaction, sent_at=day)]).new == 1
        assert Message.objects.get(kind="reaction").conversation is not None
        analyse_waiting(cast.tenant.id, get_analyser())
        assert look() == before
        assert before[0] == {"messages": 2.0, "conversations": 1.0}
