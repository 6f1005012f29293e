"""Values that exist once in the world go through the whole product; then everything is searched for them.

92 values of 20 kinds are written by customers and by agents, in an imported chat and in two live ones, and twelve more go by roads of
their own (`tests/privacy/planted.py`). The chats are analysed by the embedded analyser, by n8n and by Ollama, embedded, and asked about
on the web and over WhatsApp (`tests/privacy/world.py`). A value may lie where somebody wrote it, and nowhere else.
"""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from core.privacy.kinds import PLACEHOLDERS, Kind
from core.project import testing
from tests.privacy.places import find_in_database, read_valkey
from tests.privacy.planted import Finder, plant, plant_singles
from tests.privacy.world import World, play
from web.mcp.tools import ENTRIES

# Columns in which a customer's value may lie, and why.
MEANT = {
    "core_message.text": "the message itself: whoever may read the conversation reads what was written",
    "core_message.search_words": "its words as PostgreSQL finds them: made of the text, changed and deleted with it",
    "core_rawevent.body": "the inbox: what the gateway told, kept RAW_EVENT_DAYS to be read again, shown masked",
    "core_message.attachment": "the name of a file that somebody sent",
    "core_pendingchange.value": "the new words of a message that has not come yet; they become its text",
}
# Columns in which a manager's own question may lie: their thread, its audit, and what the phone told.
ASKED_IN = {
    "assistant_thread.title": "the question is the name of its thread",
    "assistant_turn.question": "the question",
    "assistant_turn.plan": "what is searched for",
    "assistant_turn.answer": "the answer repeats the question and how it was understood",
    "assistant_turnevent.data": "the same as it was told to the screen",
    "assistant_auditentry.question": "who asked what, which administrators read",
    "assistant_auditentry.plan": "how it was understood",
}
SINGLES = plant_singles()
# Of these roads no message came to be.
NO_MESSAGE = ("early edit", "unreadable line", "malformed webhook", "quoted", "file name", "pushed name")
KINDS = {one.kind for one in plant()}
BY_CUSTOMERS = [*plant(), *(one for one in SINGLES if one.road != "question")]
ASKED = [one for one in SINGLES if one.road == "question"]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, database_urls: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with django_db_blocker.unblock():
        try:
            with play(tmp_path_factory.mktemp("canary")) as world:
                yield world
        finally:
            testing.empty_tables(database_urls[1])


def find(*texts: str) -> set[str]:
    finder = Finder([*BY_CUSTOMERS, *ASKED])
    return {value for text in texts for value in finder.find(text)}


def list_placeholders(*texts: str) -> set[Kind]:
    return {kind for kind, word in PLACEHOLDERS.items() if any(word in text for text in texts)}


def test_a_customers_value_lies_in_no_column_but_those_where_it_is_meant_to(world: World, database_urls: tuple[str, str]) -> None:
    found = find_in_database(database_urls[1], Finder(BY_CUSTOMERS))
    assert {column: sorted(values)[:3] for column, values in found.items() if column not in MEANT} == {}
    # The search sees what there is: each value is found where it was written, whichever tenant's it is.
    assert sorted(found) == sorted(MEANT)
    assert found["core_message.text"] == {one.name for one in BY_CUSTOMERS if one.road not in NO_MESSAGE}
    assert found["core_pendingchange.value"] == {one.name for one in BY_CUSTOMERS if one.road == "early edit"}


def test_what_a_manager_asks_for_lies_in_the_managers_own_thread_and_its_audit(world: World, database_urls: tuple[str, str]) -> None:
    found = find_in_database(database_urls[1], Finder(ASKED))
    assert sorted(found) == sorted(ASKED_IN)


def test_every_message_was_analysed_by_the_one_that_was_meant_to(world: World) -> None:
    """23 lines by customers in each chat; and of the last one the message that was changed, as it reads now."""
    assert world.count_analyses() == {"embedded": 23, "n8n": 23, "ollama": 30}


def test_what_model_servers_were_sent_is_masked(world: World) -> None:
    assert find(*world.prompts) == set()
    assert list_placeholders(*world.prompts) == KINDS


def test_what_goes_into_the_embedded_models_is_masked(world: World) -> None:
    """The source of every vector and what moods, themes and scores are judged by: customers' lines and agents'."""
    assert find(*world.embedded, *world.judged) == set()
    assert list_placeholders(*world.embedded) == list_placeholders(*world.judged) == KINDS


def test_answers_quote_customers_masked_on_the_web_and_on_the_phone(world: World) -> None:
    assert find(*world.sent) == set()
    assert find(*world.answers) == {one.name for one in ASKED}  # the question, in its own answer
    assert len(list_placeholders(*world.answers)) > 5
    # A quote, the messages behind the answer, and the whole conversation: its last eight lines.
    assert [len(list_placeholders(words)) > 0 for words in world.sent] == [True, True, True]
    assert world.sent[-1].startswith("*Conversa com ")


def test_no_other_way_to_ask_tells_a_value(world: World) -> None:
    """The streamed answer, the socket, the search, lists and summaries of conversations, and each of MCP's tools."""
    found = {face: sorted(find(words)) for face, words in world.faces.items()}
    assert {face: values for face, values in found.items() if values} == {}
    assert {face for face in world.faces if face.startswith("mcp ")} == {f"mcp {entry.name}" for entry in ENTRIES}
    for face in ("stream", "socket", "search cpf", "search cvv", "mcp ask", "mcp search_messages"):
        assert list_placeholders(world.faces[face]), face  # something was there to be masked


def test_valkey_holds_no_value_and_tasks_carry_ids_alone(world: World, valkey_url: str) -> None:
    kept = read_valkey(valkey_url)
    assert {key: find(text) for key, text in kept.items() if find(text)} == {}
    # What waits in the queue was looked at, and the replies of models that are kept.
    assert any("ingestion.tasks.task_analyse" in text for key, text in kept.items() if key.startswith("0:"))
    assert any("sentiment" in text for key, text in kept.items() if key.startswith("2:"))


def test_no_log_tells_a_value(world: World) -> None:
    assert find(*world.logs) == set()
    assert {"conversations.analysed", "turn.answered", "request.ended"} <= {line.get("event") for line in world.read_logs()}
