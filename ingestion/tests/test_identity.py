"""The identity of messages whose source gives none: exporting again adds nothing twice."""

from ingestion.exports import read_export
from ingestion.tests.chats import read_fixture
from ingestion.types import IncomingMessage
from ingestion.versions import Version, match_versions

DAY = [
    "05/11/2025 09:02 - Célia: oi",
    "05/11/2025 09:02 - Célia: chegou menor",
    "05/11/2025 09:02 - Célia: oi",
    "05/11/2025 09:03 - Loja Sol: *Rita:* vou ver",
    "05/11/2025 09:04 - Célia: <Mídia oculta>",
    "05/11/2025 09:05 - Célia: obrigada",
]


def read_ids(lines: list[str], *, selves: tuple[str, ...] = ("Loja Sol",), name: str = "Conversa do WhatsApp com Célia.txt") -> list[str]:
    return [message.provider_id for message in read(lines, selves=selves, name=name)]


def read(
    lines: list[str], *, selves: tuple[str, ...] = ("Loja Sol",), name: str = "Conversa do WhatsApp com Célia.txt"
) -> list[IncomingMessage]:
    return read_export("\n".join(lines).encode(), self_names=list(selves), time_zone="America/Sao_Paulo", name=name).messages


def test_every_message_has_its_own_id_and_keeps_it() -> None:
    assert len(set(read_ids(DAY))) == 6
    assert read_ids(DAY) == read_ids(DAY)


def test_an_export_that_grew_or_begins_later_repeats_the_ids() -> None:
    whole = read_ids(DAY)
    assert read_ids(DAY[:4]) == whole[:4]
    assert read_ids(DAY[3:]) == whole[3:]


def test_an_export_that_begins_within_a_minute_repeats_as_many() -> None:
    assert set(read_ids(DAY[1:])) < set(read_ids(DAY))


def test_another_chat_has_other_ids() -> None:
    other = [line.replace("Célia", "Davi") for line in DAY]
    assert set(read_ids(other, name="Conversa do WhatsApp com Davi.txt")).isdisjoint(read_ids(DAY))


def test_android_and_ios_agree() -> None:
    """The same chat from both phones of `exports/`, as far as both have the messages."""
    android, ios = read_fixture("android_pt.txt").messages, read_fixture("ios_pt.txt").messages
    assert [message.provider_id for message in android[:7]] == [message.provider_id for message in ios[:7]]


def test_the_language_of_the_phone_does_not_matter() -> None:
    english = [
        "[11/5/25, 9:04:10 AM] Célia: \u200eimage omitted",
        "[11/5/25, 9:05:20 AM] Célia: obrigada",
        "[11/15/25, 9:05:20 AM] Célia: bye",
    ]
    assert read_ids(english, name="WhatsApp Chat - Célia.zip")[:2] == read_ids(DAY)[4:]


def test_files_that_came_with_the_export_do_not_matter() -> None:
    with_media = [line.replace("<Mídia oculta>", "IMG-20251105-WA0001.jpg (arquivo anexado)\nlegenda") for line in DAY]
    assert read_ids(with_media) == read_ids(DAY)


def test_the_wrong_self_name_changes_the_side_and_no_id() -> None:
    right, wrong = read(DAY), read(DAY, selves=("Outra Loja",))
    assert [message.provider_id for message in wrong] == [message.provider_id for message in right]
    assert [message.author for message in wrong] == ["customer"] * 6
    assert [message.author for message in right] == ["customer"] * 3 + ["agent"] + ["customer"] * 2


def test_our_own_name_as_the_phone_calls_it_changes_no_id() -> None:
    assert read_ids([line.replace("Loja Sol", "Você") for line in DAY]) == read_ids(DAY)


def v(ref: str, content: str, *, author: str = "customer", slot: int = 1, mark: str = "", position: int = 0) -> Version:
    return Version(
        ref=ref,
        slot=slot,
        author=author,  # type: ignore[arg-type]
        content="deleted" if mark == "deleted" else content,
        position=position,
        is_edited=mark == "edited",
        is_deleted=mark == "deleted",
    )


def test_an_edited_message_finds_what_it_was_by_its_words() -> None:
    stored = [v("s1", "text chega amanhã cedo"), v("s2", "text quanto custa")]
    assert match_versions([v("i1", "text quanto custa o frete", mark="edited")], stored=stored) == {"i1": "s2"}


def test_a_deleted_message_finds_what_it_was_by_its_place() -> None:
    stored = [v("s1", "text a", position=0), v("s2", "text b", position=2)]
    assert match_versions([v("i1", "", mark="deleted", position=2)], stored=stored) == {"i1": "s2"}


def test_an_old_export_finds_what_its_messages_have_become() -> None:
    stored = [v("s1", "text quanto custa o frete", mark="edited"), v("s2", "", mark="deleted")]
    incoming = [v("i1", "text quanto custa"), v("i2", "text esquece")]
    assert match_versions(incoming, stored=stored) == {"i1": "s1", "i2": "s2"}


def test_the_same_version_again_is_itself() -> None:
    stored = [v("s1", "text novo", mark="edited"), v("s2", "text nova", mark="edited")]
    assert match_versions([v("i1", "text nova", mark="edited")], stored=stored) == {"i1": "s2"}


def test_nothing_is_matched_across_minutes_or_sides() -> None:
    stored = [v("s1", "text a", slot=2), v("s2", "text a", author="agent")]
    assert match_versions([v("i1", "text b", mark="edited")], stored=stored) == {}


def test_two_unchanged_messages_are_two_messages() -> None:
    assert match_versions([v("i1", "text b")], stored=[v("s1", "text a")]) == {}
