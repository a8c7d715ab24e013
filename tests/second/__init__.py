"""A second implementation of the primitives, in an environment and a process of its own."""
