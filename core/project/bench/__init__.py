"""Benches: how fast EvoSense is, as ratios against a reference that is measured in the same run on the same machine."""
