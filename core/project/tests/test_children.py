"""Programs run as an unprivileged user get into folders that only root may enter, and have no other right of root's."""

import os
import sys
from pathlib import Path

import pytest

from core.project.embedded.children import Account, choose_account, run_as

# What PostgreSQL does with its programs and data, and what it must not be able to do.
LOOK = """
import os, sys
path = sys.argv[1]
capabilities = [line.split()[1] for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapAmb"))]
print(os.getuid(), os.access(path, os.R_OK), open(path).read(), *capabilities)
"""
DAC_OVERRIDE_ALONE = "0000000000000002"


@pytest.fixture
def closed_file(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    (folder / "file").write_text("text")
    return folder / "file"


def test_an_unprivileged_user_reads_in_a_closed_folder_and_keeps_one_right(closed_file: Path) -> None:
    account = choose_account([closed_file.parent], like_owner_of=closed_file)
    # Root hands over to somebody else; anybody else stays who they are, and owns the folder.
    expected_id = os.getuid() if account is None else account.user_id
    rights = "0000000000000000" if account is None else DAC_OVERRIDE_ALONE
    done = run_as([sys.executable, "-c", LOOK, closed_file], account=account)
    assert expected_id != 0
    assert done.stdout == f"{expected_id} True text {rights} {rights} {rights}\n"


def test_in_an_open_folder_no_right_is_kept() -> None:
    account = choose_account([Path("/usr/bin")], like_owner_of=Path("/usr/bin"))
    done = run_as(["sh", "-c", "id -u; grep CapEff /proc/self/status"], account=account)
    assert done.stdout == f"{os.getuid() if account is None else account.user_id}\nCapEff:\t0000000000000000\n"


def test_the_owner_of_the_checkout_is_preferred(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 1, 1)
        assert choose_account([tmp_path], like_owner_of=tmp_path) == Account(user_id=1, group_id=1, name="daemon", reads_everything=True)
    else:
        assert choose_account([tmp_path], like_owner_of=tmp_path) is None
