"""The stand-in gateway of the tests as a process: the product's own code imports nothing of the tests, and speaks to it over HTTP."""

import contextlib
import http.client
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from core.project.bench.processes import wait_until
from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.ports import LOOPBACK, find_port

MODULE = "tests.gateway"
START_SECONDS = 30


def is_here() -> bool:
    """Whether this checkout has the stand-in."""
    return (CHECKOUT / "tests" / "gateway" / "__main__.py").is_file()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A running stand-in, and what it is told to do."""

    port: int
    process_id: int

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def create_instance(self, name: str, *, token: str, owner: str) -> None:
        """A number that was paired long ago."""
        self.control("create_instance", name=name, token=token, owner=owner)

    def is_idle(self) -> bool:
        """Whether every event has come to an end."""
        return bool(self.control("show_state")["pending"] == 0)

    def control(self, action: str, **body: Any) -> Any:
        """One of the stand-in's own routes. Raises RuntimeError where it refuses, OSError where it does not answer."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("POST", f"/__control__/{action}", body=json.dumps(body))
            answer = connection.getresponse()
            text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"the stand-in refused to {action}: {answer.status} {text[:200]!r}")
        return json.loads(text)


@contextmanager
def running_stand_in(home: Home) -> Iterator[StandIn]:
    """A stand-in that remembers nothing of an earlier one; killed at the end."""
    port, state = find_port(), home.run / "stand-in"
    shutil.rmtree(state, ignore_errors=True)
    arguments = [sys.executable, "-m", MODULE, "--port", str(port), "--state", str(state)]
    with home.get_log("stand-in").open("wb") as log:
        process = subprocess.Popen(arguments, cwd=CHECKOUT, stdout=log, stderr=subprocess.STDOUT)
    stand_in = StandIn(port=port, process_id=process.pid)
    try:
        wait_until(lambda: process.poll() is not None or _answers(stand_in), seconds=START_SECONDS, what="the stand-in gateway")
        if process.poll() is not None:
            raise RuntimeError(f"the stand-in gateway ended; see {home.get_log('stand-in')}")
        yield stand_in
    finally:
        process.kill()
        process.wait()


def _answers(stand_in: StandIn) -> bool:
    try:
        return stand_in.control("show_state") is not None
    except OSError:
        return False
