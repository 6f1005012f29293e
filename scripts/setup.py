"""Builds what EvoSense needs on this machine: virtual environment, web bundle. Runs with the system's Python, before anything is installed.

    python3 scripts/setup.py          what the demo needs
    python3 scripts/setup.py --dev    and what tests and lint need
    python3 scripts/setup.py --clean  remove everything that our commands wrote

Everything lands in `.evosense`. Each step is skipped while what it was made from is unchanged (by content, not by date).
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

# The checkout stays as it was cloned: no bytecode beside these scripts.
sys.dont_write_bytecode = True

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12", "python3.11")


def main() -> int:
    """Set up, or clean. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Build what EvoSense needs on this machine.")
    parser.add_argument("--dev", action="store_true", help="also what tests and lint need")
    parser.add_argument("--clean", action="store_true", help="remove everything that our commands wrote")
    arguments = parser.parse_args()
    use_new_enough_python()

    from setup_steps import clean, set_up
    from setup_tools import SetupError, describe_full_disk, is_disk_full

    try:
        if arguments.clean:
            clean()
        else:
            set_up(dev=arguments.dev)
    except SetupError as error:
        print(f"\nError: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nError: {describe_full_disk() if is_disk_full(error) else error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run goes on from here.", file=sys.stderr)
        return 130
    return 0


def use_new_enough_python() -> None:
    """Go on with a newer Python of this machine where this one is too old; end with a clear message where there is none."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        # A name on the path may lead nowhere, as those of version managers do.
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            os.execv(found, [found, *sys.argv])  # noqa: S606
    sys.exit(
        f"Error: EvoSense needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer; "
        f"{sys.executable} is {sys.version.split()[0]}. "
        "Install one and say which: make demo PYTHON=/path/to/python3"
    )


if __name__ == "__main__":
    sys.exit(main())
