"""Everything over HTTP and WebSocket. Imports core, ingestion and assistant."""
