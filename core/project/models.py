"""The model servers that an installation's environment names, for commands that work without a tenant."""

import click

from core.ai.providers import Kind, ProviderConfig, clean_base_url
from core.project.environment import get_environment


def make_environment_config(kind: Kind) -> ProviderConfig:
    """The provider as the environment sets it up. Raises click.UsageError that names the variable which is missing."""
    environment = get_environment()
    name, url = ("OLLAMA_URL", environment.ollama_url) if kind == "ollama" else ("N8N_URL", environment.n8n_url)
    if not url:
        raise click.UsageError(f"Set {name} to use the provider {kind}.")
    try:
        base_url = clean_base_url(url)
    except ValueError as error:
        raise click.UsageError(f"{name}: {error}") from error
    secret = environment.n8n_secret.get_secret_value() if kind == "n8n" and environment.n8n_secret else ""
    return ProviderConfig(
        kind=kind,
        base_url=base_url,
        model=environment.ollama_model if kind == "ollama" else "",
        secret=secret,
        timeout_seconds=float(environment.model_timeout_seconds),
    )
