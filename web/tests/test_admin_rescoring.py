"""Re-scorings in Django admin: planned, started, compared, promoted and rolled back by a person's clicks; and who agrees with whom."""

import pytest
from celery import current_app
from django.test import Client

from core.models import Conversation, ConversationAnalysis, Correction, ReScoring
from core.tenancy import scope
from ingestion.analyse import analyse_waiting
from ingestion.tests.quick import QuickAnalyser, fill, install
from ingestion.updates import take_step
from tests.cast import NOON, Cast

LIST = "/admin/core/rescoring/"
TEN = ["ótimo, entrega perfeita"] * 4 + ["que demora, pix não caiu"] * 3 + ["ruim demais"] * 2 + ["bom dia"]


@pytest.fixture
def alice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The administrator of Casa Lua, whose ten conversations version 1 of the rule has read; version 2 is installed too."""
    with scope(cast.tenant.id):
        Conversation.objects.all().delete()
    fill(cast.tenant, TEN)
    old, new = QuickAnalyser(version="1"), QuickAnalyser(version="2")
    analyse_waiting(cast.tenant.id, old)
    install(monkeypatch, old, new)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.alice, backend="core.sign_in.EmailBackend")
    return client


def get_run(cast: Cast) -> ReScoring:
    with scope(cast.tenant.id):
        return ReScoring.objects.exclude(analyser="test").get()


def test_a_person_plans_starts_compares_promotes_and_rolls_back(cast: Cast, alice: Client) -> None:
    assert "Tell the cost" in alice.get(f"{LIST}plan/").content.decode()
    assert "A sample is being read" in alice.post(f"{LIST}plan/", follow=True).content.decode()
    # The worker's part.
    assert current_app.tasks["ingestion.tasks.task_plan_rescoring"](str(cast.tenant.id), str(cast.alice.id)) is None
    run = get_run(cast)
    assert (run.user_id, run.conversations, run.state) == (cast.alice.id, 10, "planned")
    page = f"{LIST}{run.id}/change/"
    shown = alice.get(page).content.decode()
    assert [button in shown for button in ("Start reading", "Pause", "Let the new version count", "Roll back")] == [
        True,
        False,
        False,
        True,
    ]

    def press(deed: str) -> str:
        return str(alice.post(f"{LIST}{run.id}/do/{deed}/", follow=True).content.decode())

    def work() -> str:
        while take_step(cast.tenant.id):
            pass
        return str(alice.get(page).content.decode())

    assert "does not fit the state" in press("promote")
    assert "Running" in press("start")
    assert alice.get(f"{LIST}{run.id}/do/pause/").status_code == 302  # a link does nothing: only a press does
    assert get_run(cast).state == "running"
    done = work()
    assert ("10 / 10 (100 %)" in done, "3 → 1: 3" in done, "3.40 → 2.80" in done) == (True, True, True)
    assert f'href="/c/{get_run(cast).comparison["flips"]["satisfaction"][0]["examples"][0]}"' in done
    assert "Being promoted" in press("promote")
    assert "Promoted" in work()
    with scope(cast.tenant.id):
        assert set(ConversationAnalysis.objects.filter(is_current=True).values_list("analyser_version", flat=True)) == {"2"}
    assert "Being rolled back" in press("roll-back")
    assert "Rolled back" in work()
    with scope(cast.tenant.id):
        assert set(ConversationAnalysis.objects.filter(is_current=True).values_list("analyser_version", flat=True)) == {"1"}


def test_another_tenants_re_scoring_is_not_there(cast: Cast, alice: Client) -> None:
    with scope(cast.other_tenant.id):
        theirs = ReScoring.objects.get()
    assert alice.post(f"{LIST}{theirs.id}/do/start/").status_code == 404
    assert alice.get(f"{LIST}nonsense/change/").status_code == 302
    bob = Client()
    bob.force_login(cast.bob, backend="core.sign_in.EmailBackend")
    assert bob.post(f"{LIST}{theirs.id}/do/start/").status_code == 302


def test_the_agreement_of_people_and_analyser_is_told_month_by_month(cast: Cast, alice: Client) -> None:
    page = "/admin/core/correction/agreement/"
    assert "nobody has corrected" in alice.get(page).content.decode()
    with scope(cast.tenant.id):
        Correction.objects.create(
            conversation=Conversation.objects.order_by("started_at")[8], made_at=NOON, satisfaction=2, revision=1, analyser="quick",
            analyser_version="1", machine_score=1.4, machine_is_resolved=False, comment="nem tanto",
        )  # fmt: skip
    shown = alice.get(page).content.decode()
    assert ("September 2026" in shown, "<td>1</td><td>0.0</td><td>0.6</td>" in shown) == (True, True)
    assert "1.4" in alice.get("/admin/core/correction/").content.decode()
