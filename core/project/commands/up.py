"""`evosense up`: the processes of an installation against configured services."""

import os
from collections.abc import Mapping

import click

from core.project.embedded.home import get_home
from core.project.foreground import Foreground, StartError
from core.project.processes import plan_beat, plan_listener, plan_web, plan_worker

REQUIRED = {
    "DATABASE_URL": "PostgreSQL with pgvector, as the application's role: postgresql://user:password@host:port/name",
    "REDIS_URL": "Redis or Valkey: redis://:password@host:port",
    "SECRET_KEY": "at least 50 random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
}
SHORTEST_SECRET_KEY = 50
PARTS = ("web", "worker", "listener", "beat")


def find_unconfigured(environment: Mapping[str, str]) -> list[str]:
    """What is missing before EvoSense may run, a line each: the variable and what belongs there."""
    missing = [f"{name} is not set: {meaning}" for name, meaning in REQUIRED.items() if not environment.get(name)]
    secret_key = environment.get("SECRET_KEY", "")
    if secret_key and len(secret_key) < SHORTEST_SECRET_KEY:
        missing.append(f"SECRET_KEY is too short ({len(secret_key)} characters): {REQUIRED['SECRET_KEY']}")
    return missing


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--web-workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 64), help="Tasks that the worker does at once.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Start this part alone; may be given more than once.")
def command(*, host: str, port: int, web_workers: int, concurrency: int, only: tuple[str, ...]) -> None:
    """Run web, worker, listener and beat against DATABASE_URL and REDIS_URL. Run `evosense migrate` first."""
    missing = find_unconfigured(os.environ)
    if missing:
        raise click.ClickException("\n  ".join(["EvoSense is not configured:", *missing, "docs/settings.md lists every setting."]))
    parts = [part for part in PARTS if part in (only or PARTS)]
    home = get_home()
    plans = {
        "web": plan_web(host=host, port=port, workers=web_workers),
        "worker": plan_worker(concurrency=concurrency),
        "listener": plan_listener(),
        "beat": plan_beat(home),
    }
    try:
        with Foreground(home, environment={}, log_to_files=False) as foreground:
            if "web" in parts:
                foreground.check_port(host, port)
            foreground.run_step("checks", ["core.project.prepare", "--check"])
            for part in parts:
                foreground.start(plans[part])
                if part == "web":
                    foreground.wait_until_ready(host, port)
            click.echo(f"EvoSense runs: {', '.join(parts)}.")
            foreground.watch()
    except StartError as error:
        raise click.ClickException(str(error)) from error
