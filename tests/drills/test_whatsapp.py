"""The drill of `make drill` in short: fewer messages, the same deaths. It runs as a process of its own, on services of its own."""

import subprocess
import sys

from core.project.embedded.home import CHECKOUT
from tests.e2e.demo import OWN_SETTINGS

MESSAGES = 700


def test_no_message_is_lost_doubled_or_given_to_another_customer() -> None:
    import os

    # The pool of connections is the web process's: the drill's own would hand out one that PostgreSQL's end cut.
    left_out = (*OWN_SETTINGS, "EVOSENSE_HOME", "DATABASE_POOL_SIZE")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    words = ["--messages", str(MESSAGES), "--rate", "50", "--postgres-seconds", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.whatsapp", *words], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
