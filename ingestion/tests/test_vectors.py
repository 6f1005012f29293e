"""The vectors of a chosen embedder: filled beside the embedded ones, used when they are complete, left at once when it is taken away."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import current_app
from django.core.cache import cache

from core.ai.embedded.embedder import MODEL
from core.ai.embedded.messages import hash_masked
from core.ai.guard import Guard
from core.ai.tenants import find_configs, find_search_embedder
from core.models import Message, MessageAnalysis, ProviderSetting, Tenant, TextVector, VectorSet
from core.privacy import mask
from core.tenancy import scope
from ingestion import vectors
from ingestion.tests.quick import BEGIN, fill, make_tenant
from ingestion.vectors import fill_vectors, needs_filling
from tests.model_servers.ollama import FakeOllama

CHOSEN = "ollama:qwen3-embedding:0.6b"
# 70 different texts; "bom dia" was written three times in all, and one text holds a CPF.
TEXTS = [f"pedido {number} atrasado" for number in range(68)] + ["bom dia", "meu cpf é 529.982.247-25", "bom dia", "bom dia"]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeOllama]:
    with FakeOllama() as running:
        yield running


@pytest.fixture
def shop(db: None, server: FakeOllama) -> Tenant:
    """A tenant whose messages are analysed, and who chose an embedder just now."""
    cache.clear()
    server.fault = "none"
    server.requests.clear()
    tenant = make_tenant("loja")
    fill(tenant, TEXTS)
    with scope(tenant.id):
        analyse()
        ProviderSetting.objects.create(base_url=server.url, model="qwen3-embedding:0.6b", embeds=True)
    return tenant


def analyse() -> None:
    """An analysis for each customer's message of the open scope that has none."""
    rows = Message.objects.filter(author="customer", analyses__isnull=True)
    MessageAnalysis.objects.bulk_create(
        MessageAnalysis(
            message=row, text_hash=hash_masked(mask(row.text).text), sentiment="neutral", sentiment_score=0.0, emotion="neutral",
            tone="neutral", analyser="test", analyser_version="1", analysed_at=BEGIN,
        )
        for row in rows
    )  # fmt: skip


def read_set() -> dict[str, Any]:
    return dict(VectorSet.objects.values("model", "state", "is_used", "done", "total", "problem").get())


def test_the_set_is_filled_by_pages_and_used_when_it_is_complete(shop: Tenant, server: FakeOllama) -> None:
    """A page is 64 texts; the first turn has time for one."""
    with scope(shop.id):
        assert needs_filling()
        before = find_search_embedder()
    assert before.embed("atraso")[0] == MODEL
    server.delay_seconds = 0.3
    assert fill_vectors(shop.id, seconds=0.2)
    server.delay_seconds = 0.0
    with scope(shop.id):
        assert read_set() == {"model": CHOSEN, "state": "filling", "is_used": False, "done": 64, "total": 70, "problem": ""}
        assert find_search_embedder().embed("atraso")[0] == MODEL
    assert not fill_vectors(shop.id)
    with scope(shop.id):
        assert read_set() == {"model": CHOSEN, "state": "complete", "is_used": True, "done": 70, "total": 70, "problem": ""}
        assert TextVector.objects.filter(model=CHOSEN).count() == 70
        assert not needs_filling()
        after = find_search_embedder()
    sent = [text for request in server.requests for text in request.body["input"]]
    assert (len(sent), [text for text in sent if "cpf" in text]) == (70, ["meu cpf é [CPF]"])
    name, vector = after.embed("atraso")
    assert (name, vector.shape) == (CHOSEN, (768,))
    server.fault = "error_500"
    assert after.embed("atraso")[0] == MODEL


def test_what_is_new_is_filled_in_and_what_fails_is_told_and_taken_up_again(shop: Tenant, server: FakeOllama) -> None:
    fill_vectors(shop.id)
    fill(shop, ["novidade nenhuma"], begin=BEGIN.replace(month=10))
    with scope(shop.id):
        assert not needs_filling()
        analyse()
        assert needs_filling()
    server.fault = "garbage"
    assert not fill_vectors(shop.id)
    with scope(shop.id):
        assert read_set() == {"model": CHOSEN, "state": "complete", "is_used": True, "done": 70, "total": 70, "problem": "garbage"}
        assert Guard(shop.id, find_configs("embeds")[0]).get_health().failures == 1
    server.fault = "none"
    assert not fill_vectors(shop.id)
    with scope(shop.id):
        assert read_set() == {"model": CHOSEN, "state": "complete", "is_used": True, "done": 71, "total": 71, "problem": ""}


def test_an_embedder_that_is_taken_away_leaves_searches_with_the_embedded_one(shop: Tenant) -> None:
    fill_vectors(shop.id)
    with scope(shop.id):
        ProviderSetting.objects.update(is_active=False)
        assert needs_filling()
        assert find_search_embedder().embed("atraso")[0] == MODEL
    assert not fill_vectors(shop.id)
    with scope(shop.id):
        assert (read_set()["state"], read_set()["is_used"], needs_filling()) == ("complete", False, False)
        # Chosen again, nothing is made anew.
        ProviderSetting.objects.update(is_active=True)
    fill_vectors(shop.id)
    with scope(shop.id):
        assert read_set()["is_used"]


def test_another_embedder_stops_the_one_before_and_a_message_edited_since_waits_for_its_analysis(shop: Tenant) -> None:
    with scope(shop.id):
        vectors.open_set("ollama:older")
        row = Message.objects.filter(text="pedido 0 atrasado").get()
        row.text = "outra coisa"
        row.save()
    fill_vectors(shop.id)
    with scope(shop.id):
        states = dict(VectorSet.objects.values_list("model", "state"))
        assert states == {"ollama:older": "stopped", CHOSEN: "complete"}
        assert TextVector.objects.filter(model=CHOSEN).count() == 69


def test_the_worker_finds_those_who_wait_and_only_those(shop: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tenant("outra")
    queued: list[tuple[str, ...]] = []
    monkeypatch.setattr("ingestion.tasks.queue_once", lambda name, *arguments, priority: queued.append((name, *arguments)))
    waiting = current_app.tasks["ingestion.tasks.task_fill_vectors_waiting"]
    assert waiting() == 1
    assert queued == [("ingestion.tasks.task_fill_vectors", str(shop.id))]
    assert current_app.tasks["ingestion.tasks.task_fill_vectors"](str(shop.id)) is False
    assert waiting() == 0
