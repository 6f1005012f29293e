"""Django admin: where tenants, people, channels and themes are set up. Which rows are seen is PostgreSQL's to say."""

from web.admin import catalog, contacts, directory, gateway, imports, inbox, outgoing, people, providers, rescoring

__all__ = ["catalog", "contacts", "directory", "gateway", "imports", "inbox", "outgoing", "people", "providers", "rescoring"]
