"""How well personal data is found: our own lines, and the public set where it is given."""
