"""What each operation of docs/spec/vectors.md is in Python, one module for each area."""
