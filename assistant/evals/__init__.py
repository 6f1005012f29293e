"""How good the assistant is, measured: question sets with the plans expected, scorers, and the figures that must not fall.

The questions of questions/ were written before the code that answers them; the file's name up to its first dot is its catalogue.
"""
