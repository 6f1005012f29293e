"""`evosense demo`: everything on this machine, from the database to the page, with the demo tenant in it."""

import json
import os
import signal
import time

import click

from core.project.embedded import Lease, ServiceError, get_home, open_services
from core.project.embedded.children import follow_parent
from core.project.embedded.errors import check_free_disk
from core.project.embedded.home import Home, write_private
from core.project.embedded.locks import FileLock
from core.project.foreground import Foreground, StartError
from core.project.processes import plan_beat, plan_listener, plan_web, plan_worker

STOP_SECONDS = 30


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 shows the demo to your network.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--no-data", is_flag=True, help="Start without the demo tenant.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the process that started this one ends.")
def command(*, host: str, port: int, no_data: bool, with_parent: bool) -> None:
    """Run everything here, with the demo tenant "Casa Aurora". Ctrl-C stops all of it."""
    if with_parent:
        follow_parent(signal.SIGTERM)
    home = get_home()
    lease: Lease | None = None
    try:
        home.make_folders()
        with only_one_demo(home, host=host, port=port):
            check_free_disk(home.path)
            watcher = ServiceWatcher()
            with Foreground(home, environment={}, also_check=watcher.check) as foreground:
                foreground.check_port(host, port)
                click.echo("Starting EvoSense …")
                began = time.monotonic()
                lease = open_services(home, on_wait=lambda text: click.echo(f"    {text} …"))
                watcher.lease = lease
                foreground.use_environment({**lease.environment, **describe_reach(host)})
                foreground.tell_step("PostgreSQL and Valkey", began)
                foreground.run_step("database", ["core.project.prepare", "--admin" if no_data else "--demo"])
                foreground.start(plan_web(host=host, port=port))
                foreground.wait_until_ready(host, port)
                # Started last: on two cores the page is there sooner.
                foreground.start(plan_worker())
                foreground.start(plan_listener())
                foreground.start(plan_beat(home))
                print_welcome(host=host, port=port, seconds=time.monotonic() - foreground.began, with_data=not no_data)
                foreground.watch()
    except (StartError, ServiceError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        if lease is not None:
            stopped = lease.close(wait_seconds=STOP_SECONDS)
            click.echo("Everything is stopped." if stopped else "Another command still uses the database; it stops after that.")


class ServiceWatcher:
    """Tells when the keeper had to start a service again, and notices when it gave up."""

    def __init__(self) -> None:
        self.lease: Lease | None = None
        self._processes: dict[str, int] | None = None

    def check(self) -> None:
        """Raise StartError where the services are no longer kept."""
        if self.lease is None:
            return
        state = self.lease.get_state()
        if not self.lease.is_kept():
            log = self.lease.home.get_log("services")
            raise StartError(f"PostgreSQL or Valkey ended for good, so everything stops. {state.message or f'See {log}'}")
        if self._processes is not None and state.processes not in (None, self._processes):
            changed = [name for name, process_id in (state.processes or {}).items() if self._processes.get(name) != process_id]
            click.echo(f"{' and '.join(changed)} ended and was started again. Log: {self.lease.home.get_log(changed[0])}")
        self._processes = state.processes or self._processes


class only_one_demo:  # noqa: N801  (reads as a statement)
    """The right to be this checkout's demo. Raises StartError with the address of the one that runs."""

    def __init__(self, home: Home, *, host: str, port: int) -> None:
        self.lock = FileLock(home.run / "demo.lock")
        self.file = home.run / "demo.json"
        self.address = get_address(host, port)

    def __enter__(self) -> None:
        if not self.lock.take(wait=False):
            running = json.loads(self.file.read_text()) if self.file.exists() else {"address": "an unknown address", "process_id": "?"}
            raise StartError(f"The demo of this checkout runs already: {running['address']} (process {running['process_id']}).")
        write_private(self.file, json.dumps({"address": self.address, "process_id": os.getpid()}))

    def __exit__(self, *_: object) -> None:
        self.file.unlink(missing_ok=True)
        self.lock.release()


def get_address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    return f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0', '::1', '::') else host}:{port}"  # noqa: S104


def describe_reach(host: str) -> dict[str, str]:
    """The settings that follow from where the demo listens: shown to the network, it answers to any name."""
    if os.environ.get("ALLOWED_HOSTS") or host in ("127.0.0.1", "localhost", "::1"):
        return {}
    return {"ALLOWED_HOSTS": "*"}


def print_welcome(*, host: str, port: int, seconds: float, with_data: bool) -> None:
    """Where to open the page and how to sign in."""
    from core.project.demo.accounts import ADMIN, MANAGER

    address = get_address(host, port)
    lines = [f"EvoSense is ready ({seconds:.0f} s)", "", f"  Open      {address}"]
    if with_data:
        lines.append(f"  Manager   {MANAGER.email}   {MANAGER.password}")
    lines += [f"  Admin     {ADMIN.email}   {ADMIN.password}   {address}/admin/", "", "  Ctrl-C stops everything."]
    width = max(len(line) for line in lines) + 4
    click.echo("\n".join(["", "┌" + "─" * width + "┐", *(f"│  {line:<{width - 2}}│" for line in lines), "└" + "─" * width + "┘", ""]))
