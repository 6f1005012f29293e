"""The `evosense` command: a table of subcommands, each imported only when it is called.

`evosense plan` and `evosense analyse` need neither Django nor a database, so nothing of either is imported here.
"""

import importlib

import click

# Subcommand → one line of help. The module of a subcommand is `core.project.commands.<name>`, with `import`
# spelled `import_` because it is a keyword, and hyphens as underscores.
COMMANDS = {
    "demo": "Run everything on this machine, with the demo tenant.",
    "up": "Run the same processes against configured services.",
    "migrate": "Bring the database to this version, as its owner.",
    "rotate-keys": "Encrypt every stored secret anew, under the newest key.",
    "import": "Read exported WhatsApp chats (.txt or .zip) into a tenant.",
    "ask": "Ask one question and print its answer.",
    "mcp": "Offer the same to an assistant on this machine: MCP over standard input and output.",
    "plan": "JSON Lines: questions in, plans out. Needs no database.",
    "analyse": "JSON Lines: texts or conversations in, analyses out. Needs no database.",
    "rescore": "Read a tenant's history again with another version: cost, progress, comparison, promotion.",
    "agreement": "Month by month, how often people and the analyser agree in a tenant.",
    "eval": "Score our own quality sets against the committed baseline.",
    "bench": "Measure speed and memory as ratios against a reference.",
    "docs": "Write or check the documentation that is generated from the code.",
}


class LazyGroup(click.Group):
    """A click group that imports a subcommand's module when that subcommand is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f"core.project.commands.{name}{'_' if name == 'import' else ''}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evosense")
def main() -> None:
    """EvoSense reads WhatsApp conversations and answers questions about satisfaction."""
