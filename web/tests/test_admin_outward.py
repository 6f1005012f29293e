"""Webhooks and scheduled questions, as an administrator sets them up: what is refused, what is shown to whom, what is started."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from bots.models import ScheduledQuestion
from core.models import DomainEvent, EventKind, User, WebhookDelivery, WebhookEndpoint
from core.tenancy import scope, unscoped_directory
from tests.cast import PASSWORD, Cast
from web.tests.test_admin_gateway import alice as alice
from web.tests.test_admin_gateway import open_admin

HOOKS, DELIVERIES, QUESTIONS = ("/admin/core/webhookendpoint/", "/admin/core/webhookdelivery/", "/admin/bots/scheduledquestion/")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the tasks that were started."""
    names: list[str] = []
    monkeypatch.setattr("web.admin.webhooks.start_task", lambda name, *_arguments, **_options: names.append(name))
    return names


def test_a_webhook_is_made_tested_and_seen(cast: Cast, alice: Client, started: list[str]) -> None:
    form: dict[str, Any] = {"url": "https://crm.example/hook", "description": "Painel", "kinds": ["satisfaction.fell"], "is_active": "on"}
    wrong = alice.post(f"{HOOKS}add/", form | {"url": "ftp://crm.example"})
    assert wrong.status_code == 200
    alice.post(f"{HOOKS}add/", form)
    with scope(cast.tenant.id):
        endpoint = WebhookEndpoint.objects.get(description="Painel")
    assert endpoint.secret.startswith("whsec_")
    assert (endpoint.kinds, endpoint.secret in endpoint.secret_encrypted) == (["satisfaction.fell"], False)
    assert endpoint.secret in alice.get(f"{HOOKS}{endpoint.id}/change/").content.decode()
    alice.post(HOOKS, {"action": "test", "_selected_action": [str(endpoint.id)]})
    with scope(cast.tenant.id):
        event = DomainEvent.objects.get(kind=EventKind.TEST)
        delivery = WebhookDelivery.objects.get(event=event)
        assert (delivery.endpoint_id, delivery.state, started) == (endpoint.id, "waiting", ["bots.tasks.task_deliver"])
        WebhookDelivery.objects.filter(id=delivery.id).update(state="failed", attempts=10, problem="timeout", next_at=None)
    assert "did not answer in time" in alice.get(DELIVERIES).content.decode()
    alice.post(DELIVERIES, {"action": "send_again", "_selected_action": [str(delivery.id)]})
    with scope(cast.tenant.id):
        delivery.refresh_from_db()
        before = endpoint.secret
        assert (delivery.state, delivery.attempts, len(started)) == ("waiting", 0, 2)
    alice.post(HOOKS, {"action": "renew_secret", "_selected_action": [str(endpoint.id)]})
    with scope(cast.tenant.id):
        endpoint.refresh_from_db()
    assert (endpoint.secret != before, endpoint.previous_secret) == (True, before)


def test_a_secret_is_no_matter_of_who_runs_the_installation(cast: Cast) -> None:
    with scope(cast.tenant.id):
        endpoint = WebhookEndpoint.objects.get()
    with unscoped_directory(reason="test"):
        root = User.objects.create_user("root@evosense.example", PASSWORD, name="Root")
    runs = open_admin(root)
    runs.get(f"/admin/core/tenant/{cast.tenant.id}/work-in", follow=True)
    page = runs.get(f"{HOOKS}{endpoint.id}/change/").content.decode()
    assert ("whsec_…" in page, endpoint.secret in page) == (True, False)
    # Nor may they have a tenant's reports sent to themselves.
    form = {"url": "https://elsewhere.example/hook", "kinds": ["report.ready"], "is_active": "on"}
    assert [runs.post(f"{HOOKS}{page}/", form).status_code for page in ("add", f"{endpoint.id}/change")] == [403, 403]


def test_a_scheduled_question(cast: Cast, alice: Client, settings: Settings) -> None:
    form: dict[str, Any] = {
        "user": str(cast.alice.id), "question": "Como foi a semana?", "rhythm": "weekly", "weekday": "0", "month_day": "1", "hour": "8",
        "minute": "30", "cron": "", "roads": ["email"], "is_active": "on",
    }  # fmt: skip
    refused = alice.post(f"{QUESTIONS}add/", form).content.decode()
    assert "EMAIL_HOST" in refused
    settings.EMAIL_HOST = "mail.example"
    assert alice.post(f"{QUESTIONS}add/", form | {"user": str(cast.charlie.id)}).status_code == 200
    assert alice.post(f"{QUESTIONS}add/", form | {"user": str(cast.bob.id)}).status_code == 200  # an operator asks nothing
    assert "At most 24 times a day" in alice.post(f"{QUESTIONS}add/", form | {"rhythm": "cron", "cron": "* * * * *"}).content.decode()
    alice.post(f"{QUESTIONS}add/", form)
    with scope(cast.tenant.id):
        row = ScheduledQuestion.objects.get(question="Como foi a semana?")
        assert row.next_at is not None
        local = row.next_at.astimezone(cast.tenant.zone)
        assert (local.weekday(), f"{local:%H:%M}", row.roads) == (0, "08:30", ["email"])
        ScheduledQuestion.objects.filter(id=row.id).update(problem="not_sent")
    assert "the mail server did not take it" in alice.get(QUESTIONS).content.decode()
