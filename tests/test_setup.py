"""Setting up: what is skipped, what is done again, and what a failure says."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest
import setup_steps
import setup_tools
from setup_tools import SetupError, Stamp, hash_files, link, run

from core.project.embedded.home import CHECKOUT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the checkout."""
    monkeypatch.setattr(setup_tools, "CHECKOUT", tmp_path)
    monkeypatch.setattr(setup_tools, "STAMPS", tmp_path)
    monkeypatch.setattr(setup_tools, "LOG", tmp_path / "setup.log")
    return tmp_path


def test_a_step_is_done_again_when_what_it_was_made_from_changed(folder: Path) -> None:
    stamp = Stamp("step", "one")
    assert stamp.is_current() is False
    stamp.write()
    assert [Stamp("step", made_from).is_current() for made_from in ("one", "two")] == [True, False]


def test_content_and_name_count_and_dates_do_not(folder: Path) -> None:
    (folder / "a").write_text("text")
    before = hash_files([folder / "a"])
    (folder / "a").touch()
    assert hash_files([folder / "a"]) == before
    (folder / "a").rename(folder / "b")
    renamed = hash_files([folder / "b"])
    (folder / "b").write_text("other")
    assert len({before, renamed, hash_files([folder / "b"])}) == 3


def test_a_link_is_renewed_and_nothing_else_is_replaced(folder: Path) -> None:
    link(folder / "link", Path("old"))
    link(folder / "link", Path("new"))
    assert (folder / "link").readlink() == Path("new")
    (folder / "file").write_text("somebody's")
    with pytest.raises(SetupError) as raised:
        link(folder / "file", Path("new"))
    assert str(raised.value) == f"{folder / 'file'} is in the way: EvoSense puts a link there. Move it away and start again."


def test_a_failure_shows_the_last_lines_and_where_the_rest_is(folder: Path) -> None:
    with pytest.raises(SetupError) as raised:
        run([sys.executable, "-c", "print('why'); raise SystemExit(4)"], folder=folder)
    assert str(raised.value) == (f"{Path(sys.executable).name} failed (exit code 4):\n    why\nEverything it said: {folder / 'setup.log'}")


@pytest.mark.parametrize("words", ["OSError: [Errno 28] No space left on device", "npm error code ENOSPC"])
def test_a_full_disk_is_told_as_such(folder: Path, words: str) -> None:
    with pytest.raises(SetupError, match=f"^The disk that holds {folder} is full"):
        run([sys.executable, "-c", f"print({words!r}); raise SystemExit(1)"], folder=folder)


def test_nothing_is_removed_while_it_is_in_use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup_steps, "HOME", folder)
    monkeypatch.setattr(setup_steps, "CHECKOUT", folder)
    lock = folder / "run" / "users.lock"
    lock.parent.mkdir()
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        with pytest.raises(SetupError) as raised:
            setup_steps.clean()
    assert str(raised.value) == "EvoSense is running in this checkout. Stop it first (Ctrl-C where it runs)."
    setup_steps.clean()
    assert folder.exists() is False


def test_make_help_lists_every_command() -> None:
    # `make test` runs this: a make inside a make says which folder it enters unless told not to.
    done = subprocess.run(["make", "--no-print-directory", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in done.stdout.splitlines()] == [
        "help",
        "setup",
        "demo",
        "test",
        "lint",
        "bench",
        "heads",
        "drill",
        "clean",
    ]
