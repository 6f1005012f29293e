"""The pages around the chat: the one page of the web app, what is said where it is missing, and what a browser may load."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from core.heartbeats import LISTENER, note_alive
from ingestion.tasks import task_process_waiting

PAGE = b"<!doctype html><title>EvoSense</title><script type=module src=/static/ui/a.js></script>"


@pytest.fixture
def bundle(tmp_path: Path, settings: Settings) -> Path:
    settings.UI_BUNDLE = tmp_path
    (tmp_path / "index.html").write_bytes(PAGE)
    return tmp_path


@pytest.mark.parametrize("path", ["/", "/sign-in", "/t/01a20aa3-5fc5-7e8b-afa2-02e34155e16c", "/c/01a20aa3-5fc5-7e8b-afa2-02e34155e16c"])
def test_every_address_of_the_app_gives_the_one_page_uncached(bundle: Path, client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.content, response["Cache-Control"]) == (200, PAGE, "no-cache")


def test_a_page_may_load_its_own_scripts_and_nothing_else(bundle: Path, client: Client) -> None:
    policy = dict(part.strip().split(" ", 1) for part in client.get("/")["Content-Security-Policy"].split(";") if part.strip())
    assert (policy["default-src"], policy["script-src"], policy["frame-ancestors"]) == ("'self'", "'self'", "'none'")


def test_without_a_bundle_the_page_says_what_to_run(tmp_path: Path, settings: Settings, client: Client) -> None:
    settings.UI_BUNDLE = tmp_path
    response = client.get("/", headers={"Accept-Language": "en"})
    assert response.status_code == 503
    assert "Run “make setup” in the folder of EvoSense, then reload this page." in response.content.decode()


def test_a_wrong_address_is_said_in_the_readers_language(client: Client) -> None:
    response = client.get("/nada", headers={"Accept-Language": "pt-BR"})
    assert response.status_code == 404
    assert "Não há nada neste endereço" in response.content.decode()


def test_every_reply_names_its_request_and_takes_the_callers_name_only_where_it_is_plain(client: Client) -> None:
    assert client.get("/health/live", headers={"X-Request-ID": "abc-12345"})["X-Request-ID"] == "abc-12345"
    forged = client.get("/health/live", headers={"X-Request-ID": 'x"} {"level": "info'})["X-Request-ID"]
    assert len(forged) == 36


def test_health_names_each_part_and_the_one_that_is_down(bundle: Path, db: None, client: Client) -> None:
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()) == (
        200,
        {"status": "ok", "parts": {"database": "ok", "queue": "ok", "web_bundle": "ok"}},
    )
    (bundle / "index.html").unlink()
    broken = client.get("/health/ready")
    assert (broken.status_code, broken.json()["parts"]["web_bundle"]) == (503, "down")


def test_health_knows_the_parts_that_nobody_can_ask_by_their_signs_of_life(bundle: Path, db: None, client: Client) -> None:
    cache.clear()
    well = {"database": "ok", "queue": "ok", "channel_layer": "ok", "web_bundle": "ok"}
    down = client.get("/health/")
    assert (down.status_code, down.json()["parts"]) == (503, well | {"worker": "down", "listener": "down", "beat": "down"})
    note_alive(LISTENER)
    task_process_waiting()
    assert client.get("/health/").json()["parts"] == well | {"worker": "down", "listener": "ok", "beat": "ok"}
