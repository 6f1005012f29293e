"""Who is worth a call in a summary: unhappy customers whose conversation is still open, however many were settled since.

Of this week in the shop (16–20 November), with note 1 or 2 and not resolved: Norte's li 1, ro 2, se 1, ma 2, pa 1, jo 2, li 1, ro 2.
"""

from datetime import UTC, datetime, timedelta

import pytest

from assistant.plan import Plan
from assistant.summary import execute_summary
from assistant.tests.shop import CLOCK, MOMENT, Shop, shop  # noqa: F401  (a fixture)
from core.models import Channel, Contact, Conversation, ConversationAnalysis
from core.periods import Period
from core.tenancy import scope

# One a contact, the worst first and of those the newest; the sixth, Mariana Alves, is not told.
OPEN = [("Lívia Ferraz", 1), ("Patrícia Gomes", 1), ("Sérgio Barros", 1), ("Roberto Tanaka", 2), ("João Pedro Castro", 2)]


def settle(shop: Shop, *, count: int) -> None:  # noqa: F811
    """So many conversations of note 1 that were resolved, each later than every open one, and each of a customer of their own."""
    began = datetime(2026, 11, 20, 14, tzinfo=UTC)
    with scope(shop.tenant.id):
        channel = Channel.objects.get(name="Norte")
        contacts = Contact.objects.bulk_create(Contact(name=f"Cliente {number}") for number in range(count))
        conversations = Conversation.objects.bulk_create(
            Conversation(
                channel=channel, contact=contact, chat_key=f"settled-{number}", started_at=began + timedelta(minutes=number),
                last_message_at=began + timedelta(minutes=number), message_count=2, customer_message_count=1, first_response_seconds=60,
            )
            for number, contact in enumerate(contacts)
        )  # fmt: skip
        ConversationAnalysis.objects.bulk_create(
            ConversationAnalysis(
                conversation=one, analyser="test", analyser_version="1", analysed_at=CLOCK, revision=1, satisfaction=1, score=1,
                is_resolved=True,
            )
            for one in conversations
        )  # fmt: skip


@pytest.mark.parametrize("settled", [0, 60])
def test_a_busy_week_hides_nobody_who_is_worth_a_call(shop: Shop, settled: int) -> None:  # noqa: F811
    settle(shop, count=settled)
    plan = Plan(intent="summary", period=Period(start=MOMENT.today - timedelta(days=4), end=MOMENT.today))
    with scope(shop.tenant.id):
        worst = execute_summary(shop.manager, plan, moment=MOMENT).worst
    assert [(row.contact, row.satisfaction) for row in worst] == OPEN
