"""Merging two contacts, and taking it back: both get what was theirs, and what came since goes to whose id it carries."""

from typing import Any

import pytest

from core.models import Channel, Contact, ContactMerge, Conversation, ConversationAnalysis, Message
from ingestion.evolution.types import ContactSeen
from ingestion.merges import MergeRefusedError, merge_contacts, undo_merge
from ingestion.tests.live import LATER, NOON, react, take_in, tell, write_chats, write_everything, write_identities

PHONE, LID = "5531988887777", "123456789012345"
BY_LID = f"lid:{LID}"
DAY = 24 * 60


def find_contact(kind: str, value: str) -> Contact:
    return Contact.objects.get(identities__kind=kind, identities__value=value)


def two_people(channel: Channel) -> tuple[Contact, Contact]:
    """Monday by phone, Monday and Wednesday by lid."""
    take_in(
        channel,
        [
            tell(0, "c", "oi", chat=PHONE, chat_name="Maria"),
            tell(10, "a", "olá", chat=PHONE, agent_name="Rita"),
            tell(2 * DAY + 60, "c", "obrigada", chat=PHONE),
        ],
    )
    take_in(channel, [tell(4, "c", "chegou quebrado", chat=BY_LID), tell(2 * DAY, "c", "e agora?", chat=BY_LID)])
    return find_contact("phone", PHONE), find_contact("lid", LID)


BEFORE = [
    f"{PHONE} | Maria | c:oi / a:olá || c:obrigada",
    f"{BY_LID} | {LID} | c:chegou quebrado || c:e agora?",
]
MERGED = [f"{PHONE} | Maria | c:oi / c:chegou quebrado / a:olá || c:e agora? / c:obrigada"]


def test_a_merge_makes_one_chat_and_undoing_gives_both_back(channel: Channel) -> None:
    maria, other = two_people(channel)
    assert write_chats() == BEFORE
    before, ids = write_everything(), set(Conversation.objects.filter(contact=maria).values_list("id", flat=True))
    merge = merge_contacts(channel, maria, other, "told by a person", as_of=LATER)
    assert write_chats() == MERGED
    assert write_identities() == [f"Maria: lid {LID}, phone {PHONE}"]
    assert Conversation.objects.order_by("started_at").first().first_response_seconds == 600  # type: ignore[union-attr]
    assert (merge.moved["chat_key"], merge.moved["messages"], len(merge.moved["conversations"])) == (BY_LID, 2, 2)
    undo_merge(merge, as_of=LATER)
    assert write_chats() == BEFORE
    assert write_everything() == before
    # A conversation that both had messages in went on under the earlier one's id; the links of old answers hold.
    assert ids & set(Conversation.objects.filter(contact=maria).values_list("id", flat=True))


def test_what_came_since_goes_to_whose_id_it_carries(channel: Channel) -> None:
    maria, other = two_people(channel)
    merge = merge_contacts(channel, maria, other, "", as_of=LATER)
    take_in(channel, [tell(2 * DAY + 90, "c", "por telefone", chat=PHONE), tell(2 * DAY + 95, "c", "por lid", chat=BY_LID)])
    take_in(channel, [tell(9 * DAY, "c", "só lid", chat=BY_LID), tell(9 * DAY + 1, "a", "pois não", chat=BY_LID)])
    assert len(write_chats()) == 1
    undo_merge(merge, as_of=LATER)
    assert write_chats() == [
        f"{PHONE} | Maria | c:oi / a:olá || c:obrigada / c:por telefone",
        f"{BY_LID} | {LID} | c:chegou quebrado || c:e agora? / c:por lid || c:só lid / a:pois não",
    ]
    take_in(channel, [tell(9 * DAY + 5, "c", "de novo", chat=BY_LID), tell(9 * DAY + 6, "c", "e eu", chat=PHONE)])
    assert Message.objects.get(text="de novo").contact == other
    assert Message.objects.get(text="e eu").contact == maria


def test_a_pair_that_was_parted_is_not_merged_by_itself_again(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", "a", chat=PHONE, chat_name="Maria")])
    take_in(channel, [tell(1, "c", "b", chat=BY_LID)])
    take_in(channel, [ContactSeen(phone=PHONE, lid=LID)])
    undo_merge(ContactMerge.objects.get(), as_of=LATER)
    parted = [f"{PHONE} | Maria | c:a", f"{BY_LID} | {LID} | c:b"]
    assert write_chats() == parted
    take_in(channel, [ContactSeen(phone=PHONE, lid=LID), tell(2, "c", "c", chat=PHONE, chat_lid=LID), tell(3, "c", "d", chat=BY_LID)])
    assert write_chats() == [f"{PHONE} | Maria | c:a / c:c", f"{BY_LID} | {LID} | c:b / c:d"]
    # A person may merge them all the same.
    merge_contacts(channel, find_contact("phone", PHONE), find_contact("lid", LID), "sure now", as_of=LATER)
    assert write_chats() == [f"{PHONE} | Maria | c:a / c:b / c:c / c:d"]


def test_a_conversation_that_stays_as_it_was_is_not_analysed_again(channel: Channel) -> None:
    maria, other = two_people(channel)
    take_in(channel, [tell(20 * DAY, "c", "outra coisa", chat=BY_LID)])
    revisions = dict(Conversation.objects.values_list("id", "revision"))
    merge = merge_contacts(channel, maria, other, "", as_of=LATER)
    alone = Conversation.objects.get(started_at=tell(20 * DAY, "c", chat="").sent_at)
    assert (alone.contact, alone.chat_key, alone.revision) == (maria, PHONE, revisions[alone.id])
    undo_merge(merge, as_of=LATER)
    alone.refresh_from_db()
    assert (alone.contact, alone.chat_key, alone.revision) == (other, BY_LID, revisions[alone.id])


def test_conversations_that_began_at_the_same_instant_become_one(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", "a", chat=PHONE), tell(1, "c", "b", chat=PHONE)])
    take_in(channel, [tell(0, "c", "x", chat=BY_LID), tell(2, "c", "y", chat=BY_LID)])
    for conversation in Conversation.objects.all():
        ConversationAnalysis.objects.create(
            conversation=conversation, analyser="x", analyser_version="1", analysed_at=NOON, revision=1, satisfaction=3, score=3,
            is_resolved=False,
        )  # fmt: skip
    before = write_chats()
    merge = merge_contacts(channel, find_contact("phone", PHONE), find_contact("lid", LID), "", as_of=LATER)
    conversation = Conversation.objects.get()
    assert (conversation.message_count, conversation.revision) == (4, 2)
    undo_merge(merge, as_of=LATER)
    assert write_chats() == before


def test_the_one_that_is_kept_takes_the_better_name_and_gives_it_back(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", "a", chat=PHONE)])
    take_in(channel, [tell(1, "c", "b", chat=BY_LID, chat_name="Maria")])
    merge = merge_contacts(channel, find_contact("phone", PHONE), find_contact("lid", LID), "", as_of=LATER)
    assert write_identities() == [f"Maria: lid {LID}, phone {PHONE}"]
    undo_merge(merge, as_of=LATER)
    assert write_identities() == [f"{PHONE}: phone {PHONE}", f"Maria: lid {LID}"]


def test_a_contact_of_exported_chats_can_be_merged_with_one_of_the_live_road(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", "a", chat="Célia", chat_name="Célia", source="export")])
    take_in(channel, [tell(1, "c", "b", chat=PHONE)])
    merge = merge_contacts(channel, find_contact("phone", PHONE), find_contact("name", "Célia"), "", as_of=LATER)
    take_in(channel, [tell(2, "c", "c", chat="Célia", chat_name="Célia", source="export")])
    assert write_chats() == [f"{PHONE} | Célia | c:a / c:b / c:c"]
    undo_merge(merge, as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:b", "Célia | Célia | c:a / c:c"]


def test_merges_are_undone_from_the_last_to_the_first(channel: Channel) -> None:
    for number, chat in enumerate([PHONE, BY_LID, "Célia"]):
        take_in(channel, [tell(number, "c", str(number), chat=chat)])
    before = write_chats()
    phone, lid, name = find_contact("phone", PHONE), find_contact("lid", LID), find_contact("name", "Célia")
    first = merge_contacts(channel, lid, name, "", as_of=LATER)
    second = merge_contacts(channel, phone, lid, "", as_of=LATER)
    assert write_chats() == [f"{PHONE} | Célia | c:0 / c:1 / c:2"]
    with pytest.raises(MergeRefusedError, match="later"):
        undo_merge(first, as_of=LATER)
    undo_merge(second, as_of=LATER)
    assert write_chats() == [f"{PHONE} | {PHONE} | c:0", f"{BY_LID} | Célia | c:1 / c:2"]
    undo_merge(first, as_of=LATER)
    assert write_chats() == before
    with pytest.raises(MergeRefusedError, match="undone"):
        undo_merge(first, as_of=LATER)


def test_somebody_known_from_groups_alone_is_merged_and_parted_too(channel: Channel) -> None:
    group: dict[str, Any] = {"chat": "1203630@g.us", "is_group": True, "chat_name": "Prédio"}
    take_in(channel, [tell(0, "c", "a", id="1", sender_lid=LID, sender_name="Mari", **group)])
    take_in(channel, [tell(1, "c", "b", id="2", chat=PHONE, chat_name="Maria")])
    maria, mari = find_contact("phone", PHONE), find_contact("lid", LID)
    merge = merge_contacts(channel, maria, mari, "", as_of=LATER)
    take_in(channel, [tell(2, "c", "c", id="3", sender_lid=LID, **group), tell(3, "c", "d", id="4", chat=BY_LID)])
    assert write_chats() == ["1203630@g.us | Prédio | c:a / c:c", f"{PHONE} | Maria | c:b / c:d"]
    assert set(Message.objects.values_list("contact", flat=True)) == {maria.id}
    undo_merge(merge, as_of=LATER)
    assert write_chats() == ["1203630@g.us | Prédio | c:a / c:c", f"{PHONE} | Maria | c:b", f"{BY_LID} | Mari | c:d"]
    assert set(Message.objects.filter(contact=mari).values_list("provider_id", flat=True)) == {"1", "3", "4"}


def test_groups_nobody_and_oneself_are_refused(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", chat="1203630@g.us", is_group=True, sender_name="Bia"), tell(1, "c", chat=PHONE)])
    group, phone = find_contact("name", "1203630@g.us"), find_contact("phone", PHONE)
    for kept, merged, why in ((phone, group, "group"), (phone, phone, "same"), (phone, Contact.objects.create(name="x"), "nothing")):
        with pytest.raises(MergeRefusedError, match=why):
            merge_contacts(channel, kept, merged, "")


def test_of_two_reactions_of_one_customer_the_last_counts_once_they_are_one(channel: Channel) -> None:
    take_in(channel, [tell(0, "a", "pronto", chat=PHONE, id="1"), react(1, "c", "👍", chat=PHONE, to="1", id="r1")])
    take_in(channel, [react(2, "c", "❤️", chat=BY_LID, to="1", id="r2")])
    merge_contacts(channel, find_contact("phone", PHONE), find_contact("lid", LID), "", as_of=LATER)
    rows = Message.objects.filter(kind="reaction").order_by("sent_at").values_list("text", "is_deleted", "conversation__chat_key")
    assert list(rows) == [("", True, None), ("❤️", False, PHONE)]


def test_so_it_is_in_groups(channel: Channel) -> None:
    group: dict[str, Any] = {"chat": "1203630@g.us", "is_group": True}
    take_in(channel, [tell(0, "a", "pronto", id="1", **group), react(1, "c", "👍", to="1", id="r1", sender_phone=PHONE, **group)])
    take_in(channel, [react(2, "c", "❤️", to="1", id="r2", sender_lid=LID, **group)])
    assert Message.objects.filter(kind="reaction", conversation__isnull=False).count() == 2
    take_in(channel, [ContactSeen(phone=PHONE, lid=LID)])
    rows = Message.objects.filter(kind="reaction").order_by("sent_at").values_list("text", "is_deleted", "conversation__chat_key")
    assert list(rows) == [("", True, None), ("❤️", False, "1203630@g.us")]
