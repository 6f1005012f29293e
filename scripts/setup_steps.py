"""The steps of setting up, each skipped while what it was made from is unchanged."""

from __future__ import annotations

import fcntl
import json
import shutil
import sys
import time
from pathlib import Path

from setup_tools import (
    BUNDLE,
    CHECKOUT,
    HOME,
    LOG,
    NPM_FILES,
    PYTHON,
    SHOW_LIVE,
    STAMPS,
    UI,
    UI_MODULES,
    VENV,
    Background,
    SetupError,
    Stamp,
    describe_full_disk,
    find_node,
    hash_files,
    link,
    locked,
    run,
    step,
)

# Environment, Node modules, caches, database: a little less than this in all.
NEEDED_BYTES = 1_500_000_000

# Run by this environment's Python at each start. Bytecode goes below `.evosense`, too: a checkout stays as it was cloned. And a
# package has one path, whether Python was called through `.venv` or not, so that its bytecode is found either way.
START_HOOK = """\
import os, sys; sys.pycache_prefix = sys.pycache_prefix or os.path.join(os.path.dirname(os.path.realpath(sys.prefix)), "cache", "pycache")
import os, sys; sys.path[:] = [os.path.realpath(path) if path.startswith(sys.prefix + os.sep) else path for path in sys.path]
"""


def set_up(*, dev: bool) -> None:
    """Build what is missing or out of date."""
    began = time.monotonic()
    LOG.parent.mkdir(parents=True, exist_ok=True)
    STAMPS.mkdir(exist_ok=True)
    with locked():
        link(CHECKOUT / ".venv", Path(".evosense") / "venv")
        link(UI / "node_modules", Path("..") / ".." / ".evosense" / "ui" / "node_modules")
        steps = 0
        steps += make_environment()
        steps += install_packages(dev=dev)
        # Node works on the page while Python compiles; both have a core to themselves.
        compiling = Background(compile_bytecode)
        try:
            steps += install_project()
            steps += install_node_modules()
            steps += build_bundle()
        finally:
            steps += compiling.finish()
    if steps:
        print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)


def make_environment() -> int:
    """The virtual environment. It holds absolute paths, so a checkout that moved gets a new one."""
    stamp = Stamp("environment", f"{VENV}\n{sys.version}\n{sys.base_prefix}\n{START_HOOK}")
    if stamp.is_current() and PYTHON.exists():
        return 0
    if not SHOW_LIVE:
        print("Setting up EvoSense; this takes a few minutes the first time.", flush=True)
    if shutil.disk_usage(CHECKOUT).free < NEEDED_BYTES:
        raise SetupError(f"{describe_full_disk()} About {NEEDED_BYTES / 1e9:.1f} GB are needed.")
    for other in ("packages", "project", "bytecode"):
        (STAMPS / other).unlink(missing_ok=True)
    with step("Python environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            run([sys.executable, "-m", "venv", VENV])
        except SetupError as error:
            raise SetupError(f"{error}\nOn Debian and Ubuntu: apt-get install python3-venv") from error
        site_packages = next((VENV / "lib").glob("python*/site-packages"))
        (site_packages / "_evosense_start.pth").write_text(START_HOOK)
    stamp.write()
    return 1


def install_packages(*, dev: bool) -> int:
    """What `requirements.lock` names, checked against its hashes; wheels alone, so nothing has to be compiled."""
    base, full = (hash_files([CHECKOUT / name]) for name in ("requirements.lock", "requirements-dev.lock"))
    installed: dict[str, str] = json.loads((STAMPS / "packages").read_text()) if (STAMPS / "packages").exists() else {}
    if installed.get("base") == base and (not dev or installed.get("full") == full):
        return 0
    lock = CHECKOUT / ("requirements-dev.lock" if dev else "requirements.lock")
    count = sum(1 for line in lock.read_text().splitlines() if line[:1].isalnum())
    (STAMPS / "bytecode").unlink(missing_ok=True)
    with step(f"{count} Python packages"):
        run(
            [PYTHON, "-m", "pip", "install", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile", "-r", lock],
            count_lines=("Collecting", "Downloading", "Using cached", "Requirement already"),
        )
    (STAMPS / "packages").write_text(json.dumps({"base": base, "full": full if dev else ""}))
    return 1


def install_project() -> int:
    """EvoSense itself, as a link to this checkout, and its `evosense` command."""
    stamp = Stamp("project", hash_files([CHECKOUT / "pyproject.toml"]))
    if stamp.is_current():
        return 0
    with step("evosense command"):
        run([PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-compile", "-e", CHECKOUT])
    stamp.write()
    return 1


def compile_bytecode() -> int:
    """Bytecode of everything that is installed and of our own, so that the first start is no slower than the next."""
    stamp = Stamp("bytecode", (STAMPS / "packages").read_text())
    if stamp.is_current():
        return 0
    site_packages = next((VENV / "lib").glob("python*/site-packages"))
    run(
        [
            PYTHON,
            "-m",
            "compileall",
            "-q",
            "-j",
            "2",
            site_packages,
            *(CHECKOUT / name for name in ("core", "assistant", "ingestion", "web", "bots")),
        ]
    )
    stamp.write()
    return 1


def install_node_modules() -> int:
    """What `package-lock.json` names, by the Node that came as a Python package."""
    stamp = Stamp("node_modules", hash_files([UI / name for name in NPM_FILES]) + hash_files([VENV / "pyvenv.cfg"]))
    if stamp.is_current() and (UI_MODULES / "node_modules").exists():
        return 0
    with step("Node packages"):
        UI_MODULES.mkdir(exist_ok=True)
        for name in NPM_FILES:
            shutil.copyfile(UI / name, UI_MODULES / name)
        npm = find_node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        run([find_node(), npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"], folder=UI_MODULES)
    stamp.write()
    return 1


def build_bundle() -> int:
    """The web page's files. The old bundle is served until the new one is whole."""
    sources = [path for path in sorted(UI.rglob("*")) if path.is_file() and "node_modules" not in path.parts]
    stamp = Stamp("bundle", hash_files(sources) + (STAMPS / "node_modules").read_text())
    if stamp.is_current() and (BUNDLE / "index.html").exists():
        return 0
    with step("web bundle"):
        new, old = BUNDLE.with_name("web-dist.new"), BUNDLE.with_name("web-dist.old")
        vite = UI / "node_modules" / "vite" / "bin" / "vite.js"
        run([find_node(), vite, "build", "--outDir", new, "--emptyOutDir"], folder=UI)
        shutil.rmtree(old, ignore_errors=True)
        if BUNDLE.exists():
            BUNDLE.rename(old)
        new.rename(BUNDLE)
        shutil.rmtree(old, ignore_errors=True)
    stamp.write()
    return 1


def clean() -> None:
    """Remove `.evosense` and the links into it, unless something of it is in use."""
    for lock in (HOME / "run" / "users.lock", HOME / "test" / "run" / "users.lock"):
        if lock.exists():
            with lock.open("r+") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise SetupError("EvoSense is running in this checkout. Stop it first (Ctrl-C where it runs).") from None
    for name in (".venv", "web/ui/node_modules"):
        if (CHECKOUT / name).is_symlink():
            (CHECKOUT / name).unlink()
    if HOME.exists():
        shutil.rmtree(HOME)
    print("Removed .evosense and the links into it.")
