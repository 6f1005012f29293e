"""One file a quality set of `evosense eval`: it prints its figures and returns what fell below the baseline."""
