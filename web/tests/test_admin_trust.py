"""The audit, thumbs and verified questions in Django admin: read by a company's administrator, changed by nobody, masked for others."""

import pytest
from django.test import Client

from assistant.models import AuditEntry, Feedback, VerifiedQuestion
from core.models import User
from core.tenancy import scope, unscoped_directory
from tests.cast import Cast
from web.admin_scope import SESSION_KEY

ASKED = "Como está a satisfação de quem liga do +55 11 98888-7777?"
PAGES = {"auditentry": AuditEntry, "feedback": Feedback, "verifiedquestion": VerifiedQuestion}


def open_admin(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend="core.sign_in.EmailBackend")
    return client


@pytest.fixture
def asked(cast: Cast) -> Cast:
    """Alice's question has a customer's phone in it."""
    with scope(cast.tenant.id):
        AuditEntry.objects.update(question=ASKED, plan={"intent": "metric"}, rows_read=7)
        Feedback.objects.update(comment="o cliente Mariana <b>não</b> ligou")
        VerifiedQuestion.objects.update(question=ASKED, state="broken", problems=[{"code": "gone", "what": "Norte"}])
    return cast


def test_an_administrator_reads_them_and_changes_nothing(asked: Cast) -> None:
    alice = open_admin(asked.alice)
    for name, model in PAGES.items():
        with scope(asked.tenant.id):
            row = model._default_manager.get()
        listed = alice.get(f"/admin/assistant/{name}/").content.decode()
        shown = alice.get(f"/admin/assistant/{name}/{row.pk}/change/").content.decode()
        assert ASKED in listed, name
        assert ASKED in shown, name
        assert '<input type="submit"' not in shown
        assert alice.get(f"/admin/assistant/{name}/add/").status_code == 403
        may_delete = alice.post(f"/admin/assistant/{name}/{row.pk}/delete/", {"post": "yes"}).status_code
        assert may_delete == (302 if model is VerifiedQuestion else 403)
    with scope(asked.tenant.id):
        assert (AuditEntry.objects.count(), Feedback.objects.count(), VerifiedQuestion.objects.count()) == (1, 1, 0)


def test_they_are_filtered_and_what_people_wrote_is_escaped(asked: Cast) -> None:
    alice = open_admin(asked.alice)
    assert "&lt;b&gt;não&lt;/b&gt;" in alice.get("/admin/assistant/feedback/?is_good__exact=0&reason__exact=number").content.decode()
    assert ASKED not in alice.get("/admin/assistant/feedback/?is_good__exact=1").content.decode()
    assert ASKED not in alice.get("/admin/assistant/auditentry/?status__exact=failed").content.decode()
    assert "It is not there any more: Norte." in alice.get("/admin/assistant/verifiedquestion/?state__exact=broken").content.decode()


def test_whoever_runs_the_installation_sees_them_masked(asked: Cast) -> None:
    with unscoped_directory(reason="tests"):
        root = User.objects.create_user("root@evosense.example", name="Root", role="admin")
    client = open_admin(root)
    session = client.session
    session[SESSION_KEY] = str(asked.tenant.id)
    session.save()
    for name in PAGES:
        page = client.get(f"/admin/assistant/{name}/").content.decode()
        assert "Como está a satisfação de quem liga do" in page, name
        assert "98888-7777" not in page
