"""A correction of one conversation's theme teaches how the tenant's next ones are read, until it is taken back.

The shop's list: Entrega, Pagamento, Portaria. Its customers write of couriers who leave a note with the doorman; the analyser calls
that Entrega, and Alice says Portaria.
"""

from datetime import UTC, datetime, timedelta

import pytest

from core.ai.analysers import get_analyser
from core.corrections import Disagreement, correct, undo_correction
from core.models import Channel, Conversation, ConversationAnalysis, Correction, Role, Tenant, Theme, User
from core.tenancy import scope, unscoped_directory
from ingestion.analyse import analyse_waiting
from ingestion.corrected import NEWEST, read_corrected
from ingestion.record import record_messages
from ingestion.types import IncomingMessage

BEGIN = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
NOTE = "cadê meu pedido? o entregador não veio hoje e deixou recado com o porteiro"
NOTE_AGAIN = "o entregador não veio hoje de novo e deixou recado com o porteiro, cadê meu pedido?"


def make_tenant(slug: str) -> Tenant:
    with unscoped_directory(reason="test"):
        made = Tenant.objects.create(name=slug, slug=slug)
    with scope(made.id):
        Channel.objects.create(name="Suporte")
        for name, examples in (
            ("Entrega", ["cadê meu pedido", "a entrega atrasou", "o entregador não veio"]),
            ("Pagamento", ["boleto vencido", "paguei e não caiu"]),
            ("Portaria", ["o porteiro não recebeu"]),
            ("Troca", ["quero trocar", "não serviu"]),
        ):
            Theme.objects.create(name=name, examples=examples)
    return made


@pytest.fixture
def tenant(db: None) -> Tenant:
    return make_tenant("casa-lua")


@pytest.fixture
def alice(tenant: Tenant) -> User:
    with scope(tenant.id):
        return User.objects.create_user("alice@casalua.example", tenant=tenant, name="Alice", role=Role.ADMIN)


def say(tenant: Tenant, chat: str, text: str) -> str | None:
    """A customer writes; what the analyser makes of it."""
    with scope(tenant.id):
        message = IncomingMessage(
            provider_id=chat, chat_key=chat, chat_name=chat, author="customer", sender_name=chat, agent_name=None,
            sent_at=BEGIN + timedelta(minutes=Conversation.objects.count()), text=text,
        )  # fmt: skip
        record_messages(Channel.objects.get(), [message])
    analyse_waiting(tenant.id, get_analyser())
    with scope(tenant.id):
        found = ConversationAnalysis.objects.select_related("theme").get(conversation__chat_key=chat, is_current=True)
        return found.theme.name if found.theme else None


def put_right(alice: User, tenant: Tenant, chat: str, theme: str) -> None:
    with scope(tenant.id):
        correct(alice, Conversation.objects.get(chat_key=chat).id, Disagreement(corrects_theme=True, theme=theme))


def test_the_next_similar_conversation_moves_until_the_correction_is_taken_back(tenant: Tenant, alice: User) -> None:
    assert [say(tenant, chat, NOTE) for chat in ("Ana", "Bia")] == ["Entrega", "Entrega"]
    for chat in ("Ana", "Bia"):
        put_right(alice, tenant, chat, "Portaria")
    assert say(tenant, "Caio", NOTE_AGAIN) == "Portaria"
    assert say(tenant, "Davi", "paguei o boleto ontem e ainda não caiu") == "Pagamento"
    # Another shop's corrections are nobody else's.
    assert say(make_tenant("outra-loja"), "Caio", NOTE_AGAIN) == "Entrega"
    with scope(tenant.id):
        for chat in ("Ana", "Bia"):
            undo_correction(alice, Conversation.objects.get(chat_key=chat).id)
        assert read_corrected({theme.name: theme for theme in Theme.objects.all()}) == []
    assert say(tenant, "Edu", NOTE_AGAIN) == "Entrega"


def test_a_conversation_is_not_taught_by_its_own_correction(tenant: Tenant, alice: User) -> None:
    """Or the comparison of a new version with what people said would only ask whether it can repeat them."""
    assert say(tenant, "Ana", NOTE) == "Entrega"
    put_right(alice, tenant, "Ana", "Portaria")
    with scope(tenant.id):
        Conversation.objects.update(revision=2)
    assert analyse_waiting(tenant.id, get_analyser()) == 1
    with scope(tenant.id):
        assert ConversationAnalysis.objects.get(is_current=True).theme == Theme.objects.get(name="Entrega")


def test_the_newest_of_each_theme_are_learned_from_with_themes_that_are_in_use(tenant: Tenant, alice: User) -> None:
    for number in range(NEWEST + 2):
        say(tenant, f"{number:02}", NOTE)
        put_right(alice, tenant, f"{number:02}", "Portaria")
    with scope(tenant.id):
        # From the second on the analyser had learned what Alice says of these very words: there was nothing to put right.
        assert len(read_corrected({theme.name: theme for theme in Theme.objects.all()})) == 1
        Correction.objects.update(machine_theme=Theme.objects.get(name="Entrega"))
        used = {theme.name: theme for theme in Theme.objects.all()}
        found = read_corrected(used)
        chats = dict(Conversation.objects.values_list("id", "chat_key"))
        assert [chats[one] for one, _ in found] == [f"{number:02}" for number in reversed(range(2, NEWEST + 2))]
        assert {(one.texts, one.right) for _, one in found} == {((NOTE,), "Portaria")}
        del used["Portaria"]
        assert {one.right for _, one in read_corrected(used)} == {None}
