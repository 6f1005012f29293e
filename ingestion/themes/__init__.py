"""Subjects that the list of themes lacks: searched for (search.py), decided by a person (proposals.py), and what a longer list then takes
(again.py)."""
