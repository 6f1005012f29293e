"""Drills: the whole installation under load, with things breaking, and every message counted afterwards."""
