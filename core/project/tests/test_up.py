"""`evosense up` and `evosense demo` refuse to start on what can't work, and say why."""

import socket

import pytest
from click.testing import CliRunner

from core.project.commands.demo import get_address
from core.project.commands.up import command, find_unconfigured
from core.project.foreground import Foreground, StartError
from core.project.testing import HOME

KEY = "k" * 50
DATABASE_LINE = "DATABASE_URL is not set: PostgreSQL with pgvector, as the application's role: postgresql://user:password@host:port/name"
REDIS_LINE = "REDIS_URL is not set: Redis or Valkey: redis://:password@host:port"
HINT = "at least 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({}, [DATABASE_LINE, REDIS_LINE, f"SECRET_KEY is not set: {HINT}"]),
        ({"DATABASE_URL": "x", "REDIS_URL": "", "SECRET_KEY": KEY}, [REDIS_LINE]),
        ({"DATABASE_URL": "x", "REDIS_URL": "y", "SECRET_KEY": "short"}, [f"SECRET_KEY is too short (5 characters): {HINT}"]),
        ({"DATABASE_URL": "x", "REDIS_URL": "y", "SECRET_KEY": KEY}, []),
    ],
)
def test_what_is_not_configured_is_listed(environment: dict[str, str], missing: list[str]) -> None:
    assert find_unconfigured(environment) == missing


def test_up_refuses_with_that_list() -> None:
    result = CliRunner().invoke(command, [], env={"DATABASE_URL": None, "REDIS_URL": None, "SECRET_KEY": KEY})
    assert result.exit_code == 1
    assert result.output == (
        f"Error: EvoSense is not configured:\n  {DATABASE_LINE}\n  {REDIS_LINE}\n  docs/settings.md lists every setting.\n"
    )


def test_a_busy_port_is_named_with_the_way_out() -> None:
    foreground = Foreground(HOME, environment={})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError) as raised:
            foreground.check_port("127.0.0.1", port)
    assert str(raised.value) == f"Port {port} is in use by another program. Stop that one, or choose another: --port {port + 1}"
    foreground.check_port("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://localhost:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
    ],
)
def test_the_address_to_open(host: str, address: str) -> None:
    assert get_address(host, 8000) == address
