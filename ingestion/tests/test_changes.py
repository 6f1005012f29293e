"""Edits, deletions and delivery statuses, before and after their messages."""

from datetime import timedelta

import pytest

from core.models import Channel, Conversation, Message, MessageAnalysis, PendingChange
from ingestion.changes import apply_changes
from ingestion.evolution.types import DeliveryChanged, MessageDeleted, MessageEdited
from ingestion.pending import Change
from ingestion.record import record_messages
from ingestion.recorded import Recorded
from ingestion.tests.live import LATER, NOON, take_in, tell, write_chats
from ingestion.types import Delivery

PHONE = "5531988887777"


def edit(text: str, *, of: str = "1", minutes: float | None = 5) -> MessageEdited:
    return MessageEdited(provider_id=of, text=text, edited_at=None if minutes is None else NOON + timedelta(minutes=minutes))


def read_message(of: str = "1") -> tuple[str, bool, bool]:
    return Message.objects.values_list("text", "is_edited", "is_deleted").get(provider_id=of)


def test_an_edit_changes_the_words_and_asks_for_a_new_analysis(channel: Channel) -> None:
    record_messages(channel, [tell(0, "c", "oi", chat=PHONE, id="1"), tell(2 * 24 * 60, "c", chat=PHONE)], as_of=LATER)
    recorded = apply_changes(channel, [edit("olá")], as_of=LATER)
    first, second = Conversation.objects.order_by("started_at")
    assert recorded == Recorded(known=1, updated=1, conversation_ids={first.id})
    assert (first.revision, second.revision, read_message()) == (2, 1, ("olá", True, False))
    assert apply_changes(channel, [edit("olá")], as_of=LATER) == Recorded(known=1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([edit("b"), edit("c", minutes=6)], ("c", True, False)),
        ([edit("c", minutes=6), edit("b")], ("c", True, False)),
        ([edit("b", minutes=None), edit("c", minutes=None)], ("c", True, False)),  # without times the later news counts
        ([edit("b"), edit("c", minutes=None)], ("b", True, False)),
        ([edit("b"), MessageDeleted(provider_id="1")], ("", False, True)),
        ([MessageDeleted(provider_id="1"), edit("b")], ("", False, True)),
    ],
)
@pytest.mark.parametrize("comes", ["before", "after", "between"])
def test_a_deletion_wins_and_then_the_latest_edit(
    channel: Channel, changes: list[Change], told: tuple[str, bool, bool], comes: str
) -> None:
    message = tell(0, "c", "a", chat=PHONE, id="1")
    if comes == "after":
        record_messages(channel, [message], as_of=LATER)
    for number, change in enumerate(changes):
        if comes == "between" and number == 1:
            record_messages(channel, [message], as_of=LATER)
        assert apply_changes(channel, [change], as_of=LATER).waiting == (comes == "before" or (comes == "between" and number == 0))
    record_messages(channel, [message], as_of=LATER)
    assert read_message() == told
    assert PendingChange.objects.count() == 0


def test_read_back_an_edited_message_is_told_with_the_time_of_its_edit(channel: Channel) -> None:
    """The gateway's store overwrites the time: what is told live keeps its own, in either order."""
    live = tell(0, "c", "oi", chat=PHONE, id="1")
    read_back = tell(7, "c", "olá", chat=PHONE, id="1", is_edited=True, source="recovered")
    for order in ([live, read_back], [read_back, live]):
        Message.objects.all().delete()
        Conversation.objects.all().delete()
        for message in order:
            record_messages(channel, [message], as_of=LATER)
        apply_changes(channel, [edit("meio tarde", minutes=3)], as_of=LATER)
        row = Message.objects.get()
        assert (row.text, row.is_edited, row.sent_at, row.source) == ("olá", True, NOON, order[0].source)
        assert (Conversation.objects.get().started_at, Conversation.objects.get().last_message_at) == (NOON, NOON)


def test_an_edit_that_adds_or_takes_a_goodbye_cuts_again(channel: Channel) -> None:
    told = [
        tell(0, "c", "oi", chat=PHONE),
        tell(1, "a", "olá", chat=PHONE),
        tell(2, "c", "espera", chat=PHONE, id="1"),
        tell(60, "c", "voltei", chat=PHONE),
    ]
    record_messages(channel, told, as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:oi / a:olá / c:espera / c:voltei"]
    recorded = apply_changes(channel, [edit("era só isso, tchau")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:oi / a:olá / c:era só isso, tchau || c:voltei"]
    assert len(recorded.conversation_ids) == 2
    apply_changes(channel, [edit("não", minutes=6)], as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:oi / a:olá / c:não / c:voltei"]


def test_an_edit_of_ours_loses_its_signature_like_the_message(channel: Channel) -> None:
    record_messages(channel, [tell(0, "a", "olá", chat=PHONE, id="1", agent_name="Rita")], as_of=LATER)
    apply_changes(channel, [edit("*Rita Lopes:* bom dia")], as_of=LATER)
    assert read_message() == ("bom dia", True, False)


def test_a_deletion_takes_the_analysis_with_it(channel: Channel) -> None:
    record_messages(channel, [tell(0, "c", "segredo", chat=PHONE, id="1")], as_of=LATER)
    MessageAnalysis.objects.create(
        message=Message.objects.get(), analyser="x", analyser_version="1", analysed_at=NOON, text_hash="h", sentiment="neutral",
        sentiment_score=0, emotion="neutral", tone="neutral",
    )  # fmt: skip
    apply_changes(channel, [MessageDeleted(provider_id="1")], as_of=LATER)
    assert (MessageAnalysis.objects.count(), read_message(), Conversation.objects.get().revision) == (0, ("", False, True), 2)


DELIVERIES = [
    ("", ["pending", "sent", "delivered", "read", "played"], "played"),
    ("", ["played", "read", "pending"], "played"),
    ("pending", ["error"], "error"),
    ("", ["error", "pending"], "error"),  # a failure is what became of the pending one, whichever is told first
    ("", ["error", "sent"], "sent"),
    ("sent", ["error"], "sent"),
    ("read", ["sent", "error", "delivered"], "read"),
]


@pytest.mark.parametrize(("first", "news", "delivery"), DELIVERIES)
@pytest.mark.parametrize("is_before", [True, False])
def test_delivery_only_rises(channel: Channel, first: str, news: list[Delivery], delivery: str, is_before: bool) -> None:
    message = tell(0, "a", chat=PHONE, id="1", delivery=first or None)
    if not is_before:
        record_messages(channel, [message], as_of=LATER)
    for one in news:
        apply_changes(channel, [DeliveryChanged(provider_id="1", delivery=one)], as_of=LATER)
    record_messages(channel, [message], as_of=LATER)
    assert Message.objects.values_list("delivery", flat=True).get() == delivery
    assert (Conversation.objects.get().revision, PendingChange.objects.count()) == (1, 0)


def test_delivery_is_of_our_own_messages(channel: Channel) -> None:
    record_messages(channel, [tell(0, "c", chat=PHONE, id="1", delivery="delivered")], as_of=LATER)
    assert apply_changes(channel, [DeliveryChanged(provider_id="1", delivery="read")], as_of=LATER).updated == 0
    assert Message.objects.values_list("delivery", flat=True).get() == ""


def test_a_message_told_again_knows_more(channel: Channel) -> None:
    """What could not be read and came again readable; how far it got; what it replies to. The first road stays."""
    take_in(channel, [tell(0, "a", "", chat=PHONE, id="1", kind="unsupported"), tell(1, "c", "oi", chat=PHONE, id="2", source="recovered")])
    take_in(
        channel,
        [tell(0, "a", "olá", chat=PHONE, id="1", delivery="read", quoted_id="0", source="recovered"), tell(1, "c", chat=PHONE, id="2")],
    )
    rows = Message.objects.order_by("sent_at").values_list("kind", "text", "delivery", "quoted_id", "source")
    assert list(rows) == [("text", "olá", "read", "0", "live"), ("text", "oi", "", "", "recovered")]
    assert Conversation.objects.get().revision == 2
