"""A workflow of n8n behind a webhook, as analyser and as chat model. docs/providers.md holds the contract."""
