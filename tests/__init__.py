"""Tests of the whole: the demo as a person starts it, and the page in a real browser."""
