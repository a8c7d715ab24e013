"""Runs docs/spec/vectors against crypto/."""
