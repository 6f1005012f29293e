"""Webhooks out: what happened is told to a tenant's own addresses, signed, and tried again until it is taken. docs/webhooks.md."""
