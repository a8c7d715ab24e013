"""A town served over HTTP, and the command line against it."""

from tests.client.peer.conftest import make_town, run, town

__all__ = ["make_town", "run", "town"]
