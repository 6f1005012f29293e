"""`evosense demo`: what it prints, what it starts, and that nothing of it outlives it, however it ends."""

import http.client
import json
import signal
import socket
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from core.project.embedded.home import CHECKOUT, Home
from core.project.embedded.ports import find_port
from tests.e2e.demo import Demo, measure_memory, wait_until_gone

PARTS = ["beat", "demo", "postgres", "services", "valkey", "web", "worker"]
LARGEST_MEMORY_BYTES = 1_000_000_000
# Processor seconds of all processes together: unlike the clock's, they do not count what else this machine does meanwhile.
SECOND_START_PROCESSOR_SECONDS = 15


@pytest.fixture(scope="module")
def empty_demo() -> Iterator[Demo]:
    """A demo without a tenant, in a home of its own; tests start, break and stop it."""
    demo = Demo(home=Home(CHECKOUT / ".evosense" / "test" / "e2e-empty"), port=find_port(), arguments=("--no-data",))
    yield demo
    demo.stop()


def get_json(demo: Demo, path: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=60)
    connection.request("GET", path, headers={"Host": "localhost"})
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def wait_for(condition: Callable[[], bool], *, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def is_whole_without(demo: Demo, process_id: int) -> bool:
    """Whether every part runs and is healthy, none of them being the process with this id."""
    try:
        processes = demo.find_processes()
        whole = sorted(name for name in processes if " " not in name) == PARTS
        return whole and process_id not in [process.pid for process in processes.values()] and get_json(demo, "/health/")[0] == 200
    except (OSError, psutil.NoSuchProcess):
        return False


def test_it_says_where_to_open_and_how_to_sign_in(demo: Demo) -> None:
    box = [line.strip("│ ") for line in demo.printed if line.startswith("│") and line.strip("│ ")]
    assert box[1:] == [
        f"Open      {demo.address}",
        "Manager   manager@casaaurora.demo   casa-aurora-demo",
        f"Admin     admin@evosense.demo   evosense-demo   {demo.address}/admin/",
        "Ctrl-C stops everything.",
    ]


def test_every_part_is_healthy_and_the_whole_stays_below_a_gigabyte(demo: Demo) -> None:
    # The worker comes up after the page.
    assert wait_for(lambda: get_json(demo, "/health/")[0] == 200, seconds=60), get_json(demo, "/health/")
    processes = demo.find_processes()
    assert sorted(name for name in processes if " " not in name) == PARTS
    memory = measure_memory(processes)
    assert sum(memory.values()) < LARGEST_MEMORY_BYTES, memory


def test_a_second_demo_names_the_first(demo: Demo) -> None:
    second = Demo(home=demo.home, port=find_port()).spawn()
    output, _ = second.communicate(timeout=60)
    assert demo.process is not None
    assert (second.returncode, output) == (
        1,
        f"Error: The demo of this checkout runs already: {demo.address} (process {demo.process.pid}).\n",
    )


class TestLife:
    """In this order: started, broken, stopped, killed, started again."""

    def test_a_busy_port_is_named_and_nothing_is_left_running(self, empty_demo: Demo) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", empty_demo.port))
            taken.listen()
            output, _ = (process := empty_demo.spawn()).communicate(timeout=60)
        assert (process.returncode, output) == (
            1,
            f"Error: Port {empty_demo.port} is in use by another program. Stop that one, or choose another: --port {empty_demo.port + 1}\n",
        )

    @pytest.mark.parametrize("part", ["web", "worker", "beat"])
    def test_a_dead_child_is_told_and_started_again(self, empty_demo: Demo, part: str) -> None:
        if empty_demo.process is None:
            empty_demo.start()
        before = empty_demo.find_processes()
        before[part].kill()
        assert wait_for(lambda: is_whole_without(empty_demo, before[part].pid), seconds=120)

    def test_ctrl_c_stops_everything(self, empty_demo: Demo) -> None:
        processes = empty_demo.find_processes()
        assert empty_demo.send(signal.SIGINT) == 0
        assert empty_demo.printed[-2:] == ["Stopping …", "Everything is stopped."]
        assert wait_until_gone(processes) == []
        told = [line for line in empty_demo.printed if "ended (signal SIGKILL)" in line]
        assert [line.split()[0] for line in told] == ["web", "worker", "beat"]

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
    def test_a_kill_stops_everything_and_the_next_start_takes_seconds(self, empty_demo: Demo, number: signal.Signals) -> None:
        empty_demo.start()
        processes = empty_demo.find_processes()
        empty_demo.send(number)
        assert wait_until_gone(processes) == []
        empty_demo.start()
        assert get_json(empty_demo, "/health/ready") == (
            200,
            {"status": "ok", "parts": {"database": "ok", "queue": "ok", "web_bundle": "ok"}},
        )
        assert empty_demo.processor_seconds < SECOND_START_PROCESSOR_SECONDS
        empty_demo.stop()
