"""What a provider's every fault comes to: the table of docs/providers.md, line by line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core.ai.chain import Outcome, run_chain
from core.ai.guard import Guard
from core.ai.providers import ProviderConfig, make_chat_model, make_model_analyser, make_model_embedder
from core.ai.roles import ChatMessage, MessageInput
from tests.model_servers.faults import FAULTS, Fault
from tests.model_servers.n8n import FakeN8n
from tests.model_servers.ollama import FakeOllama
from tests.model_servers.planning import phrase_small, plan_small, speak_small
from tests.model_servers.server import HELD_SECONDS, ModelServer
from tests.model_servers.workflow import CHECKOUT

# Seconds that a call may take: few where the fault is that nothing comes, elsewhere as many as a busy machine may need.
WAITING, TIMEOUT, PATIENT = ("hangs", "drips_headers", "drips_body"), 0.3, 10.0
# Longer than a server holds back its reply: of the two ways to end a call, only its own time-out comes to "timeout".
CHAIN_SECONDS = 6 * HELD_SECONDS
Work = Callable[[ProviderConfig, Guard], object]


def read_table() -> dict[str, list[str]]:
    """Fault → the cells of its line."""
    text = (CHECKOUT / "docs" / "providers.md").read_text(encoding="utf-8")
    lines = text[text.index("### What a provider does") :].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in rows}


def analyse(config: ProviderConfig, guard: Guard) -> object:
    return make_model_analyser(config, meter=guard).analyse_messages([MessageInput(text="que absurdo")])


def embed(config: ProviderConfig, guard: Guard) -> object:
    return make_model_embedder(config, meter=guard).embed_passages(["que absurdo", "obrigada"])


def plan(config: ProviderConfig, guard: Guard) -> object:
    return plan_small(make_chat_model(config, meter=guard))


def phrase(config: ProviderConfig, guard: Guard) -> object:
    return phrase_small(make_chat_model(config, meter=guard))


@contextmanager
def running(kind: str, fault: Fault) -> Iterator[tuple[ModelServer, str]]:
    server: FakeOllama | FakeN8n = FakeOllama(mind=speak_small) if kind == "ollama" else FakeN8n(mind=speak_small)
    with server:
        server.fault = fault
        yield server, server.url if isinstance(server, FakeOllama) else server.hook_url


COLUMNS: tuple[tuple[str, str, Work], ...] = (
    ("ollama", "qwen3:4b", analyse),
    ("ollama", "qwen3:4b", plan),
    ("ollama", "qwen3:4b", phrase),
    ("ollama", "qwen3-embedding:0.6b", embed),
    ("n8n", "", analyse),
    ("n8n", "", plan),
    ("n8n", "", phrase),
)


def test_the_table_holds_every_fault() -> None:
    assert tuple(read_table()) == FAULTS
    assert {len(cells) for cells in read_table().values()} == {len(COLUMNS)}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_line_of_the_table(fault: Fault, valkey_url: str) -> None:
    found = []
    timeout = TIMEOUT if fault in WAITING else PATIENT
    for place, (kind, model, work) in enumerate(COLUMNS):
        with running(kind, fault) as (_, url):
            config = ProviderConfig(kind=kind, base_url=url, model=model, timeout_seconds=timeout, id=f"{fault}-{place}")  # type: ignore[arg-type]
            outcome: Outcome[object] = run_chain("behaviour", [config], work, role="test", seconds=CHAIN_SECONDS)
        found.append("answers" if outcome.value is not None else outcome.skipped[0].reason)
    assert found == read_table()[fault]


def test_a_chat_model_streams_piece_by_piece_and_each_is_waited_for_within_the_whole() -> None:
    with FakeOllama() as server:
        chat = make_chat_model(ProviderConfig(kind="ollama", base_url=server.url, model="qwen3:4b", timeout_seconds=5))
        assert list(chat.stream([ChatMessage(role="user", text="oi")])) == ["ok"]
