"""Exports of one chat, recorded one after the other: grown, cut, from both phones, in other languages, edited in between."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from core.models import Channel, Conversation, Message, Tenant
from core.tenancy import scope, unscoped_directory
from ingestion.exports import read_export
from ingestion.record import Recorded, record_messages
from ingestion.tests.chats import EXPORTS

LATER = datetime(2027, 1, 1, tzinfo=UTC)
NAME = "Conversa do WhatsApp com Célia.txt"
DAY = [
    "05/11/2025 09:02 - Célia: oi",
    "05/11/2025 09:02 - Célia: chegou menor",
    "05/11/2025 09:02 - Célia: oi",
    "05/11/2025 09:03 - Loja Sol: *Rita:* vou ver",
    "05/11/2025 09:03 - Loja Sol: um minuto",
    "05/11/2025 09:04 - Célia: <Mídia oculta>",
    "05/11/2025 09:05 - Célia: obrigada",
]


def record(channel: Channel, lines: list[str], *, selves: tuple[str, ...] = ("Loja Sol",)) -> tuple[int, int, int]:
    export = read_export("\n".join(lines).encode(), self_names=list(selves), time_zone="America/Sao_Paulo", name=NAME)
    is_side_sure = any(author.is_self for author in export.authors)
    return count(record_messages(channel, export.messages, is_side_sure=is_side_sure, as_of=LATER))


def count(recorded: Recorded) -> tuple[int, int, int]:
    return recorded.new, recorded.known, recorded.updated


def write_chat() -> list[str]:
    marks = {(True, False): " (edited)", (True, True): " (deleted)", (False, True): " (deleted)", (False, False): ""}
    return [
        f"{row.author[0]}:{row.kind}:{row.text}" + marks[row.is_edited, row.is_deleted]
        for row in Message.objects.order_by("sent_at", "position", "provider_id")
    ]


WHOLE = ["c:text:oi", "c:text:chegou menor", "c:text:oi", "a:text:vou ver", "a:text:um minuto", "c:unsupported:", "c:text:obrigada"]


@pytest.mark.parametrize("first", range(1, 7))
@pytest.mark.parametrize("begin", [0, 2, 5])
def test_overlapping_exports_add_what_is_new(channel: Channel, first: int, begin: int) -> None:
    told = [record(channel, DAY[:first]), record(channel, DAY[begin:]), record(channel, DAY)]
    assert [sum(numbers) for numbers in zip(*told, strict=True)] == [7, first + len(DAY) - begin, 0]
    assert (record(channel, DAY), write_chat()) == ((0, 7, 0), WHOLE)


def test_both_phones_of_one_chat(channel: Channel) -> None:
    """Android's and iOS's files in `exports/`: seven messages in common, two that only Android has and two that only iOS has."""
    told = {}
    for name in ("android_pt.txt", "ios_pt.txt"):
        messages = read_export(EXPORTS / name, self_names=["Loja Sol"], time_zone="America/Sao_Paulo").messages
        told[name] = count(record_messages(channel, messages, as_of=LATER))
    # The photo that Android hid is known by its kind and its file now.
    assert told == {"android_pt.txt": (9, 0, 0), "ios_pt.txt": (2, 7, 1)}
    photo = Message.objects.get(attachment="00000003-PHOTO-2025-11-05-09-02-40.jpg")
    assert (photo.kind, photo.text) == ("image", "a etiqueta diz 2,20 m")


def test_an_edit_between_two_exports_changes_the_message(channel: Channel) -> None:
    edited = [line.replace("um minuto", "um minutinho só <Mensagem editada>") for line in DAY]
    record(channel, DAY)
    assert record(channel, edited) == (0, 7, 1)
    assert write_chat()[4] == "a:text:um minutinho só (edited)"
    assert record(channel, edited) == (0, 7, 0)
    assert record(channel, DAY) == (0, 7, 0)
    assert write_chat()[4] == "a:text:um minutinho só (edited)"


def test_an_older_export_after_a_newer_one_takes_no_edit_back(channel: Channel) -> None:
    edited = [line.replace("um minuto", "um minutinho só <Mensagem editada>").replace("chegou menor", "Mensagem apagada") for line in DAY]
    edited[1] = "05/11/2025 09:02 - Célia: Mensagem apagada"
    assert (record(channel, edited), record(channel, DAY), record(channel, edited)) == ((7, 0, 0), (0, 7, 0), (0, 7, 0))
    assert write_chat()[1] == "c:text: (deleted)"
    assert write_chat()[4] == "a:text:um minutinho só (edited)"


def test_a_deletion_between_two_exports_empties_the_message(channel: Channel) -> None:
    deleted = [*DAY[:1], "05/11/2025 09:02 - Célia: Mensagem apagada", *DAY[2:]]
    record(channel, DAY)
    assert record(channel, deleted) == (0, 7, 1)
    assert write_chat()[:3] == ["c:text:oi", "c:text: (deleted)", "c:text:oi"]
    assert (record(channel, deleted), record(channel, DAY)) == ((0, 7, 0), (0, 7, 0))


def test_an_edit_and_new_messages_at_once(channel: Channel) -> None:
    record(channel, DAY[:5])
    edited = [line.replace("um minuto", "um minuto! <Mensagem editada>") for line in DAY]
    assert record(channel, edited) == (2, 5, 1)
    assert write_chat() == [*WHOLE[:4], "a:text:um minuto! (edited)", *WHOLE[5:]]


def test_the_wrong_self_name_is_mended_by_importing_again(channel: Channel) -> None:
    assert record(channel, DAY, selves=("Outra Loja",)) == (7, 0, 0)
    assert [line[0] for line in write_chat()] == ["c"] * 7
    assert record(channel, DAY) == (0, 7, 2)
    assert write_chat() == WHOLE
    assert Conversation.objects.get().agent is not None
    # Told again without knowing the side, nothing is forgotten.
    assert record(channel, DAY, selves=("Outra Loja",)) == (0, 7, 0)
    assert write_chat() == WHOLE


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_overlapping_files_at_once() -> None:
    """Both wait for each other at the channel, so that neither sees half of the other."""
    with unscoped_directory(reason="tests"):
        shop = Tenant.objects.create(name="Loja Sol", slug="loja-sol")
    with scope(shop.id):
        channel = Channel.objects.create(name="Balcão")
    lines = [f"05/11/2025 {9 + number // 60:02}:{number % 60:02} - Célia: mensagem {number}" for number in range(300)]
    barrier, told, errors = threading.Barrier(3), [], []

    def run(part: list[str]) -> None:
        try:
            barrier.wait(timeout=30)
            for begin in range(0, len(part), 50):
                with scope(shop.id):
                    told.append(record(channel, part[begin : begin + 50]))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(part,)) for part in (lines[:200], lines[100:], lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []
    assert sum(new for new, _, _ in told) == 300
    with scope(shop.id):
        assert [row.text for row in Message.objects.order_by("sent_at")] == [f"mensagem {number}" for number in range(300)]
        assert list(Conversation.objects.values_list("message_count", flat=True)) == [300]
