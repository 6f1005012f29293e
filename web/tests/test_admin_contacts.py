"""Contacts in Django admin: found by name and phone, merged two by two, and parted again."""

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core.models import Channel, Contact, ContactIdentity, ContactMerge, Message
from core.tenancy import scope
from ingestion.record import record_messages
from ingestion.tests.live import tell, write_chats
from tests.cast import Cast

LIST, MERGES = "/admin/core/contact/", "/admin/core/contactmerge/"
PHONE, LID = "5531988880001", "123456789012345"


@pytest.fixture
def alice(cast: Cast) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.alice, backend="core.sign_in.EmailBackend")
    return client


@pytest.fixture
def pair(cast: Cast) -> list[uuid.UUID]:
    """Two contacts who are one customer: ids, the one known longer first."""
    with scope(cast.tenant.id):
        channel = Channel.objects.create(name="Vendas")
        record_messages(channel, [tell(0, "c", "a", chat=PHONE, chat_name="Bia")])
        record_messages(channel, [tell(1, "c", "b", chat=f"lid:{LID}", chat_name="Bia")])
        return [ContactIdentity.objects.get(channel=channel, value=value).contact_id for value in (PHONE, LID)]


def merge(client: Client, ids: list[uuid.UUID]) -> str:
    answer = client.post(LIST, {"action": "merge_two", "_selected_action": ids}, follow=True)
    return str(answer.content.decode())


def test_the_list_shows_names_and_phones_and_finds_both(alice: Client, pair: list[uuid.UUID]) -> None:
    page = alice.get(LIST).content.decode()
    assert ("Bia" in page, "+55 31 98888-0001" in page, "Mariana Alves" in page) == (True, True, True)
    found = alice.get(LIST, {"q": "988880001"}).content.decode()
    assert (str(pair[0]) in found, str(pair[1]) in found, "Mariana" in found) == (True, False, False)


def test_two_are_merged_and_parted_again(cast: Cast, alice: Client, pair: list[uuid.UUID]) -> None:
    assert "one contact now" in merge(alice, pair[::-1])
    with scope(cast.tenant.id):
        made = ContactMerge.objects.get(kept_id=pair[0], merged_id=pair[1])
        assert write_chats()[1:] == [f"{PHONE} | Bia | c:a / c:b"]
    assert str(pair[1]) not in alice.get(LIST).content.decode()
    assert "1 conversations with 1 messages" in alice.get(f"{MERGES}{made.id}/change/").content.decode()
    undo = f"{MERGES}{made.id}/undo/"
    asked = alice.get(undo)
    assert (asked.status_code, "two people?" in asked.content.decode()) == (200, True)
    with scope(cast.tenant.id):
        assert ContactMerge.objects.get(id=made.id).undone_at is None
    assert "have back what was theirs" in alice.post(undo, follow=True).content.decode()
    with scope(cast.tenant.id):
        assert write_chats()[1:] == [f"{PHONE} | Bia | c:a", f"lid:{LID} | Bia | c:b"]
    assert "undone before" in alice.post(undo, follow=True).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_two_and_no_other_number_are_merged(cast: Cast, alice: Client, pair: list[uuid.UUID], count: int) -> None:
    with scope(cast.tenant.id):
        ids = [*pair, Contact.objects.exclude(id__in=pair).filter(identities__isnull=False)[0].id]
    assert "exactly two contacts" in merge(alice, ids[:count])
    with scope(cast.tenant.id):
        assert not ContactMerge.objects.filter(kept_id__in=pair).exists()


def test_nobody_merges_or_parts_another_tenants_contacts(cast: Cast, alice: Client, pair: list[uuid.UUID]) -> None:
    with scope(cast.other_tenant.id):
        theirs = Contact.objects.values_list("id", flat=True)[0]
        their_merge = ContactMerge.objects.get()
    assert "exactly two contacts" in merge(alice, [pair[0], theirs])
    assert alice.post(f"{MERGES}{their_merge.id}/undo/").status_code == 302
    assert alice.post(f"{MERGES}nonsense/undo/").status_code == 302
    with scope(cast.other_tenant.id):
        assert ContactMerge.objects.get().undone_at is None
    bob = Client()
    bob.force_login(cast.bob, backend="core.sign_in.EmailBackend")
    assert bob.post(LIST, {"action": "merge_two", "_selected_action": pair}).status_code == 302
    with scope(cast.tenant.id):
        assert not ContactMerge.objects.filter(kept_id__in=pair).exists()
        assert Message.objects.filter(contact_id__in=pair).values("contact").distinct().count() == 2


def test_the_list_needs_no_query_more_for_more_contacts(
    cast: Cast, alice: Client, pair: list[uuid.UUID], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with scope(cast.tenant.id):
        record_messages(Channel.objects.get(name="Vendas"), [tell(0, "c", chat=f"55319777700{number}") for number in range(10, 40)])
    with django_assert_max_num_queries(16):
        assert alice.get(LIST).status_code == 200
