"""The demo tenant comes into a real database through the live door, stays itself when started again, and moves on with the days."""

from datetime import UTC, date, datetime

import pytest
from kombu.exceptions import OperationalError

from core.models import Agent, Channel, Contact, ContactIdentity, Conversation, Message, Role, Tenant, Theme, User
from core.project.celery import app
from core.project.database import DatabaseError
from core.project.demo import create
from core.project.demo.create import create_demo
from core.project.demo.scripts import Script, load_scripts
from core.project.demo.shop import AGENTS, CHANNELS, THEMES
from core.project.demo.story import StoryConversation, tell_story
from core.tenancy import scope, unscoped_directory
from ingestion.record import record_messages
from ingestion.types import IncomingMessage

WEDNESDAY = datetime(2026, 5, 13, 17, 0, tzinfo=UTC)  # 14:00 in São Paulo


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return load_scripts()


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch, scripts: list[Script]) -> list[tuple[str, list[str]]]:
    """The tasks that were sent. Only the last weeks of the story are told, which is enough to see days move on."""

    def tell_lately(scripts: list[Script], *, today: date, until: datetime) -> list[StoryConversation]:
        return [conversation for conversation in tell_story(scripts, today=today, until=until) if conversation.week >= -2]

    sent: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, retry: sent.append((name, args)))
    monkeypatch.setattr(create, "load_scripts", lambda: scripts)
    monkeypatch.setattr(create, "tell_story", tell_lately)
    return sent


def count() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Channel, Agent, Theme, Contact, ContactIdentity, Conversation, Message)}


@pytest.mark.django_db
def test_the_demo_is_made_once_and_moves_on_with_the_days(queued: list[tuple[str, list[str]]]) -> None:
    told: list[str] = []
    tenant = create_demo(now=WEDNESDAY, tell=told.append)
    assert (tenant.slug, tenant.name, tenant.is_demo, tenant.time_zone, tenant.episode_gap_hours) == (
        "casa-aurora", "Casa Aurora", True, "America/Sao_Paulo", 48,
    )  # fmt: skip
    with scope(tenant.id):
        first = count()
        assert first == {
            "Channel": 4,
            "Agent": 6,
            "Theme": 10,
            "Contact": 142,
            "ContactIdentity": 147,
            "Conversation": 154,
            "Message": 1236,
        }
        assert set(Channel.objects.values_list("name", flat=True)) == set(CHANNELS)
        assert set(Agent.objects.values_list("name", flat=True)) == set(AGENTS)
        assert {theme.name: tuple(theme.examples) for theme in Theme.objects.all()} == THEMES
        assert Message.objects.filter(sent_at__gt=WEDNESDAY).count() == 0
        ids = set(Message.objects.values_list("id", flat=True))
    assert told == ["Casa Aurora: 154 conversations, 1236 new messages"]

    # Again at the same moment: nothing changes. What the people of the shop changed stays changed.
    with scope(tenant.id):
        Theme.objects.filter(name="Cancelamento").delete()
    create_demo(now=WEDNESDAY, tell=told.append)
    with scope(tenant.id):
        assert count() == first | {"Theme": 9}
    assert told[1:] == ["Casa Aurora: 154 conversations, nothing new"]

    # On Friday of the same week, what was said since is added.
    create_demo(now=datetime(2026, 5, 15, 21, 0, tzinfo=UTC), tell=told.append)
    with scope(tenant.id):
        assert ids < set(Message.objects.values_list("id", flat=True))
    assert told[2:] == ["Casa Aurora: 173 conversations, 197 new messages"]

    # On Monday the failing week is another one, so the days are told again; an imported chat stays.
    with scope(tenant.id):
        imported = IncomingMessage(
            provider_id="export-1",
            chat_key="Zélia",
            chat_name="Zélia",
            author="customer",
            sender_name="Zélia",
            sent_at=WEDNESDAY,
            text="oi",
        )
        record_messages(Channel.objects.get(name="Vendas"), [imported], as_of=WEDNESDAY)
    create_demo(now=datetime(2026, 5, 18, 17, 0, tzinfo=UTC), tell=told.append)
    with scope(tenant.id):
        assert ids.isdisjoint(Message.objects.values_list("id", flat=True))
        assert Message.objects.filter(provider_id="export-1").count() == 1
        assert Contact.objects.filter(conversations__isnull=True).count() == 0
        assert list(Contact.objects.filter(name="Roberto Tanaka").values_list("name", flat=True)) == ["Roberto Tanaka"]
    assert told[3:] == [
        "Casa Aurora was told for other days: its conversations are told again, ending today",
        "Casa Aurora: 130 conversations, 1012 new messages",
    ]
    assert queued == [("ingestion.tasks.task_analyse", [str(tenant.id)])] * 3


@pytest.mark.django_db
def test_its_people_may_sign_in(queued: list[tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create, "tell_story", lambda scripts, *, today, until: [])
    tenant = create_demo(now=WEDNESDAY, tell=lambda text: None)
    with scope(tenant.id):
        users = {user.email: (user.role, user.check_password("casa-aurora-demo")) for user in User.objects.filter(tenant=tenant)}
    assert users == {
        "admin@casaaurora.demo": (Role.ADMIN, True),
        "manager@casaaurora.demo": (Role.MANAGER, True),
        "supervisor@casaaurora.demo": (Role.SUPERVISOR, True),
        "operator@casaaurora.demo": (Role.OPERATOR, True),
    }
    assert queued == []


@pytest.mark.django_db
def test_a_tenant_of_ones_own_is_left_alone(queued: list[tuple[str, list[str]]]) -> None:
    with unscoped_directory(reason="tests"):
        Tenant.objects.create(name="Aurora de verdade", slug="casa-aurora")
    with pytest.raises(DatabaseError) as error:
        create_demo(now=WEDNESDAY, tell=lambda text: None)
    assert str(error.value) == (
        "The short name 'casa-aurora' belongs to a tenant of your own (Aurora de verdade). "
        "Give it another short name, or start with --no-data."
    )


@pytest.mark.django_db
def test_without_a_task_queue_the_demo_is_made_all_the_same(monkeypatch: pytest.MonkeyPatch, scripts: list[Script]) -> None:
    def refuse(name: str, args: list[str], retry: bool) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(app, "send_task", refuse)
    monkeypatch.setattr(create, "load_scripts", lambda: scripts)
    monkeypatch.setattr(create, "tell_story", lambda scripts, *, today, until: tell_story(scripts, today=today, until=until)[:3])
    told: list[str] = []
    tenant = create_demo(now=WEDNESDAY, tell=told.append)
    with scope(tenant.id):
        assert Conversation.objects.count() == 3
    assert told == [
        "The task queue is out of reach (OperationalError); the worker will find the new messages by itself",
        "Casa Aurora: 3 conversations, 16 new messages",
    ]
