"""`evosense mcp`: the MCP server over standard input and output, for an assistant on the installation's own machine."""

import asyncio
import os

import click

from core.project import embedded


@click.command("mcp")
def command() -> None:
    """Speak MCP over standard input and output, with the rights and limits of the API key in EVOSENSE_KEY.

    An assistant starts it; a person has no use for it. The key is looked at before each call: revoked, it opens nothing more.
    """
    raw = os.environ.get("EVOSENSE_KEY", "").strip()
    if not raw:
        raise click.ClickException("Put an API key into the environment variable EVOSENSE_KEY. An administrator makes one at /admin/.")
    try:
        if not os.environ.get("DATABASE_URL"):
            os.environ.update(embedded.environment(on_wait=lambda text: click.echo(f"{text} …", err=True)))
    except embedded.ServiceError as error:
        raise click.ClickException(str(error)) from error
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    from core.project.boot import boot_django

    boot_django()
    from core.api_keys import find_key
    from web.mcp.caller import set_key
    from web.mcp.server import serve_standard_streams

    key = find_key(raw)
    if key is None:
        raise click.ClickException(
            "The key in EVOSENSE_KEY opens nothing: it is not whole, revoked, expired, or its owner may not sign in."
        )
    set_key(key, raw=raw)
    asyncio.run(serve_standard_streams())
