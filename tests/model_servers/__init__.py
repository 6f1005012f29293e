"""Stand-ins for model servers, over real HTTP: one that Ollama's own clients take for Ollama, one that answers as an n8n workflow does."""
