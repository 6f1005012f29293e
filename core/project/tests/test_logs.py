"""Logs: one JSON object a line, with request and tenant, and nothing by which a customer could be recognised."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.test import Client

from core.project.logs import configure_logs, read_request_id
from core.sessions import begin_session
from core.tenancy import scope
from tests.cast import Cast

CPF = "529.982.247-25"
EMAIL = "mariana.alves@example.com"
PHONE = "+55 11 98888-7777"


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What our formatter writes, caught."""
    stream = StringIO()
    config = configure_logs("INFO")
    formatter = config["formatters"]["json"]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter["()"](processors=formatter["processors"], foreign_pre_chain=formatter["foreign_pre_chain"]))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)


def read(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_logged_with_its_id_tenant_and_person(cast: Cast, written: StringIO) -> None:
    client = Client(headers={"Authorization": f"Bearer {begin_session(cast.alice).access}", "X-Request-ID": "req-123456"})
    client.get("/api/v1/me")
    [entry] = [entry for entry in read(written) if entry["event"] == "request.ended"]
    assert {key: entry[key] for key in ("request_id", "tenant_id", "user_id", "method", "path", "status", "level")} == {
        "request_id": "req-123456",
        "tenant_id": str(cast.tenant.id),
        "user_id": str(cast.alice.id),
        "method": "GET",
        "path": "/api/v1/me",
        "status": 200,
        "level": "info",
    }


def test_personal_data_never_reaches_a_log_whoever_writes_it(cast: Cast, written: StringIO) -> None:
    log = structlog.get_logger("test")
    with scope(cast.tenant.id):
        log.warning("import.line_unreadable", excerpt=f"meu cpf é {CPF}, {EMAIL}", nested={"phones": [PHONE]})
    logging.getLogger("some.library").error("could not send to %s of %s", EMAIL, PHONE)
    try:
        raise ValueError(f"bad value {CPF}")
    except ValueError:
        log.exception("task.failed")
    text = written.getvalue()
    assert [word for word in (CPF, EMAIL, PHONE, "98888", "mariana.alves") if word in text] == []
    entries = read(written)
    assert len(entries) == 3
    assert entries[0]["tenant_id"] == str(cast.tenant.id)
    assert "ValueError: bad value" in str(entries[2]["exception"])


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-12345", True), ("short", False), ("", False), ("x" * 65, False), ('a"}\n{"b": "c', False), ("ação-12345", False)],
)
def test_a_request_id_is_taken_only_where_it_is_plain(given: str, kept: bool) -> None:
    assert (read_request_id(given) == given) is kept


def test_the_secret_address_of_a_webhook_is_not_logged(cast: Cast, written: StringIO) -> None:
    token = "c2VncmVkbw" * 7
    Client().post(f"/hooks/evolution/{token}/messages-upsert", "{}", content_type="application/json")
    logging.getLogger("django.request").warning("Not Found: %s", f"/hooks/evolution/{token}")
    assert token not in written.getvalue()
    assert "/hooks/evolution/[hidden]/messages-upsert" in [entry.get("path") for entry in read(written)]
