"""`evosense docs`: write, or check, the documentation that comes from the code."""

import os

import click


@click.command("docs")
@click.option("--check", is_flag=True, help="Change nothing; fail where a document is stale or something is not documented.")
def command(*, check: bool) -> None:
    """Write docs/settings.md, docs/metrics.md, docs/what-you-can-ask.md and docs/openapi.json from the code."""
    # Nothing is signed here, and a checkout that was never started has no key of its own.
    os.environ.setdefault("SECRET_KEY", "documentation signs nothing, so this key is no secret")
    from core.project.boot import boot_django

    boot_django()
    from core.project import documentation

    try:
        if check:
            stale = documentation.find_stale()
            if stale:
                raise click.ClickException(f"stale: {', '.join(path.name for path in stale)}. Run `evosense docs` and commit the result.")
            click.echo(f"{len(documentation.DOCUMENTS)} documents agree with the code.")
            return
        for path in documentation.write_all():
            click.echo(f"written: {path.name}")
    except ValueError as error:
        raise click.ClickException(str(error)) from error
