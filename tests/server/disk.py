"""A disk that is full, as the kernel tells it: no file of this process gets longer."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def full(at_bytes: int = 0) -> Iterator[None]:
    """Refuse every write that ends beyond so many bytes from the beginning of its file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
