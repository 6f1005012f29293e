"""Every setting of an installation, in one typed place: name, meaning, safe default.

A value comes from the environment; where it is missing there, from `<home>/run/env.json`, which the embedded services
write for themselves; where it is missing there too, from the default. `docs/settings.md` is generated from this class.
"""

import functools
import json
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parents[2]


class EmbeddedServicesSource(PydanticBaseSettingsSource):
    """What the embedded PostgreSQL and Valkey of this checkout wrote down when they were set up."""

    @functools.cached_property
    def values(self) -> dict[str, str]:
        home = Path(self.current_state.get("home") or CHECKOUT / ".evosense")
        try:
            stored: dict[str, str] = json.loads((home / "run" / "env.json").read_text())
        except FileNotFoundError:
            return {}
        return stored

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = str(field.validation_alias)
        return self.values.get(name), name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, name, _ = self.get_field_value(field, field_name)
            if value is not None:
                found[name] = value
        return found


class Environment(BaseSettings):
    """The settings of one installation. Each field's alias is its environment variable."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=False)

    home: Path = Field(CHECKOUT / ".evosense", validation_alias="EVOSENSE_HOME", description="Folder for everything that EvoSense writes.")
    debug: bool = Field(False, validation_alias="DEBUG", description="Show error details in the browser. Never in production.")
    secret_key: SecretStr | None = Field(
        None,
        validation_alias="SECRET_KEY",
        description="Signs sessions and tokens: at least 50 random characters. The embedded services make one of their own.",
    )
    encryption_keys: SecretStr | None = Field(
        None,
        validation_alias="ENCRYPTION_KEYS",
        description="Fernet keys for stored secrets, comma-separated, newest first; all decrypt. Empty: one derived from SECRET_KEY.",
    )
    public_url: str = Field(
        "",
        validation_alias="PUBLIC_URL",
        description="Address under which gateways and people reach this installation, such as https://evosense.example.com.",
    )
    raw_event_days: int = Field(
        14, validation_alias="RAW_EVENT_DAYS", ge=1, description="Days for which processed gateway events are kept as they came."
    )
    gateway_private_addresses: bool = Field(
        True,
        validation_alias="GATEWAY_PRIVATE_ADDRESSES",
        description="Let gateways lie in private networks, as they do beside this installation. Off where tenants are strangers to it.",
    )
    gateway_probe_seconds: int = Field(
        60, validation_alias="GATEWAY_PROBE_SECONDS", ge=1, description="Seconds between two looks at a channel's health."
    )
    read_back_minutes: int = Field(
        10,
        validation_alias="READ_BACK_MINUTES",
        ge=1,
        description="Minutes between two readings of a gateway's own store, which bring what did not come live.",
    )
    read_back_days: int = Field(
        7,
        validation_alias="READ_BACK_DAYS",
        ge=0,
        description="Days of messages that are read from a gateway's store when a channel is new.",
    )
    model_private_addresses: bool = Field(
        True,
        validation_alias="MODEL_PRIVATE_ADDRESSES",
        description="Let model servers (Ollama, n8n) lie in private networks. Off where tenants are strangers to this installation.",
    )
    webhook_private_addresses: bool = Field(
        True,
        validation_alias="WEBHOOK_PRIVATE_ADDRESSES",
        description="Let webhooks that tenants set up lie in private networks. Off where tenants are strangers to this installation.",
    )
    email_host: str = Field(
        "", validation_alias="EMAIL_HOST", description="Mail server for the answers of scheduled questions. Empty: no e-mail is sent."
    )
    email_port: int = Field(587, validation_alias="EMAIL_PORT", ge=1, le=65535, description="Its port; 465 is TLS from the start.")
    email_user: str = Field("", validation_alias="EMAIL_USER", description="Whom to sign in as there; empty where it asks for nobody.")
    email_password: SecretStr | None = Field(None, validation_alias="EMAIL_PASSWORD", description="The password for that.")
    email_tls: bool = Field(True, validation_alias="EMAIL_TLS", description="Turn to TLS before anything is said (STARTTLS).")
    email_from: str = Field("EvoSense <evosense@localhost>", validation_alias="EMAIL_FROM", description="The sender that people see.")
    ollama_url: str = Field(
        "",
        validation_alias="OLLAMA_URL",
        description="Where Ollama listens, for `--provider ollama` and `evosense eval planners`, and as the default of a tenant's form.",
    )
    ollama_model: str = Field("qwen3:4b", validation_alias="OLLAMA_MODEL", description="The model that Ollama is asked for.")
    ollama_embedding_model: str = Field(
        "qwen3-embedding:0.6b",
        validation_alias="OLLAMA_EMBEDDING_MODEL",
        description="The model that a tenant's form suggests for embeddings; it must make 768 dimensions or fewer.",
    )
    n8n_url: str = Field(
        "", validation_alias="N8N_URL", description="The webhook of an n8n workflow, for `--provider n8n` (see docs/providers.md)."
    )
    n8n_secret: SecretStr | None = Field(None, validation_alias="N8N_SECRET", description="What that webhook is shown as a bearer token.")
    model_timeout_seconds: int = Field(
        60, validation_alias="MODEL_TIMEOUT_SECONDS", ge=1, le=600, description="Seconds for one call of these, from its begin to its end."
    )
    answer_model_seconds: int = Field(
        20,
        validation_alias="ANSWER_MODEL_SECONDS",
        ge=1,
        le=120,
        description="Seconds that a question waits for a tenant's models to understand it, and as many again for the answer's words.",
    )
    allowed_hosts: str = Field(
        "localhost,127.0.0.1,[::1]",
        validation_alias="ALLOWED_HOSTS",
        description="Comma-separated host names that this installation answers to.",
    )
    trusted_origins: str = Field(
        "",
        validation_alias="TRUSTED_ORIGINS",
        description="Comma-separated origins (https://…) that may post to Django admin behind a proxy.",
    )
    secure_cookies: bool = Field(
        False, validation_alias="SECURE_COOKIES", description="Send cookies over HTTPS only. Switch it on wherever TLS is in front."
    )
    database_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL with pgvector, as the application's role, which owns nothing: postgresql://user:password@host:port/name.",
    )
    database_owner_url: SecretStr | None = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="The same database as the role that owns its tables; used by `evosense migrate` alone.",
    )
    database_pool_size: int = Field(
        0,
        validation_alias="DATABASE_POOL_SIZE",
        ge=0,
        description="Connections to PostgreSQL that a process shares among its threads; 0: one for each thread. The web process takes 8.",
    )
    redis_url: SecretStr | None = Field(
        None,
        validation_alias="REDIS_URL",
        description="Redis or Valkey for the task queue, live events and the cache: redis://:password@host:port. Takes databases 0–2.",
    )
    log_level: str = Field("INFO", validation_alias="LOG_LEVEL", description="DEBUG, INFO, WARNING or ERROR.")
    access_token_minutes: int = Field(
        15, validation_alias="ACCESS_TOKEN_MINUTES", ge=1, le=1440, description="How long an access token of the API lives, in minutes."
    )
    refresh_token_days: int = Field(
        14, validation_alias="REFRESH_TOKEN_DAYS", ge=1, le=365, description="How long a sign-in lasts without being used, in days."
    )
    sign_in_attempts: int = Field(
        10,
        validation_alias="SIGN_IN_ATTEMPTS",
        ge=1,
        description="Failed sign-ins with one e-mail from one address before it is locked out.",
    )
    sign_in_lock_minutes: int = Field(
        15, validation_alias="SIGN_IN_LOCK_MINUTES", ge=1, description="How long such a lock lasts, in minutes."
    )
    questions_per_minute: int = Field(
        60, validation_alias="QUESTIONS_PER_MINUTE", ge=1, description="Questions that one user may ask in a minute."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, EmbeddedServicesSource(settings_cls)


@functools.cache
def get_environment() -> Environment:
    """The settings of this process, read once."""
    return Environment()
