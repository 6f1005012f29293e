"""One customer is one contact and one chat, whichever of their ids a message carries."""

from typing import Any

import pytest

from core.models import Channel, Contact, ContactIdentity, ContactMerge, Conversation, Message
from ingestion.evolution.types import ContactSeen
from ingestion.identities import link_contacts
from ingestion.record import record_messages
from ingestion.tests.live import LATER, take_in, tell, write_chats, write_identities

PHONE, SHORT, LID = "5531988887777", "553188887777", "123456789012345"
BY_PHONE: dict[str, Any] = {"chat": PHONE}
BY_SHORT: dict[str, Any] = {"chat": SHORT}
BY_LID: dict[str, Any] = {"chat": f"lid:{LID}"}
BY_BOTH: dict[str, Any] = {"chat": PHONE, "chat_lid": LID}
BY_LID_AND_SENDER: dict[str, Any] = {"chat": f"lid:{LID}", "sender_phone": SHORT}
ONE = [f"maria: lid {LID}, phone {PHONE}"]


# What versions of the gateway tell, one after the other, and the key of the one chat that comes of it (facts.md §4.7).
@pytest.mark.parametrize(
    ("ways", "chat_key", "merges"),
    [
        ([BY_LID, BY_LID], f"lid:{LID}", 0),  # ≤ 2.3.0: no phone is known
        ([BY_LID_AND_SENDER, BY_LID_AND_SENDER], PHONE, 0),  # 2.3.1–2.3.4: `senderPn`
        ([BY_BOTH, BY_BOTH], PHONE, 0),  # 2.3.5–2.3.6: `remoteJidAlt`; 2.4: the other way round
        ([BY_PHONE, BY_PHONE], PHONE, 0),  # 2.3.7: the `@lid` is lost
        ([BY_LID, BY_BOTH], f"lid:{LID}", 0),  # the gateway is updated: the chat goes on
        ([BY_LID, BY_BOTH, BY_PHONE, BY_LID], f"lid:{LID}", 0),
        ([BY_PHONE, BY_BOTH, BY_LID], PHONE, 0),
        ([BY_SHORT, BY_PHONE, BY_BOTH, BY_LID], PHONE, 0),
        ([BY_PHONE, BY_LID, BY_BOTH], PHONE, 1),  # two contacts, until the link is told
        ([BY_LID, BY_PHONE, BY_LID, BY_BOTH, BY_SHORT], f"lid:{LID}", 1),
    ],
)
def test_one_customer_has_one_chat(channel: Channel, ways: list[dict[str, Any]], chat_key: str, merges: int) -> None:
    for number, way in enumerate(ways):
        record_messages(channel, [tell(number, "c", str(number), id=f"m{number}", chat_name="maria", **way)], as_of=LATER)
    assert write_chats() == [f"{chat_key} | maria | {' / '.join(f'c:{number}' for number in range(len(ways)))}"]
    assert ContactMerge.objects.count() == merges
    assert Message.objects.values("contact").distinct().count() == 1
    # The same in one batch: a chat that is known by its phone is called by it.
    Message.objects.all().delete()
    Conversation.objects.all().delete()
    ContactIdentity.objects.all().delete()
    batch = [tell(number, "c", str(number), id=f"m{number}", chat_name="maria", **way) for number, way in enumerate(ways)]
    record_messages(channel, batch, as_of=LATER)
    only_lid = all(way is BY_LID for way in ways)
    assert [line.split(" | ")[0] for line in write_chats()] == [f"lid:{LID}" if only_lid else PHONE]


def test_both_forms_of_a_brazilian_phone_are_one(channel: Channel) -> None:
    """Also where the form without the ninth digit was stored by an earlier import, and even where both were."""
    old = Contact.objects.create(name="Maria")
    ContactIdentity.objects.create(contact=old, channel=channel, kind="phone", value=SHORT)
    record_messages(channel, [tell(0, "c", "a", chat=PHONE), tell(1, "a", "b", chat=SHORT)], as_of=LATER)
    assert (write_identities(), [line.split(" | ")[0] for line in write_chats()]) == ([f"Maria: phone {SHORT}"], [SHORT])
    other = Contact.objects.create(name="Maria A.")
    ContactIdentity.objects.create(contact=other, channel=channel, kind="phone", value=PHONE)
    record_messages(channel, [tell(2, "c", "c", chat=PHONE)], as_of=LATER)
    assert write_chats() == [f"{SHORT} | Maria | c:a / a:b / c:c"]
    assert ContactMerge.objects.get().kept == old


def test_a_landline_and_another_area_are_other_people(channel: Channel) -> None:
    record_messages(channel, [tell(0, "c", chat=key) for key in ("553133334444", "5531933334444", "552188887777", SHORT)], as_of=LATER)
    assert Contact.objects.count() == 4


def test_a_link_merges_two_contacts_and_tells_their_conversations(channel: Channel) -> None:
    take_in(channel, [tell(0, "c", "oi", chat=PHONE), tell(5, "a", "olá", chat=PHONE)])
    take_in(channel, [tell(3, "c", "alguém?", chat=f"lid:{LID}")])
    assert write_chats() == [f"{PHONE} | {PHONE} | c:oi / a:olá", f"lid:{LID} | {LID} | c:alguém?"]
    recorded = link_contacts(channel, [ContactSeen(phone=SHORT, lid=LID, name="maria")], as_of=LATER)
    assert write_chats() == [f"{PHONE} | maria | c:oi / c:alguém? / a:olá"]
    assert write_identities() == ONE
    conversation = Conversation.objects.get()
    assert (recorded.conversation_ids, conversation.message_count, conversation.first_response_seconds) == ({conversation.id}, 3, 300)
    assert link_contacts(channel, [ContactSeen(phone=PHONE, lid=LID)], as_of=LATER).conversation_ids == set()


def test_a_link_that_comes_before_any_message_is_kept(channel: Channel) -> None:
    take_in(channel, [ContactSeen(phone=PHONE, lid=LID, name="maria")])
    take_in(channel, [tell(0, "c", "a", chat=f"lid:{LID}")])
    take_in(channel, [tell(1, "c", "b", chat=PHONE)])
    assert (write_chats(), write_identities()) == ([f"{PHONE} | maria | c:a / c:b"], ONE)


def test_a_message_told_under_phone_and_lid_links_them(channel: Channel) -> None:
    """2.3.7 loses the `@lid` in the event and has it in what is read back: the id of the message shows whose both are."""
    take_in(channel, [tell(0, "c", "a", id="1", chat=PHONE, chat_name="maria")])
    take_in(channel, [tell(9, "c", "b", id="2", chat=f"lid:{LID}")])
    take_in(channel, [tell(0, "c", "a", id="1", chat=f"lid:{LID}", source="recovered")])
    assert (write_chats(), write_identities()) == ([f"{PHONE} | maria | c:a / c:b"], ONE)
    assert set(Message.objects.values_list("source", flat=True)) == {"live"}


@pytest.mark.parametrize(
    ("told", "identities"),
    [
        # Another phone for a known `@lid`, another `@lid` for a known phone: nothing is linked by itself.
        ([("5511911112222", LID), ("5511933334444", LID)], [f"phone 5511911112222, lid {LID}", "phone 5511933334444"]),
        ([("5511911112222", LID), ("5511911112222", "9" * 15)], [f"phone 5511911112222, lid {LID}"]),
        # Our own number beside every customer's `@lid`, as for messages typed on the phone.
        ([("5511900000003", LID), ("5511900000003", "9" * 15)], ["phone 5511900000003"]),
    ],
)
def test_what_looks_mislabelled_links_nobody(channel: Channel, told: list[tuple[str, str]], identities: list[str]) -> None:
    channel.phone = "5511900000003"
    channel.save()
    batch = [tell(number, "c", chat=phone, chat_lid=lid, id=str(number)) for number, (phone, lid) in enumerate(told)]
    take_in(channel, batch)
    written = [", ".join(sorted(line.split(": ")[1].split(", "), reverse=True)) for line in write_identities()]
    assert sorted(written) == sorted(identities)
    assert Conversation.objects.count() == len({phone for phone, _ in told})


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["", "Você"], PHONE),
        (["Você", "maria"], "maria"),
        (["maria", PHONE, "Você", "", "998877"], "maria"),
        (["998877", "❤️"], "❤️"),
        (["+55 31 98888-7777", "Maria A."], "Maria A."),
    ],
)
def test_a_name_in_words_beats_numbers_and_we_are_nobodys_name(channel: Channel, names: list[str], name: str) -> None:
    for number, one in enumerate(names):
        take_in(channel, [tell(number, "a" if one == "Você" else "c", chat=PHONE, chat_name=one)])
    assert Contact.objects.get().name == name


def test_people_in_groups_are_the_same_people(channel: Channel) -> None:
    group: dict[str, Any] = {"chat": "1203630@g.us", "is_group": True, "chat_name": "Prédio"}
    take_in(channel, [tell(0, "c", "a", id="1", sender_lid=LID, sender_name="maria", **group)])
    take_in(channel, [tell(1, "c", "b", id="2", sender_phone=SHORT, sender_lid=LID, sender_name="maria", **group)])
    take_in(channel, [tell(2, "c", "c", id="3", chat=PHONE), tell(3, "c", "d", id="4", chat=f"lid:{LID}")])
    assert write_identities() == sorted(["Prédio: name 1203630@g.us", *ONE])
    assert write_chats() == ["1203630@g.us | Prédio | c:a / c:b", f"{PHONE} | maria | c:c / c:d"]
    assert set(Message.objects.values_list("contact__name", flat=True)) == {"maria"}


def test_somebody_known_from_a_group_by_lid_alone_gets_a_chat(channel: Channel) -> None:
    group: dict[str, Any] = {"chat": "1203630@g.us", "is_group": True}
    take_in(channel, [tell(0, "c", "a", id="1", sender_lid=LID, sender_name="maria", **group)])
    take_in(channel, [tell(1, "c", "b", id="2", chat=f"lid:{LID}")])
    take_in(channel, [tell(2, "c", "c", id="3", chat=PHONE, chat_lid=LID)])
    assert write_chats() == ["1203630@g.us | 1203630@g.us | c:a", f"lid:{LID} | maria | c:b / c:c"]
