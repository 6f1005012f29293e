"""Tests of the whole: tenancy over every part, a real browser, and the cast that all tests share."""
