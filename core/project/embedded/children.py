"""Starting child processes that can't outlive whoever started them, and as an unprivileged user where a program insists.

A child gets a process group of its own, so that Ctrl-C reaches its supervisor alone, and a death signal: Linux sends it when
the supervisor goes, however it goes. (Elsewhere leftovers are found and stopped by the next start.)
"""

import ctypes
import os
import pwd
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

IS_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None

_PR_SET_PDEATHSIG = 1
_PR_GET_SECUREBITS = 27
_PR_SET_SECUREBITS = 28
# Changing the user leaves capabilities alone, and access(2), which PostgreSQL asks about its programs, minds them.
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True, kw_only=True)
class Account:
    """The user that a program runs as. `reads_everything` keeps root's right to pass closed folders, and no other right."""

    user_id: int
    group_id: int
    name: str
    reads_everything: bool


def choose_account(folders: Sequence[Path], *, like_owner_of: Path) -> Account | None:
    """Who PostgreSQL runs as: None for ourselves, or, as PostgreSQL refuses root, an unprivileged user where we are root.

    That user is the owner of `like_owner_of` where that is not root, else `nobody`. Where it can't get into one of `folders`
    (a checkout below a folder that only root may enter), it keeps the single capability to pass closed folders: nobody's
    folders are opened for it.
    """
    if os.geteuid() != 0:
        return None
    entry = _find_owner(like_owner_of) or pwd.getpwnam("nobody")
    closed = any(not _can_enter(folder, user_id=entry.pw_uid, group_id=entry.pw_gid) for folder in folders)
    return Account(user_id=entry.pw_uid, group_id=entry.pw_gid, name=entry.pw_name, reads_everything=closed and IS_LINUX)


def start_child(
    arguments: Sequence[str | Path],
    *,
    log: IO[bytes] | int,
    death_signal: signal.Signals,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in its own process group, its output to `log`; it gets `death_signal` when this process ends."""
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=None if environment is None else dict(environment),
        cwd=folder,
        process_group=0,
        preexec_fn=_prepare_child(account, death_signal),
    )


def run_as(
    arguments: Sequence[str | Path], *, account: Account | None, given: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as `account`, `given` on its standard input; output and errors come back as one text."""
    return subprocess.run(
        [str(argument) for argument in arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env=None if environment is None else dict(environment),
        process_group=0,
        preexec_fn=_prepare_child(account, signal.SIGKILL),
    )


def follow_parent(death_signal: signal.Signals, *, parent_id: int | None = None) -> None:
    """Ask to be sent a signal when the process that started this one ends (Linux).

    `parent_id` is that process, where it is known: one that was killed before this was called could not be told from its heir.
    """
    if _LIBC is not None:
        parent_id = os.getppid() if parent_id is None else parent_id
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent_id:
            os.kill(os.getpid(), death_signal)


def _prepare_child(account: Account | None, death_signal: signal.Signals) -> Callable[[], None]:
    parent_id = os.getpid()

    def prepare() -> None:
        if account is not None:
            _become(account)
        os.umask(0o077)
        # The kernel forgets the death signal when the user changes, so it is asked for last.
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal))
            if os.getppid() != parent_id:
                os._exit(1)

    return prepare


def _become(account: Account) -> None:
    passes_rights_on = account.reads_everything and _LIBC is not None
    failed = passes_rights_on and _keep_capabilities() != 0
    os.setgroups([])
    os.setgid(account.group_id)
    os.setuid(account.user_id)
    if failed or (passes_rights_on and _drop_all_capabilities_but(_CAP_DAC_OVERRIDE) != 0):
        os.write(2, b"this system does not let root pass the right to enter closed folders on to an unprivileged user\n")
        os._exit(1)


def _keep_capabilities() -> int:
    assert _LIBC is not None
    bits: int = _LIBC.prctl(_PR_GET_SECUREBITS) | _SECBIT_NO_SETUID_FIXUP
    result: int = _LIBC.prctl(_PR_SET_SECUREBITS, bits, 0, 0, 0)
    return result


def _drop_all_capabilities_but(capability: int) -> int:
    assert _LIBC is not None
    mask = 1 << capability
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    # Effective, permitted and inheritable, first for capabilities 0 to 31, then for the rest.
    data = ctypes.create_string_buffer(struct.pack("=6I", mask, mask, mask, 0, 0, 0))
    result: int = _LIBC.capset(header, data) or _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)
    return result


def _find_owner(folder: Path) -> pwd.struct_passwd | None:
    owner_id = next(parent for parent in (folder, *folder.parents) if parent.exists()).stat().st_uid
    if owner_id == 0:
        return None
    try:
        return pwd.getpwuid(owner_id)
    except KeyError:
        return None


def _can_enter(folder: Path, *, user_id: int, group_id: int) -> bool:
    for parent in (folder.resolve(), *folder.resolve().parents):
        if parent.exists():
            status = parent.stat()
            shift = 6 if status.st_uid == user_id else 3 if status.st_gid == group_id else 0
            if not (status.st_mode >> shift) & 0o1:
                return False
    return True
