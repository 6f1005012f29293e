"""How good the assistant is, measured: question sets with the plans expected, scorers, and the figures that must not fall."""
