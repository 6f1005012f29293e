"""Tests of how understanding is measured."""
