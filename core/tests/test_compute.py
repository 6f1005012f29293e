"""What counts, on which day, under which value: the rules of core/compute.py, on rows that a reader can count.

| conversation | begins (São Paulo) | satisfaction | resolved | customer's messages: sentiment, emotion |
| --- | --- | --- | --- | --- |
| A | Sunday 2026-11-15 23:50 | 5 | yes | positive joy · neutral neutral (Monday 00:10) |
| B | Monday 2026-11-16 09:00 | 2 | no | negative anger · negative sadness |
| C | Monday 2026-11-16 18:00 | not analysed | – | not analysed; waits since then |
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.compute import Row, Selection, compute_apart, compute_coverage, compute_metrics, compute_tallies, keep_counted
from core.errors import VisibleError
from core.models import Channel, Contact, Conversation, ConversationAnalysis, Message, MessageAnalysis, Role, Tenant, User
from core.periods import Period
from core.search import find_conversations, find_messages
from core.tenancy import scope, unscoped_directory

Line = tuple[int, str, str | None, str | None]  # minutes later, text, sentiment, emotion
SUNDAY, MONDAY = datetime(2026, 11, 15).date(), datetime(2026, 11, 16).date()  # noqa: DTZ001
CLOCK = datetime(2026, 11, 16, 22, 30, tzinfo=UTC)  # 19:30 in São Paulo
BOTH_DAYS = Selection(period=Period(SUNDAY, MONDAY), clock=CLOCK)

CONVERSATIONS: list[tuple[str, str, int | None, bool | None, list[Line]]] = [
    # name, begins in UTC, satisfaction, resolved, [(minutes later, text, sentiment, emotion)]
    ("A", "2026-11-16T02:50", 5, True, [(0, "amei a luminária", "positive", "joy"), (20, "ok", "neutral", "neutral")]),
    ("B", "2026-11-16T12:00", 2, False, [(0, "veio quebrada", "negative", "anger"), (5, "que tristeza", "negative", "sadness")]),
    ("C", "2026-11-16T21:00", None, None, [(0, "alguém aí? quero a nota fiscal", None, None)]),
]
SCORES = {"positive": 0.8, "neutral": 0.0, "negative": -0.6}


@pytest.fixture
def viewer(db: None) -> User:
    with unscoped_directory(reason="test"):
        tenant = Tenant.objects.create(name="Casa Lua", slug="casa-lua", reply_limit_minutes=60)
        person = User.objects.create_user("m@lua.example", "x", tenant=tenant, name="M", role=Role.MANAGER)
    with scope(tenant.id):
        channel = Channel.objects.create(name="Suporte")
        for name, begins, satisfaction, resolved, messages in CONVERSATIONS:
            fill(channel, name, datetime.fromisoformat(begins).replace(tzinfo=UTC), satisfaction, resolved, messages)
    return person


def fill(channel: Channel, name: str, begins: datetime, satisfaction: int | None, resolved: bool | None, messages: list[Line]) -> None:
    contact = Contact.objects.create(name=f"Cliente {name}")
    last = begins + timedelta(minutes=messages[-1][0])
    conversation = Conversation.objects.create(
        channel=channel, contact=contact, chat_key=name, started_at=begins, last_message_at=last, message_count=len(messages),
        waiting_since_at=begins if name == "C" else None,
    )  # fmt: skip
    for number, (minutes, text, sentiment, emotion) in enumerate(messages):
        message = Message.objects.create(
            channel=channel, conversation=conversation, contact=contact, provider_id=f"{name}{number}", chat_key=name,
            author="customer", text=text, sent_at=begins + timedelta(minutes=minutes), position=number,
        )  # fmt: skip
        if sentiment is not None and emotion is not None:
            MessageAnalysis.objects.create(
                message=message, analyser="test", analyser_version="1", analysed_at=CLOCK, text_hash=text,
                sentiment=sentiment, sentiment_score=SCORES[sentiment], emotion=emotion, tone="neutral",
            )  # fmt: skip
    if satisfaction is not None and resolved is not None:
        ConversationAnalysis.objects.create(
            conversation=conversation, analyser="test", analyser_version="1", analysed_at=CLOCK, revision=1,
            satisfaction=satisfaction, score=float(satisfaction), is_resolved=resolved,
        )  # fmt: skip


def measure(viewer: User, selection: Selection, *metrics: str, **options: object) -> list[Row]:
    with scope(str(viewer.tenant_id)):
        return compute_metrics(viewer, selection, metrics=metrics, **options)  # type: ignore[arg-type]


def test_all_metrics_of_both_days(viewer: User) -> None:
    [row] = measure(viewer, BOTH_DAYS, "conversations", "satisfaction", "csat", "complaints", "messages", "sentiment", "unanswered")
    assert row.values == {
        "conversations": 3,
        "satisfaction": 3.5,
        "csat": 50,
        "complaints": 1,
        "messages": 5,
        "sentiment": pytest.approx((0.8 + 0.0 - 0.6 - 0.6) / 4),
        "unanswered": 1,
    }
    assert row.bases == {
        "conversations": 3, "satisfaction": 2, "csat": 2, "complaints": 2, "messages": 5, "sentiment": 4, "unanswered": 3,
    }  # fmt: skip


def test_a_conversation_counts_on_the_day_it_began_and_a_message_on_the_day_it_was_sent(viewer: User) -> None:
    rows = measure(viewer, BOTH_DAYS, "conversations", "messages", group_by="day")
    assert [(row.key, row.values) for row in rows] == [
        ("2026-11-15", {"conversations": 1, "messages": 1}),
        ("2026-11-16", {"conversations": 2, "messages": 4}),
    ]


def test_steps_in_which_nothing_happened_are_there(viewer: User) -> None:
    rows = measure(viewer, BOTH_DAYS, "conversations", "satisfaction", group_by="hour")
    assert [row.key for row in rows] == list(range(24))
    assert {row.key: row.values for row in rows if row.values["conversations"]} == {
        9: {"conversations": 1, "satisfaction": 2},
        18: {"conversations": 1, "satisfaction": None},
        23: {"conversations": 1, "satisfaction": 5},
    }


def test_a_conversation_counts_once_under_each_feeling_that_it_holds(viewer: User) -> None:
    rows = measure(viewer, BOTH_DAYS, "conversations", "messages", group_by="emotion")
    assert {row.key: (row.values["conversations"], row.values["messages"]) for row in rows} == {
        "joy": (1, 1), "neutral": (1, 1), "anger": (1, 1), "sadness": (1, 1), None: (1, 1),
    }  # fmt: skip


def test_a_feeling_selects_messages_that_have_it_and_conversations_in_which_one_message_has_all_of_it(viewer: User) -> None:
    angry = Selection(period=BOTH_DAYS.period, clock=CLOCK, emotions=("anger",), sentiments=("negative",))
    [row] = measure(viewer, angry, "contacts", "messages")
    assert row.values == {"contacts": 1, "messages": 1}
    split = Selection(period=BOTH_DAYS.period, clock=CLOCK, emotions=("joy",), sentiments=("neutral",))
    assert measure(viewer, split, "contacts")[0].values == {"contacts": 0}


def test_ranking_leaves_out_what_has_no_value(viewer: User) -> None:
    rows = measure(viewer, BOTH_DAYS, "satisfaction", group_by="contact", order="asc")
    assert [(row.key, row.values["satisfaction"]) for row in rows] == [("Cliente B", 2), ("Cliente A", 5)]
    assert [row.key for row in measure(viewer, BOTH_DAYS, "satisfaction", group_by="contact", order="desc", limit=1)] == ["Cliente A"]


def test_open_and_resolved_share_out_all_and_unanswered_waits_longer_than_the_limit(viewer: User) -> None:
    counts = {
        status: measure(viewer, Selection(period=BOTH_DAYS.period, clock=CLOCK, status=status), "conversations")[0].values["conversations"]
        for status in ("open", "resolved", "unanswered")
    }
    assert counts == {"open": 2, "resolved": 1, "unanswered": 1}
    earlier = Selection(period=BOTH_DAYS.period, clock=CLOCK - timedelta(minutes=31), status="unanswered")
    assert measure(viewer, earlier, "conversations")[0].values == {"conversations": 0}


def test_words_are_found_without_accents_and_in_other_forms(viewer: User) -> None:
    for words, found in {"luminaria": 1, "luminárias": 1, "nota fiscal": 1, "fiscal": 1, "geladeira": 0}.items():
        selection = Selection(period=BOTH_DAYS.period, clock=CLOCK, search=words)
        assert measure(viewer, selection, "conversations")[0].values == {"conversations": found}, words


def test_coverage_counts_what_waits_whatever_an_analysis_would_say(viewer: User) -> None:
    with scope(str(viewer.tenant_id)):
        for selection in (BOTH_DAYS, Selection(period=BOTH_DAYS.period, clock=CLOCK, satisfaction_max=2, themes=("Qualquer",))):
            covered = compute_coverage(viewer, selection)
            assert (covered.conversations, covered.analysed, covered.pending) == (3, 2, 1)


def test_messages_and_conversations_come_in_their_order_with_how_many_there_are(viewer: User) -> None:
    with scope(str(viewer.tenant_id)):
        messages = find_messages(viewer, BOTH_DAYS, limit=2)
        assert (messages.total, [row.text for row in messages.rows]) == (5, ["alguém aí? quero a nota fiscal", "que tristeza"])
        worst = find_conversations(viewer, BOTH_DAYS, limit=5, order="asc")
        assert [(row.contact, row.status, row.excerpt) for row in worst.rows] == [
            ("Cliente B", "open", "que tristeza"),
            ("Cliente A", "resolved", "ok"),
            ("Cliente C", "unanswered", "alguém aí? quero a nota fiscal"),
        ]


def test_an_operator_may_not_ask(viewer: User) -> None:
    with scope(str(viewer.tenant_id)):
        viewer.role = Role.OPERATOR
        with pytest.raises(VisibleError, match="not_allowed"):
            compute_metrics(viewer, BOTH_DAYS, metrics=["conversations"])


def test_by_wait_and_by_new_or_returning_customer(viewer: User) -> None:
    """A was answered after four minutes, B after an hour, C never; B is A's customer again."""
    with scope(str(viewer.tenant_id)):
        conversations = {conversation.chat_key: conversation for conversation in Conversation.objects.all()}
        for name, seconds in (("A", 240), ("B", 3600)):
            Conversation.objects.filter(id=conversations[name].id).update(first_response_seconds=seconds)
        Conversation.objects.filter(id=conversations["B"].id).update(contact=conversations["A"].contact)
        apart = compute_apart(viewer, BOTH_DAYS, metric="conversations", dimensions=["wait", "customer", "channel"])
        tallies = compute_tallies(viewer, BOTH_DAYS, metric="satisfaction", dimensions=["wait", "customer"])
        within = compute_metrics(viewer, replace(BOTH_DAYS, within=(("wait", 60),)), metrics=["satisfaction"])
        without = compute_metrics(viewer, replace(BOTH_DAYS, without=("wait", None)), metrics=["conversations"])
        kept = keep_counted(
            viewer,
            replace(BOTH_DAYS, within=(("customer", "returning"),)),
            base="conversation",
            ids=[str(c.id) for c in conversations.values()],
        )
    counted = {dimension: {row.key: row.values["conversations"] for row in rows} for dimension, rows in apart.items()}
    assert counted == {"wait": {0: 1, 60: 1, None: 1}, "customer": {"new": 2, "returning": 1}, "channel": {"Suporte": 3}}
    assert {(tally.key, tally.part, tally.rows, tally.total) for tally in tallies["wait"]} == {(0, 5, 1, 5), (60, 2, 1, 2)}
    assert {(tally.key, tally.part, tally.rows, tally.total) for tally in tallies["customer"]} == {("new", 5, 1, 5), ("returning", 2, 1, 2)}
    assert within[0].values == {"satisfaction": 2}
    assert without[0].values == {"conversations": 2}
    assert kept == {str(conversations["B"].id)}


def test_tallies_of_a_median_are_the_sides_of_a_limit(viewer: User) -> None:
    with scope(str(viewer.tenant_id)):
        Conversation.objects.filter(chat_key="A").update(first_response_seconds=240)
        Conversation.objects.filter(chat_key="B").update(first_response_seconds=3600)
        found = compute_tallies(viewer, BOTH_DAYS, metric="first_response_time", dimensions=["channel"], limit=1000)
        with pytest.raises(ValueError, match="the rows of conversations have no parts"):
            compute_tallies(viewer, BOTH_DAYS, metric="conversations", dimensions=["channel"])
    assert {(tally.key, tally.part, tally.rows) for tally in found["channel"]} == {("Suporte", 0, 1), ("Suporte", 1, 1)}
