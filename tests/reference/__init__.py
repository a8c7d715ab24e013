"""Slow, plain implementations written from the standards' texts: oracles for the tests."""
