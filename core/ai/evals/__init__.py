"""How well the embedded analyser does: our own sets with a committed baseline, and outside sets where they are at hand."""
