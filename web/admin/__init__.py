"""Django admin: where tenants, people, channels and themes are set up. Which rows are seen is PostgreSQL's to say."""

from web.admin import (
    api_keys,
    attempts,
    catalog,
    contacts,
    directory,
    gateway,
    imports,
    inbox,
    outgoing,
    people,
    proposals,
    providers,
    rescoring,
    scheduled,
    trust,
    webhooks,
)

__all__ = [
    "api_keys",
    "attempts",
    "catalog",
    "contacts",
    "directory",
    "gateway",
    "imports",
    "inbox",
    "outgoing",
    "people",
    "proposals",
    "providers",
    "rescoring",
    "scheduled",
    "trust",
    "webhooks",
]
