"""The contract with programs outside: API keys, the HTTP API as its OpenAPI document says it, the MCP server, the examples."""
