"""Runs every check that needs no test: all of them, even where one fails, so that one run tells everything."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = CHECKOUT / ".venv" / "bin"
UI = CHECKOUT / "web" / "ui"
PACKAGES = ("core", "assistant", "ingestion", "web", "bots", "tests", "scripts")
LONGEST_FILE_LINES = 300
# Written by programs.
UNREAD = {"node_modules", "migrations"}

CHECKS: dict[str, tuple[list[str], Path]] = {
    "style": ([str(BIN / "ruff"), "check", "--quiet", "--output-format", "concise", "."], CHECKOUT),
    "format": ([str(BIN / "ruff"), "format", "--quiet", "--check", "--output-format", "concise", "."], CHECKOUT),
    "types": ([str(BIN / "mypy"), "--no-error-summary"], CHECKOUT),
    "import direction": ([str(BIN / "lint-imports"), "--no-cache"], CHECKOUT),
    "missing migrations": ([str(BIN / "python"), "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"], CHECKOUT),
    "documentation": ([str(BIN / "evosense"), "docs", "--check"], CHECKOUT),
    "types of the page": ([str(BIN / "node"), "node_modules/typescript/bin/tsc", "--noEmit"], UI),
}


def main() -> int:
    """Run the checks; print what those that fail say. Returns the exit code."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "core.project.settings", "SECRET_KEY": "nothing is signed here" * 3}
    failed = []
    for name, (command, folder) in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
        )
        report(name, well=done.returncode == 0, seconds=time.monotonic() - began, output=done.stdout)
        if done.returncode != 0:
            failed.append(name)
    long_files = find_long_files()
    report("length of files", well=not long_files, seconds=0, output="\n".join(long_files))
    failed += ["length of files"] if long_files else []
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def find_long_files() -> list[str]:
    """Source files that nobody reads in one sitting, as "path: lines"."""
    files = [path for name in PACKAGES for pattern in ("*.py", "*.ts", "*.tsx") for path in (CHECKOUT / name).rglob(pattern)]
    counts = {path: len(path.read_text().splitlines()) for path in files if not UNREAD & set(path.parts)}
    return [f"{path.relative_to(CHECKOUT)}: {count} lines" for path, count in sorted(counts.items()) if count > LONGEST_FILE_LINES]


def report(name: str, *, well: bool, seconds: float, output: str) -> None:
    """One line for a check, and what it said where it failed."""
    print(f"  {name:<22} {'ok' if well else 'FAILED':<7} {seconds:5.1f} s", flush=True)
    if not well:
        print("\n".join(f"    {line}" for line in output.strip().splitlines()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
