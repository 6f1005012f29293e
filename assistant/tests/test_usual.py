"""A channel that fails in one week of few conversations: beside the week before it is within chance, beside the usual it is not.

Notes of each week, the channels of a shop by week from 24 August to 25 October 2026 (weeks begin on Monday):

    Centro   every week     1 2 3 4 5, four times                                  20 conversations, mean 3.0
    Norte    eight weeks    1 2 3 4 5, twice                                       10 conversations, mean 3.0
    Norte    12–18 October  1 2 3 4 (the week before the last)                      4 conversations, mean 2.5
    Norte    19–25 October  1 1 1 2 2 1 1 3 2 1 1 2 1 1 2 1                        16 conversations, mean 1.4375
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant import answer
from assistant.blocks import DriversBlock
from core.models import Channel, Contact, Conversation, ConversationAnalysis, Role, Tenant, User
from core.tenancy import scope, unscoped_directory

LAST = date(2026, 10, 19)
CLOCK = datetime(2026, 10, 28, 15, 0, tzinfo=UTC)
EVERY = [1, 2, 3, 4, 5]


def list_weeks(*, failing: list[int]) -> Iterator[tuple[str, date, list[int]]]:
    """(channel, Monday, notes)."""
    for back in range(9, -1, -1):
        monday = LAST - timedelta(weeks=back)
        yield "Centro", monday, EVERY * 4
        yield "Norte", monday, failing if not back else [1, 2, 3, 4] if back == 1 else EVERY * 2


def make_manager(*, failing: list[int]) -> User:
    with unscoped_directory(reason="test"):
        tenant = Tenant.objects.create(name="Casa Sol", slug="casa-sol", time_zone="America/Sao_Paulo")
        manager = User.objects.create_user("ana@casasol.example", tenant=tenant, name="Ana", role=Role.MANAGER)
    with scope(tenant.id):
        channels = {name: Channel.objects.create(name=name) for name in ("Centro", "Norte")}
        conversations: list[Conversation] = []
        notes: list[int] = []
        for name, monday, week in list_weeks(failing=failing):
            for number, note in enumerate(week):
                at = datetime(monday.year, monday.month, monday.day, 13, tzinfo=UTC) + timedelta(
                    days=(number + number // 5) % 5, minutes=number
                )
                contact = Contact.objects.create(name=f"Cliente {len(conversations)}")
                conversations.append(
                    Conversation(
                        channel=channels[name], contact=contact, chat_key=str(len(conversations)), started_at=at, last_message_at=at,
                        message_count=2, customer_message_count=1, first_response_seconds=60,
                    )
                )  # fmt: skip
                notes.append(note)
        Conversation.objects.bulk_create(conversations)
        ConversationAnalysis.objects.bulk_create(
            ConversationAnalysis(
                conversation=one, analyser="test", analyser_version="1", analysed_at=CLOCK, revision=1, satisfaction=note, score=note,
                is_resolved=True,
            )
            for one, note in zip(conversations, notes, strict=True)
        )  # fmt: skip
    return manager


SAID = {
    "por que a satisfação caiu na semana passada?": "O que se destaca é o canal Norte: a satisfação ali foi de 2,97 (74 conversas) "
    "nas 8 semanas anteriores para 1,44 (16 conversas). "
    "Só entre esses dois períodos, há poucos dados para ter certeza da causa.",
    "why did satisfaction fall last week?": "What stands out is the Norte channel: satisfaction there went from 2.97 (74 conversations) "
    "in the 8 weeks before to 1.44 (16 conversations). These two periods alone hold too little to be sure of the cause.",
    "¿por qué bajó la satisfacción la semana pasada?": "Lo que destaca es el canal Norte: la satisfacción allí pasó de 2,97 "
    "(74 conversaciones) en las 8 semanas anteriores a 1,44 (16 conversaciones). "
    "Solo entre estos dos períodos hay pocos datos para estar seguros de la causa.",
    # A summary of the same week names the same cause.
    "resuma a semana passada": "O que se destaca é o canal Norte: a satisfação ali foi de 2,97 (74 conversas)",
}


@pytest.mark.django_db
def test_what_two_weeks_can_not_tell_ten_do() -> None:
    manager = make_manager(failing=[1, 1, 1, 2, 2, 1, 1, 3, 2, 1, 1, 2, 1, 1, 2, 1])
    for question, said in SAID.items():
        told = answer.run(manager, question=question, clock=CLOCK)
        assert said in told.text
        if told.plan and told.plan["intent"] == "summary":
            continue
        # Beside the week before, and beside the eight weeks before.
        tables = [block for block in told.blocks if isinstance(block, DriversBlock)]
        assert [[row["stands_out"] for row in table.rows] for table in tables] == [[False, False], [True, False]]


@pytest.mark.django_db
def test_a_usual_week_is_no_cause() -> None:
    manager = make_manager(failing=[1, 2, 3, 4, 2, 1, 2, 3, 4, 2])
    told = answer.run(manager, question="por que a satisfação caiu na semana passada?", clock=CLOCK)
    assert "O que se destaca" not in told.text
