"""Proposed themes in Django admin: looked for, read, approved, merged, split, renamed, dismissed, by a tenant's administrators alone."""

import pytest
from celery import current_app
from django.test import Client
from django.utils import timezone

from core.models import ConversationAnalysis, Message, Theme, ThemeProposal, ThemeSearch
from core.tenancy import scope
from ingestion.themes.search import discover
from ingestion.themes.tests.shop import fill
from tests.cast import OUTSIDER_MARK, Cast

LIST = "/admin/core/themeproposal/"
State = ThemeProposal.State


def sign_in(user: object, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user, backend="core.sign_in.EmailBackend")  # type: ignore[arg-type]
    return client


@pytest.fixture
def alice(cast: Cast) -> Client:
    """The administrator of Casa Lua, whose customers ask for invoices and about parking; both are proposed."""
    with scope(cast.tenant.id):
        ThemeProposal.objects.all().delete()
    fill(cast.tenant, now=timezone.now())
    discover(cast.tenant.id)
    return sign_in(cast.alice)


def get(cast: Cast, name: str) -> ThemeProposal:
    with scope(cast.tenant.id):
        return ThemeProposal.objects.get(name=name, state=State.OPEN)


def press(client: Client, proposal: ThemeProposal, deed: str, **data: str) -> str:
    return str(client.post(f"{LIST}{proposal.id}/do/{deed}/", data, follow=True).content.decode())


def test_the_list_shows_what_is_proposed_with_size_words_growth_and_quotes(cast: Cast, alice: Client) -> None:
    with scope(cast.tenant.id):
        message = Message.objects.get(provider_id="a-0")
        message.text = "<script>alert(1)</script> preciso da nota fiscal, cpf 529.982.247-25"
        message.save()
    page = alice.get(LIST).content.decode()
    growth, search = (
        "6 in the last four weeks, 0 in the four before",
        "Of 16 conversations of the last 90 days without a theme, 12 are about",
    )
    assert [said in page for said in ("Nota fiscal", "Estacionamento", growth, search)] == [True] * 4
    shown = alice.get(f"{LIST}{get(cast, 'Nota fiscal').id}/change/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; preciso da nota fiscal, cpf [CPF]" in shown
    assert ("<script>alert(1)" in page + shown, "529.982" in page + shown, OUTSIDER_MARK in page + shown) == (False, False, False)


def test_approving_makes_a_theme_whose_conversations_have_it_at_once(cast: Cast, alice: Client) -> None:
    proposal = get(cast, "Nota fiscal")
    form = alice.get(f"{LIST}{proposal.id}/change/").content.decode()
    assert "vocês emitem nota fiscal no cnpj da empresa?" in form
    assert "This field is required" in press(alice, proposal, "approve", name="", examples="")
    told = press(alice, proposal, "approve", name="Nota fiscal e CNPJ", examples="cadê a nota fiscal\nnota no cnpj")
    assert "“Nota fiscal e CNPJ” is a theme now. 6 conversations have it from this moment on" in told
    assert "Conversations without a theme are compared with your list again" in told
    with scope(cast.tenant.id):
        theme = Theme.objects.get(name="Nota fiscal e CNPJ")
        assert theme.examples == ["cadê a nota fiscal", "nota no cnpj"]
        assert ConversationAnalysis.objects.filter(theme=theme).count() == 6
        assert ThemeProposal.objects.get(id=proposal.id).decided_by == cast.alice
    assert "Somebody has decided about it meanwhile" in press(alice, proposal, "dismiss")
    assert "There is a theme of that name" in press(alice, get(cast, "Estacionamento"), "approve", name="nota fiscal e cnpj", examples="")


def test_the_worker_reads_on_and_the_page_says_how_far(cast: Cast, alice: Client) -> None:
    press(alice, get(cast, "Nota fiscal"), "approve", name="Nota fiscal", examples="")
    # The conversations here were analysed by nobody that is installed: there is nothing to compare anew.
    assert current_app.tasks["ingestion.themes.tasks.task_choose_again"](str(cast.tenant.id)) is False
    with scope(cast.tenant.id):
        search = ThemeSearch.objects.get()
    assert (search.is_reading, search.read, search.to_read) == (False, 10, 10)


def test_chosen_proposals_become_one_or_go_to_a_theme(cast: Cast, alice: Client) -> None:
    both = [str(get(cast, name).id) for name in ("Nota fiscal", "Estacionamento")]
    assert "Choose at least two" in alice.post(f"{LIST}merge/", {"chosen": both[:1], "theme": ""}, follow=True).content.decode()
    told = alice.post(f"{LIST}merge/", {"chosen": both, "theme": ""}, follow=True).content.decode()
    assert "They are one proposal now" in told
    with scope(cast.tenant.id):
        [kept] = ThemeProposal.objects.filter(state=State.OPEN)
        theme = Theme.objects.get(name="Atraso na entrega")
    assert kept.size == 12
    with scope(cast.other_tenant.id):
        theirs = Theme.objects.get()
    gone = alice.post(f"{LIST}merge/", {"chosen": [str(kept.id)], "theme": str(theirs.id)}, follow=True).content.decode()
    assert "That is not there any more" in gone
    told = alice.post(f"{LIST}merge/", {"chosen": [str(kept.id)], "theme": str(theme.id)}, follow=True).content.decode()
    assert "“Atraso na entrega” has 12 conversations more from this moment on" in told
    with scope(cast.tenant.id):
        theme.refresh_from_db()
        assert len(theme.examples) == 4


def test_a_proposal_of_two_subjects_is_looked_into_and_split(cast: Cast, alice: Client) -> None:
    both = [str(get(cast, name).id) for name in ("Nota fiscal", "Estacionamento")]
    alice.post(f"{LIST}merge/", {"chosen": both, "theme": ""})
    with scope(cast.tenant.id):
        [kept] = ThemeProposal.objects.filter(state=State.OPEN)
    parts = alice.get(f"{LIST}{kept.id}/split/").content.decode()
    assert ("<h2>Nota fiscal</h2>" in parts, "<h2>Estacionamento</h2>" in parts) == (True, True)
    assert "It is 2 proposals now" in alice.post(f"{LIST}{kept.id}/split/", follow=True).content.decode()
    whole = alice.get(f"{LIST}{get(cast, 'Nota fiscal').id}/split/", follow=True).content.decode()
    assert "It holds together" in whole


def test_renamed_dismissed_and_brought_back(cast: Cast, alice: Client) -> None:
    proposal = get(cast, "Estacionamento")
    assert "It is called “Vagas” now" in press(alice, proposal, "rename", name="Vagas")
    assert "A theme needs a name" in press(alice, proposal, "rename", name=" ")
    assert "“Vagas” is not proposed any more" in press(alice, proposal, "dismiss")
    assert ("Vagas" in alice.get(LIST).content.decode(), "Vagas" in alice.get(f"{LIST}?state=dismissed").content.decode()) == (False, True)
    assert "“Vagas” is proposed again" in press(alice, proposal, "bring-back")
    assert alice.get(f"{LIST}{proposal.id}/do/dismiss/").status_code == 302  # a link does nothing: only a press does
    assert get(cast, "Vagas").id == proposal.id


def test_looking_now_is_asked_of_the_worker_and_the_page_waits_for_it(cast: Cast, alice: Client) -> None:
    told = alice.post(f"{LIST}look/", follow=True).content.decode()
    assert ("Looking through your conversations" in told, 'http-equiv="refresh"' in told) == (True, True)
    assert current_app.tasks["ingestion.themes.tasks.task_find_themes"](str(cast.tenant.id)) == 2
    assert "Looking through your conversations" not in alice.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("en", "Press “Look now”"),
        ("pt-br", "Aperte “Procurar agora”"),
        ("es", "Pulse «Buscar ahora»"),
    ],
)
def test_an_empty_list_says_what_to_do(cast: Cast, language: str, advice: str) -> None:
    with scope(cast.tenant.id):
        ThemeProposal.objects.all().delete()
        ThemeSearch.objects.all().delete()
    assert advice in sign_in(cast.alice, language).get(LIST).content.decode()
    discover(cast.tenant.id)
    looked = sign_in(cast.alice, "en").get(LIST).content.decode()
    assert "5 conversations of 3 customers" in looked


def test_nobody_else_sees_or_decides(cast: Cast, alice: Client) -> None:
    proposal = get(cast, "Nota fiscal")
    charlie, bob = sign_in(cast.charlie), sign_in(cast.bob)
    assert "Nota fiscal" in charlie.get(LIST).content.decode()  # the look-alike of their own
    for path in (f"{LIST}{proposal.id}/change/", f"{LIST}{proposal.id}/split/"):
        assert charlie.get(path).status_code == 404
        assert bob.get(path).status_code == 302
    assert charlie.post(f"{LIST}{proposal.id}/do/dismiss/").status_code == 404
    assert bob.post(f"{LIST}{proposal.id}/do/dismiss/").status_code == 302
    assert alice.get(f"{LIST}nonsense/change/").status_code == 404
    assert get(cast, "Nota fiscal").state == State.OPEN
