"""What goes wrong with the embedded services, in words that tell the person at the terminal what to do."""

import errno
import os
import shutil
from pathlib import Path

# The names under which the C library, PostgreSQL, Valkey, pip and npm report a full disk.
DISK_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "ENOSPC")

# PostgreSQL's first start writes about 45 MB and keeps write-ahead log beside it; below this nothing good happens.
LEAST_FREE_BYTES = 150_000_000
# With less than this, whatever failed failed because of it.
FULL_BYTES = 1_000_000


class ServiceError(RuntimeError):
    """An embedded service can't be used. The message is for the person at the terminal and says how to mend it."""


def find_disk_full_words(text: str) -> list[str]:
    """The signs of a full disk in what a program printed."""
    return [word for word in DISK_FULL_WORDS if word in text]


def describe_failure(folder: Path, *, printed: str, otherwise: str) -> str:
    """Why something failed that writes to `folder`: the full disk where it is one, by its words or by a look, else `otherwise`."""
    # On a disk that is quite full, not even the words get written.
    is_full = bool(find_disk_full_words(printed)) or count_free_bytes(folder) < FULL_BYTES
    return describe_full_disk(folder) if is_full else otherwise


def describe_full_disk(folder: Path) -> str:
    """One sentence for a full disk: which folder, how much is free, what to do."""
    return f"The disk that holds {folder} is full ({count_free_bytes(folder) / 1e6:.0f} MB free). Make room there and start again."


def count_free_bytes(folder: Path) -> int:
    """Free bytes on the disk of a folder that may not exist yet."""
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(existing).free


def check_free_disk(folder: Path) -> None:
    """Raise ServiceError where the disk of a folder is too full to start on."""
    if count_free_bytes(folder) < LEAST_FREE_BYTES:
        raise ServiceError(
            f"The disk that holds {folder} is nearly full: {count_free_bytes(folder) / 1e6:.0f} MB free, "
            f"{LEAST_FREE_BYTES / 1e6:.0f} MB needed. Make room there and start again."
        )


def is_disk_full(error: OSError) -> bool:
    """Whether an operating system error means that nothing more fits."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT) or os.strerror(errno.ENOSPC) in str(error)


def read_tail(path: Path, *, lines: int = 12) -> str:
    """The last lines of a log, or a word that there are none."""
    try:
        text = path.read_bytes()[-8000:].decode(errors="replace")
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(empty)"
