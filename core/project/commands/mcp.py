"""`evosense mcp`: the MCP server over standard input and output, for an assistant on the installation's own machine."""

import asyncio
import os

import click

from core.project.boot import boot_with_services


@click.command("mcp")
def command() -> None:
    """Speak MCP over standard input and output, with the rights and limits of the API key in EVOSENSE_KEY.

    An assistant starts it; a person has no use for it. The key is looked at before each call: revoked, it opens nothing more.
    """
    raw = os.environ.get("EVOSENSE_KEY", "").strip()
    if not raw:
        raise click.ClickException("Put an API key into the environment variable EVOSENSE_KEY. An administrator makes one at /admin/.")
    boot_with_services(log_level="WARNING", on_wait=None)
    from core.api_keys import find_key
    from web.mcp.caller import set_key
    from web.mcp.server import serve_standard_streams

    key = find_key(raw)
    if key is None:
        raise click.ClickException(
            "The key in EVOSENSE_KEY opens nothing: it is not whole, revoked, expired, or its owner may not sign in."
        )
    set_key(key, raw=raw)
    # Standard output is the protocol's. One line, for whoever wonders in an assistant's log whether it runs and as whom.
    click.echo(f"EvoSense speaks MCP on standard input and output, as {key.owner.name} ({key}).", err=True)
    asyncio.run(serve_standard_streams())
