"""Ollama in the three roles, reached through LangChain, which is imported when a model is first asked and not before."""
