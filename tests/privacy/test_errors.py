"""What fails tells what it failed at, and often in somebody's words: no log line, no mail and no traceback repeats them bare."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, override_settings

from ingestion.tasks import task_rescore_waiting
from tests.privacy.places import hear_logs

TEXT = "meu cpf é 550.090.028-50 e o zap (11) 99471-6877"
MASKED = "meu cpf é [CPF] e o zap [telefone]"


@pytest.fixture
def logged() -> Iterator[list[str]]:
    with hear_logs() as lines:
        yield lines


def fail(*_: object, **__: object) -> None:
    raise RuntimeError(TEXT)


def find_errors(lines: list[str]) -> list[str]:
    return [line for line in lines if json.loads(line)["level"] == "error"]


def test_a_request_that_fails(logged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where somebody's address is set as that of an admin, to whom Django would mail everything that was posted."""
    monkeypatch.setattr("web.hooks.read_hook_token", fail)
    with override_settings(ADMINS=[("Ana", "ana@loja.example")], DEBUG=False):
        answered = Client(raise_request_exception=False).post(
            "/hooks/evolution/abc", json.dumps({"text": TEXT}), content_type="application/json"
        )
    assert answered.status_code == 500
    assert MASKED not in answered.content.decode() and TEXT not in answered.content.decode()
    (line,) = find_errors(logged)
    assert f"RuntimeError: {MASKED}" in line
    assert not any("550.090" in line or "99471" in line for line in logged)
    assert mail.outbox == []


def test_a_task_that_fails(logged: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.tasks._find_tenant_ids", fail)
    assert task_rescore_waiting.apply().failed()
    (line,) = find_errors(logged)
    assert f"RuntimeError('{MASKED}')" in line
    assert not any("550.090" in line or "99471" in line for line in logged)


@pytest.mark.parametrize("way", ["raise RuntimeError(text)", "t = threading.Thread(target=lambda: int(text)); t.start(); t.join()"])
def test_what_nobody_catches(way: str) -> None:
    code = f"import threading\nfrom core.project.logs import configure_logs\nconfigure_logs('INFO')\ntext = {TEXT!r}\n{way}"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Traceback (most recent call last)" in ended.stderr
    assert MASKED in ended.stderr
    assert "99471" not in ended.stderr.replace(repr(TEXT), "")


def test_postgresql_logs_no_statement_that_fails(db: None) -> None:
    """A statement that fails holds the text that was to be stored, and the detail of the failure its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')")
        assert cursor.fetchone() == ("panic", "terse")
