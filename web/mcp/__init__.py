"""The MCP server: what other assistants may call, with the rights and limits of an API key."""
