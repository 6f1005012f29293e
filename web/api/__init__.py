"""The HTTP API: thin routers that authenticate, validate, call one domain function and shape the reply."""
